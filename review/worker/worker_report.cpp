// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/worker/worker_report.h"

#include <utility>

namespace review {

WorkerReport::WorkerReport(const Request &request, EventSink &sink, std::string expert)
    : m_sink(sink)
    , m_expert(std::move(expert))
    , m_coverage(request)
    , m_check(request)
{}

void WorkerReport::take(const Event &event)
{
    if (const auto *pass = std::get_if<PassStarted>(&event))
        m_sink.receive(PassStarted{m_expert, pass->pass});
    else if (const auto *step = std::get_if<Progressed>(&event))
        m_sink.receive(Progressed{m_expert, step->done, step->total, step->path});
    else if (const auto *begun = std::get_if<FileBegun>(&event))
        m_path = begun->path;
    else if (const auto *closed = std::get_if<FindingClosed>(&event))
        takeFinding(closed->finding, closed->silenced);
    else if (const auto *rejected = std::get_if<FindingRejected>(&event))
        m_sink.receive(*rejected);
    else if (const auto *coverage = std::get_if<Coverage>(&event))
        m_coverage.take(*coverage);
    else if (const auto *said = std::get_if<Note>(&event))
        note(said->text);
    else if (const auto *ended = std::get_if<Ended>(&event))
        m_ended = *ended;
}

void WorkerReport::restart()
{
    m_path.clear();
    m_ended.reset();
    m_told.merge(m_toldNow);
    m_toldNow.clear();
}

void WorkerReport::note(const std::string &sentence)
{
    if (m_sentences.insert(sentence).second)
        m_sink.receive(Note{m_expert, sentence});
}

void WorkerReport::takeFinding(Finding finding, const std::string &silenced)
{
    const Place &place = finding.place;
    const Key key{finding.rule, place.path, place.side, place.lines.begin, place.lines.end, finding.title};
    if (m_told.contains(key))
        return;
    if (const std::string flaw = m_check.flaw(finding); !flaw.empty()) {
        m_sink.receive(FindingRejected{finding.title, flaw});
        return;
    }
    if (finding.suggestion && !m_check.fits(*finding.suggestion)) {
        finding.suggestion.reset();
        note("A change suggested for `" + place.path + "`, line " + std::to_string(place.lines.begin + 1) +
             ", replaces lines that are not there and is left out.");
    }
    m_toldNow.insert(key);
    finding.id = freeId(finding.id);
    finding.experts = {m_expert};
    m_sink.receive(FindingClosed{std::move(finding), silenced});
}

/// Ids count equal findings, and a worker that was given less than the one before counts anew.
std::string WorkerReport::freeId(const std::string &id)
{
    std::string free = id;
    for (int &copy = m_ids[id]; copy++ > 0 && m_ids.contains(free);)
        free = id + '-' + std::to_string(copy);
    if (free != id)
        m_ids[free] = 1;
    return free;
}

void WorkerReport::end(Ended::State state, const std::string &endReason, Coverage::State otherwise,
                       const std::string &reason)
{
    for (const Coverage &part : m_coverage.parts(otherwise, reason))
        m_sink.receive(part);
    m_sink.receive(Ended{m_expert, state, endReason});
}

} // namespace review
