// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/query_rule.h"

#include "review/rules/phrases.h"
#include "review/rules/query_matcher.h"
#include "review/rules/query_predicates.h"

#include <algorithm>
#include <set>

namespace review::rules {

namespace {

constexpr std::size_t stepsForEachNode = 100;
constexpr std::size_t fewestSteps = 20'000;
constexpr std::size_t maxEvidence = 4;

/// The card's title with the code's own names for `{capture}`, in backticks unless the card has them there.
std::string titleOf(const Card &card, const QueryCaptures &captures)
{
    if (card.says.empty())
        return card.title;
    std::string title;
    const std::string_view says = card.says;
    for (std::size_t at = 0; at < says.size();) {
        const std::size_t close = says[at] == '{' ? says.find('}', at) : std::string_view::npos;
        if (close == std::string_view::npos) {
            title += says[at++];
            continue;
        }
        const std::string_view name = says.substr(at + 1, close - at - 1);
        const auto &names = card.query->captures;
        const auto capture =
            static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
        std::string code = capture < names.size() && !captures[capture].empty()
                               ? quoted(captures[capture].front().text(), 32)
                               : std::string("`…`");
        if (title.ends_with('`') && code.size() > 2)
            code = code.substr(1, code.size() - 2);
        title += code;
        at = close + 1;
    }
    return title;
}

class QueryRun {
public:
    QueryRun(const Card &card, const RuleInput &input, Reporter &reporter)
        : m_card(card)
        , m_input(input)
        , m_reporter(reporter)
        , m_matcher(*card.query, input.file.tree(),
                    fewestSteps + stepsForEachNode * input.file.root().descendants().size())
    {}

    bool run()
    {
        m_matcher.run(
            [this](const Query::Rule &rule, const QueryCaptures &captures) { take(rule, captures); });
        return !m_matcher.isCut();
    }

private:
    void take(const Query::Rule &rule, const QueryCaptures &captures)
    {
        const std::vector<rust::Node> &places = captures[m_card.query->at];
        if (places.empty() || m_told.contains(places.front().index()))
            return;
        Draft draft;
        if (!holds(rule.predicates, captures, m_input, m_matcher, draft.facts))
            return;
        m_told.insert(places.front().index());
        draft.at = places.front();
        draft.title = titleOf(m_card, captures);
        for (std::size_t i = 0; i < captures.size() && draft.evidence.size() < maxEvidence; ++i) {
            if (i != m_card.query->at && !captures[i].empty() && !m_card.query->captures[i].starts_with('_'))
                draft.evidence.push_back(captures[i].front());
        }
        const bool isAssumed =
            std::any_of(draft.facts.begin(), draft.facts.end(),
                        [](const std::string &fact) { return fact.starts_with("assumed"); });
        draft.confidence = isAssumed ? 0.7 : 1.0;
        draft.facts.push_back("resolved: the code fits the query of the team's card `" + m_card.file + "`");
        m_reporter.report(std::move(draft));
    }

    const Card &m_card;
    const RuleInput &m_input;
    Reporter &m_reporter;
    QueryMatcher m_matcher;
    std::set<std::uint32_t> m_told; ///< nodes
};

} // namespace

bool runQuery(const Card &card, const RuleInput &input, Reporter &reporter)
{
    return QueryRun(card, input, reporter).run();
}

} // namespace review::rules
