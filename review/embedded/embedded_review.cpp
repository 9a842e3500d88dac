// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/embedded_review.h"

#include "git/in_order.h"
#include "review/embedded/coverage.h"
#include "review/embedded/identity.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

namespace review::embedded {

namespace {

constexpr std::array passes{Pass::Correctness, Pass::Concurrency, Pass::Performance, Pass::Idioms};

bool covers(const rules::Card &specific, const rules::Card &general)
{
    return std::find(specific.covers.begin(), specific.covers.end(), general.id) != specific.covers.end();
}

} // namespace

EmbeddedReview::EmbeddedReview(const Request &request, const std::string &cacheFolder, EventSink &sink,
                               std::stop_token stop, Pace pace)
    : m_request(request)
    , m_sink(sink)
    , m_stop(stop)
    , m_rules(request)
    , m_whereabouts(sink, pace)
    , m_sides(request, cacheFolder, stop, m_whereabouts)
    , m_reach(request)
    , m_files(m_rules, m_sides, m_reach, stop)
{}

void EmbeddedReview::run()
{
    tellNotes();
    if (m_whereabouts.threads() == 1)
        m_files.findGuards(m_whereabouts);
    std::jthread keeper;
    for (std::size_t i = 0; i < passes.size(); ++i) {
        // The first findings don't wait for it.
        if (i == 1)
            keeper = std::jthread([this] { m_sides.keep(); });
        if (!m_stop.stop_requested())
            runPass(passes[i], i);
        if (m_stop.stop_requested()) {
            tellCoverage(std::string("the review was stopped in pass ") + std::to_string(i + 1) +
                         " of 4: " + toText(passes[i]));
            m_sink.receive(Ended{expertName, Ended::State::Stopped, "stopped by the user"});
            return;
        }
    }
    tellFailures();
    tellCoverage({});
    keeper.join();
    m_sides.keep(); // who listens may end the process with the end of the review
    m_sink.receive(Ended{expertName, Ended::State::Complete, {}});
}

void EmbeddedReview::runPass(Pass pass, std::size_t index)
{
    const std::size_t count = m_request.files.size();
    const std::size_t total = passes.size() * count;
    m_sink.receive(PassStarted{expertName, pass});
    const auto work = [&](std::size_t file) {
        const auto stay = m_whereabouts.at(m_request.files[file].delta.path());
        return m_stop.stop_requested() ? FileResult() : m_files.review(pass, file);
    };
    const auto take = [&](std::size_t file, FileResult result) {
        if (m_stop.stop_requested())
            return;
        tell(std::move(result.told));
        for (const rules::Card *card : result.cut)
            m_sink.receive(Note{expertName, "`" + m_request.files[file].delta.path() +
                                                "`: the team's rule `" + card->id +
                                                "` has too much to look at and was not asked to the end."});
        if (result.untold > 0)
            m_sink.receive(Note{
                expertName, "`" + m_request.files[file].delta.path() + "`: " + std::to_string(result.untold) +
                                " more hits of the pass \"" + toText(pass) + "\" are not told."});
        m_sink.receive(
            Progressed{expertName, index * count + file + 1, total, m_request.files[file].delta.path()});
    };
    git::workInOrder(count, work, take, m_whereabouts.threads());
}

/// Of findings that say the same the best one is told: by the cards that say so, and else the first and
/// weightiest of one kind of failure on one line.
void EmbeddedReview::tell(std::vector<Told> told)
{
    for (const Told &each : told) {
        if (each.silenced.empty())
            m_told[lineOf(each)].push_back(each.card);
    }
    for (Told &each : told) {
        const auto &others = m_told[lineOf(each)];
        const rules::Card &general = *each.card;
        if (std::any_of(others.begin(), others.end(),
                        [&](const rules::Card *other) { return covers(*other, general); }))
            continue;
        Finding &finding = each.finding;
        finding.id = stableHash(each.key + '\n' + std::to_string(m_ordinals[each.key]++));
        if (each.isSuggestionLeftOut)
            m_sink.receive(Note{expertName, "The change suggested for `" + finding.place.path + "`, line " +
                                                std::to_string(finding.place.lines.begin + 1) +
                                                ", would not parse and is left out."});
        m_sink.receive(FindingClosed{std::move(finding), std::move(each.silenced)});
    }
}

void EmbeddedReview::tellNotes()
{
    for (const std::string &note : m_rules.notes())
        m_sink.receive(Note{expertName, note});
}

/// Which files were asked for is known at the end.
void EmbeddedReview::tellFailures()
{
    if (const std::size_t failures = m_sides.contextFailures(); failures > 0)
        m_sink.receive(Note{expertName, "The types of " + std::to_string(failures) + " surrounding " +
                                            (failures == 1 ? "file" : "files") +
                                            " could not be read: too large or not parsed in time."});
}

void EmbeddedReview::tellCoverage(const std::string &stoppedIn)
{
    for (const Coverage &coverage : m_request.uncovered)
        m_sink.receive(coverage);
    for (std::size_t i = 0; i < m_request.files.size(); ++i) {
        for (Coverage &coverage : makeCoverage(m_request, i, m_sides.parsed(i), stoppedIn))
            m_sink.receive(std::move(coverage));
    }
}

} // namespace review::embedded
