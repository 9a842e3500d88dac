// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/request.h"
#include "review/rules/team_rules.h"

#include <string>
#include <vector>

namespace review::embedded {

/// The rules that a request asks: the built-in ones and those of the repository, without those that are
/// switched off. What is not asked is told by `notes`.
class RuleSet {
public:
    explicit RuleSet(const Request &request);
    RuleSet(const RuleSet &) = delete; // `cards` point into it
    RuleSet &operator=(const RuleSet &) = delete;

    const std::vector<const rules::Card *> &cards() const { return m_cards; }
    const std::vector<std::string> &notes() const { return m_notes; } ///< Markdown

private:
    rules::TeamRules m_team;
    std::vector<const rules::Card *> m_cards;
    std::vector<std::string> m_notes;
};

} // namespace review::embedded
