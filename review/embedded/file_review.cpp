// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/file_review.h"

#include "review/embedded/identity.h"
#include "review/embedded/suppressions.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace review::embedded {

namespace {

/// A card's section decides its pass: both follow the persona's order.
bool belongsTo(const rules::Card &card, Pass pass)
{
    return static_cast<int>(card.section) == static_cast<int>(pass);
}

std::string withoutDigits(std::string text)
{
    std::erase_if(text, [](unsigned char c) { return std::isdigit(c); });
    return text;
}

/// Says the same of another place: in the same function and with the same title but for numbers or by a rule
/// whose hits there have one cause, or, for a loud rule or a habit, in the same file.
bool isCopy(const Told &first, const Told &other)
{
    const Finding &a = first.finding;
    const Finding &b = other.finding;
    return first.card == other.card && first.silenced == other.silenced && a.tier == b.tier &&
           a.origin == b.origin &&
           (first.card->addedLinesOnly || first.card->onePerFile ||
            (a.item == b.item &&
             (first.card->onePerFunction || withoutDigits(a.title) == withoutDigits(b.title))));
}

bool hasOwnChange(const Told &first, const Told &other)
{
    return first.finding.suggestion || other.finding.suggestion;
}

/// Once the first place is mended as suggested, the next one comes forward.
bool haveOneCause(const Told &first)
{
    return first.card->onePerFunction || first.card->onePerFile;
}

/// Copies of one defect are one finding with several places. Those that have each a change of their own to
/// suggest stay apart, unless they have one cause.
void groupCopies(std::vector<Told> &told)
{
    std::vector<Told> grouped;
    for (Told &each : told) {
        const auto first = std::find_if(grouped.begin(), grouped.end(),
                                        [&](const Told &other) { return isCopy(other, each); });
        if (first == grouped.end() || (hasOwnChange(*first, each) && !haveOneCause(*first))) {
            grouped.push_back(std::move(each));
            continue;
        }
        first->key +=
            '\n' + each.key; // with a copy more or less it is another finding: no decision hides a new one
        const std::vector<Place> &copies = first->finding.copies;
        if (each.finding.place == first->finding.place ||
            std::find(copies.begin(), copies.end(), each.finding.place) != copies.end())
            continue;
        first->finding.copies.push_back(each.finding.place);
        first->finding.evidence.push_back(std::move(each.finding.evidence.front()));
    }
    for (Told &each : grouped) {
        const std::size_t copies = each.finding.copies.size();
        if (copies > 0)
            each.finding.facts.push_back("resolved: the same stands in " + std::to_string(copies) + " more " +
                                         (copies == 1 ? "place" : "places"));
    }
    told = std::move(grouped);
}

/// A test may panic, wait or lose data as it likes, and often does so on purpose; but in a deadlock it hangs
/// for ever, and with undefined behaviour it proves nothing. A team knows what its own rules are for.
bool concernsTests(const rules::Card &card)
{
    const bool grave = card.section == Section::Critical || card.section == Section::Concurrency;
    return grave && (card.isTeams() || card.scenarioKind == "deadlock" || card.scenarioKind == "race" ||
                     card.scenarioKind == "undefined-behaviour");
}

/// Makes a question of any finding: what is done to a thing under test may be the point of the test.
constexpr double confidenceInTests = 0.6;

/// Makes a question of what a change took away where it wrote the whole function anew.
constexpr double confidenceInRewrites = 0.7;

} // namespace

FileReview::FileReview(const RuleSet &rules, ParsedSides &sides, const Reach &reach, std::stop_token stop)
    : m_rules(rules)
    , m_sides(sides)
    , m_reach(reach)
    , m_stop(stop)
    , m_assembly(sides.head(), [&sides]() -> const rust::Model & { return sides.base(); })
    , m_locks(sides.head(), stop)
    , m_origins(sides, reach, stop)
{}

FileResult FileReview::review(Pass pass, std::size_t file)
{
    FileResult result;
    const rust::File *head = m_sides.headOf(file);
    if (!head)
        return result;
    std::optional<rules::Comparison> comparison;
    for (const rules::Card *each : m_rules.cards()) {
        const rules::Card &card = *each;
        if (!belongsTo(card, pass))
            continue;
        for (const Hit &hit : findHits(card, file, comparison, result)) {
            if (m_stop.stop_requested())
                return {};
            if (result.told.size() < maxHits)
                result.told.push_back(toTold(card, *head, hit));
            else
                ++result.untold;
        }
        if (m_stop.stop_requested())
            return {};
    }
    groupCopies(result.told);
    return result;
}

