// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/finding.h"
#include "review/rules/card.h"
#include "review/rules/rule.h"
#include "review/rust/model.h"

#include <functional>
#include <optional>
#include <string>

namespace review::embedded {

/// Turns rules' drafts into findings: lines for nodes, lines quoted byte for byte, what is left out taken
/// from the card. Everything but `id`, `origin` and `suggestion` is set.
class Assembly {
public:
    /// The nodes of both sides; `base` is looked at only for nodes that are not the head's.
    Assembly(const rust::Model &head, std::function<const rust::Model &()> base);

    Place placeOf(const rust::Node &node) const;
    Finding makeFinding(const rules::Card &card, const rules::Draft &draft, const rust::File &file) const;

private:
    Evidence quote(const Place &place, const rust::Tree &tree) const;

    const rust::Model &m_head;
    std::function<const rust::Model &()> m_base;
};

/// The draft's edits as one change of whole lines. Nothing when there are none, when they overlap or when the
/// changed file would have more syntax errors than before. Costs one parse of the file.
std::optional<Suggestion> makeSuggestion(const rules::Draft &draft, const rust::File &file);

} // namespace review::embedded
