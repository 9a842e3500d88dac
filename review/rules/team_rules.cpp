// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/team_rules.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace review::rules {

TeamRules readTeamRules(const std::vector<TeamCard> &texts)
{
    TeamRules rules;
    std::set<std::string> ids;
    for (const TeamCard &text : texts) {
        auto card = parseTeamCard(text.path, text.text);
        if (!card)
            rules.mistakes.push_back(card.error().message);
        else if (rules.cards.size() >= maxTeamCards)
            rules.mistakes.push_back(text.path + ":1: a repository has at most " +
                                     std::to_string(maxTeamCards) + " cards; this one is not used");
        else if (!ids.insert(card->id).second)
            rules.mistakes.push_back(text.path + ":1: another card is called `" + card->id + "` too");
        else
            rules.cards.push_back(*std::move(card));
    }
    std::stable_sort(rules.cards.begin(), rules.cards.end(), [](const Card &a, const Card &b) {
        return std::tie(a.section, a.id) < std::tie(b.section, b.id);
    });
    return rules;
}

} // namespace review::rules
