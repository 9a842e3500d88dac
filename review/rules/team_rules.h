// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/request.h"
#include "review/rules/card.h"

#include <string>
#include <vector>

namespace review::rules {

/// A repository's own cards, read. A card with a mistake is left out and said in `mistakes`, and stops
/// nothing else.
struct TeamRules {
    std::vector<Card> cards;           ///< by section and id
    std::vector<std::string> mistakes; ///< "FILE:LINE: what", plain text
};
/// At most maxTeamCards are read.
TeamRules readTeamRules(const std::vector<TeamCard> &texts);

} // namespace review::rules
