// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/rule_set.h"

#include "review/markdown.h"

namespace review::embedded {

namespace {

/// Beyond this a list says only how many more there are.
constexpr std::size_t maxNamed = 8;

std::string switchedOffText(const std::vector<std::string> &ids)
{
    std::string text = ids.size() == 1
                           ? "1 rule is switched off and was not asked: "
                           : std::to_string(ids.size()) + " rules are switched off and were not asked: ";
    for (std::size_t i = 0; i < ids.size() && i < maxNamed; ++i)
        text += (i > 0 ? ", `" : "`") + ids[i] + "`";
    if (ids.size() > maxNamed)
        text += " and " + std::to_string(ids.size() - maxNamed) + " more";
    return text + ".";
}

} // namespace

RuleSet::RuleSet(const Request &request) : m_team(rules::readTeamRules(request.teamCards))
{
    std::vector<std::string> off;
    const auto add = [&](const std::vector<rules::Card> &cards) {
        for (const rules::Card &card : cards) {
            if (request.switchedOff.contains(card.id))
                off.push_back(card.id);
            else
                m_cards.push_back(&card);
        }
    };
    add(rules::catalogue());
    add(m_team.cards);
    if (!off.empty())
        m_notes.push_back(switchedOffText(off));
    for (const std::string &mistake : m_team.mistakes)
        m_notes.push_back("A card of the team's rules is not used: " + escapeMarkdown(mistake) + ".");
}

} // namespace review::embedded