void FileReview::findGuards(Whereabouts &whereabouts)
{
    for (const auto &source : m_sides.head().sources()) {
        const rust::File *file = source->file();
        if (!file)
            continue;
        const auto stay = whereabouts.at(file->path());
        for (const rust::Node &body : m_locks.bodies(*file))
            m_locks.guards(body, *file);
    }
}

std::vector<Hit> FileReview::findHits(const rules::Card &card, std::size_t file,
                                      std::optional<rules::Comparison> &comparison, FileResult &result)
{
    const rust::File &head = *m_sides.headOf(file);
    std::vector<Hit> hits;
    const rust::File *base = card.comparesSides ? m_sides.baseOf(file) : nullptr;
    if (base && !comparison)
        comparison.emplace(*base, head);
    const rules::RuleInput input{m_sides.head(), head, m_locks, base, base ? &*comparison : nullptr};
    bool isCut = false;
    for (rules::Draft &draft : runRule(card, input, &isCut)) {
        if (!isWanted(card, head, draft))
            continue;
        Hit hit;
        hit.places.push_back(m_assembly.placeOf(draft.at));
        for (const rust::Node &node : draft.evidence)
            hit.places.push_back(m_assembly.placeOf(node));
        for (const rules::DraftStep &step : draft.steps)
            hit.places.push_back(m_assembly.placeOf(step.at));
        std::erase_if(hit.places, [](const Place &place) { return place.lines.empty(); });
        if (base && comparison->isWrittenAnew(draft.at)) {
            draft.confidence *= confidenceInRewrites;
            draft.facts.push_back(
                "assumed: the function, most of which is new, does not do it in another way");
        }
        if (head.isTest(draft.at) && !card.isTeams()) {
            draft.confidence *= confidenceInTests;
            draft.facts.push_back("assumed: the test does not mean to do this");
        }
        hit.draft = std::move(draft);
        if (!hit.places.empty())
            hits.push_back(std::move(hit));
    }
    if (isCut)
        result.cut.push_back(&card);
    if (!hits.empty())
        m_origins.setOrigins(card, file, hits);
    std::erase_if(hits, [&](const Hit &hit) { return !isInReach(card, head, hit); });
    return hits;
}

/// What holds wherever the hunks are: no statement that was not understood, nothing the authors said they
/// know, tests only where they are reviewed.
bool FileReview::isWanted(const rules::Card &card, const rust::File &file, const rules::Draft &draft) const
{
    const rust::Node statement = rust::statementOf(draft.at);
    if (draft.at.hasError() || (statement && statement.hasError()))
        return false;
    if (file.isTest(draft.at)) {
        if (!concernsTests(card) || !m_reach.isChosen(m_assembly.placeOf(draft.at)))
            return false;
    }
    return !isAllowed(card, draft.at);
}

bool FileReview::isInReach(const rules::Card &card, const rust::File &file, const Hit &hit) const
{
    const Place &primary = hit.places.front();
    if (card.addedLinesOnly && !m_reach.isAdded(primary.path, primary.lines.begin))
        return false;
    if (m_reach.wholeFiles())
        return true;
    const auto isChosen = [&](const Place &place) { return m_reach.isChosen(place); };
    if (std::any_of(hit.places.begin(), hit.places.end(), isChosen))
        return true;
    const rust::Function *function = file.functionAt(hit.draft.at);
    return hit.origin == Origin::Introduced && function &&
           m_reach.isChosen({file.path(), git::Side::New, function->node.lines()});
}

Told FileReview::toTold(const rules::Card &card, const rust::File &file, const Hit &hit) const
{
    Told told{
        &card, m_assembly.makeFinding(card, hit.draft, file), {}, silencedBy(card, hit.draft.at), false};
    Finding &finding = told.finding;
    finding.origin = hit.origin;
    finding.experts = {expertName};
    finding.suggestion = makeSuggestion(hit.draft, file);
    told.isSuggestionLeftOut = !hit.draft.edits.empty() && !finding.suggestion;
    // Not the id of what nothing silences: no decision goes from the one to the other.
    told.key = card.id + '\n' + finding.item + '\n' + placeKey(hit.draft.at) +
               (told.silenced.empty() ? "" : "\nsilenced");
    return told;
}

} // namespace review::embedded
