// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/request.h"
#include "review/rules/card.h"

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

namespace review::embedded {

/// What became of one case of a card: nothing in `failures` when the rule did as the marks say.
struct TriedCase {
    std::uint32_t line = 0;            ///< 0-based line of its fence in the card
    bool isMarked = false;             ///< findings are expected
    std::vector<std::string> failures; ///< "line 41: a finding is marked here, and there is none" …; lines
                                       ///< are those of the card, 1-based
};

/// Runs a card's cases and its `Instead` as reviews of one file each, with this rule alone: a finding for
/// each mark, and none elsewhere. `text` is the card's page; a team's card is asked by it, a built-in one by
/// the check that was built in.
std::vector<TriedCase> tryCard(const rules::Card &card, const std::string &text, std::stop_token stop = {});

} // namespace review::embedded
