// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/embedded_review.h"

#include "review/embedded/coverage.h"
#include "review/embedded/identity.h"
#include "review/embedded/suppressions.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <array>
#include <utility>

namespace review::embedded {

namespace {

constexpr std::array passes{Pass::Correctness, Pass::Concurrency, Pass::Performance, Pass::Idioms};

/// A card's section decides its pass: both follow the persona's order.
bool belongsTo(const rules::Card &card, Pass pass)
{
    return static_cast<int>(card.section) == static_cast<int>(pass);
}

bool covers(const rules::Card &specific, const rules::Card &general)
{
    return std::find(specific.covers.begin(), specific.covers.end(), general.id) != specific.covers.end();
}

} // namespace

EmbeddedReview::EmbeddedReview(const Request &request, EventSink &sink, std::stop_token stop)
    : m_request(request)
    , m_sink(sink)
    , m_stop(stop)
    , m_sides(request, stop)
    , m_reach(request)
    , m_assembly(m_sides.head())
    , m_locks(m_sides.head(), stop)
    , m_origins(m_sides, m_reach, stop)
{}

void EmbeddedReview::run()
{
    tellNotes();
    for (std::size_t i = 0; i < passes.size(); ++i) {
        if (!m_stop.stop_requested())
            runPass(passes[i], i);
        if (m_stop.stop_requested()) {
            tellCoverage(std::string("the review was stopped in pass ") + std::to_string(i + 1) +
                         " of 4: " + toText(passes[i]));
            m_sink.receive(Ended{expertName, Ended::State::Stopped, "stopped by the user"});
            return;
        }
    }
    tellCoverage({});
    m_sink.receive(Ended{expertName, Ended::State::Complete, {}});
}

void EmbeddedReview::runPass(Pass pass, std::size_t index)
{
    const std::size_t files = m_request.files.size();
    m_sink.receive(PassStarted{expertName, pass});
    for (std::size_t i = 0; i < files && !m_stop.stop_requested(); ++i) {
        m_sink.receive(Progressed{expertName, index * files + i, passes.size() * files,
                                  m_request.files[i].delta.path()});
        if (m_sides.files()[i].head)
            reviewFile(pass, i);
    }
    if (index + 1 == passes.size() && !m_stop.stop_requested())
        m_sink.receive(Progressed{expertName, passes.size() * files, passes.size() * files, {}});
}

void EmbeddedReview::reviewFile(Pass pass, std::size_t file)
{
    const rust::File &head = *m_sides.files()[file].head;
    std::vector<std::pair<const rules::Card *, Hit>> hits;
    for (const rules::Card &card : rules::catalogue()) {
        if (m_stop.stop_requested())
            return; // a stopped rule may have seen half of the facts: what it said is not told
        if (!belongsTo(card, pass))
            continue;
        for (Hit &hit : findHits(card, file))
            hits.emplace_back(&card, std::move(hit));
    }
    if (m_stop.stop_requested())
        return;
    for (const auto &[card, hit] : hits)
        m_told[{head.path(), hit.places.front().lines.begin}].push_back(card);
    for (const auto &[card, hit] : hits) {
        const auto &told = m_told[{head.path(), hit.places.front().lines.begin}];
        const rules::Card &general = *card;
        if (std::none_of(told.begin(), told.end(),
                         [&](const rules::Card *other) { return covers(*other, general); }))
            close(*card, head, hit);
    }
}

std::vector<Hit> EmbeddedReview::findHits(const rules::Card &card, std::size_t file)
{
    const rust::File &head = *m_sides.files()[file].head;
    std::vector<Hit> hits;
    for (rules::Draft &draft : runRule(card, m_sides.head(), head, m_locks)) {
        if (!isWanted(card, head, draft))
            continue;
        Hit hit;
        hit.places.push_back(m_assembly.placeOf(draft.at));
        for (const rust::Node &node : draft.evidence)
            hit.places.push_back(m_assembly.placeOf(node));
        for (const rules::DraftStep &step : draft.steps)
            hit.places.push_back(m_assembly.placeOf(step.at));
        std::erase_if(hit.places, [](const Place &place) { return place.lines.empty(); });
        hit.draft = std::move(draft);
        if (!hit.places.empty())
            hits.push_back(std::move(hit));
    }
    if (!hits.empty())
        m_origins.setOrigins(card, file, hits);
    std::erase_if(hits, [&](const Hit &hit) { return !isInReach(card, head, hit); });
    return hits;
}

/// What holds wherever the hunks are: no statement that was not understood, nothing the authors said they
/// know, tests only where they are reviewed.
bool EmbeddedReview::isWanted(const rules::Card &card, const rust::File &file,
                              const rules::Draft &draft) const
{
    const rust::Node statement = rust::statementOf(draft.at);
    if (draft.at.hasError() || (statement && statement.hasError()))
        return false;
    if (file.isTest(draft.at)) {
        const bool grave = card.section == Section::Critical || card.section == Section::Concurrency;
        if (!grave || !m_reach.isChosen(m_assembly.placeOf(draft.at)))
            return false;
    }
    return !isSuppressed(card, draft.at);
}

bool EmbeddedReview::isInReach(const rules::Card &card, const rust::File &file, const Hit &hit) const
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

void EmbeddedReview::close(const rules::Card &card, const rust::File &file, const Hit &hit)
{
    Finding finding = m_assembly.makeFinding(card, hit.draft, file);
    finding.origin = hit.origin;
    finding.experts = {expertName};
    const std::string key = card.id + '\n' + finding.item + '\n' + placeKey(hit.draft.at);
    finding.id = stableHash(key + '\n' + std::to_string(m_ordinals[key]++));
    finding.suggestion = makeSuggestion(hit.draft, file);
    if (!hit.draft.edits.empty() && !finding.suggestion)
        m_sink.receive(Note{expertName, "The change suggested for `" + finding.place.path + "`, line " +
                                            std::to_string(finding.place.lines.begin + 1) +
                                            ", would not parse and is left out."});
    m_sink.receive(FindingClosed{std::move(finding)});
}

void EmbeddedReview::tellNotes()
{
    if (const std::size_t failures = m_sides.contextFailures(); failures > 0 && !m_stop.stop_requested())
        m_sink.receive(Note{expertName, "The types of " + std::to_string(failures) + " surrounding " +
                                            (failures == 1 ? "file" : "files") +
                                            " could not be read: too large or not parsed in time."});
}

void EmbeddedReview::tellCoverage(const std::string &stoppedIn)
{
    for (const Coverage &coverage : m_request.uncovered)
        m_sink.receive(coverage);
    for (std::size_t i = 0; i < m_request.files.size(); ++i) {
        for (Coverage &coverage : makeCoverage(m_request, i, m_sides.files()[i], stoppedIn))
            m_sink.receive(std::move(coverage));
    }
}

} // namespace review::embedded
