// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/session.h"

#include <algorithm>
#include <unordered_map>

namespace review {
namespace {

/// Puts each kind of event into its list.
struct Recorder {
    Session &session;

    void operator()(const PassStarted &) const {}
    void operator()(const Progressed &) const {}
    void operator()(const FileBegun &) const {}
    void operator()(const FindingClosed &event) const
    {
        session.findings.push_back(event.finding);
        // Its rule was asked, so it is on again.
        const auto decided = session.decisions.find(event.finding.id);
        if (decided != session.decisions.end() && decided->second.state == Decision::State::SwitchedOff)
            session.decisions.erase(decided);
        if (!event.silenced.empty())
            session.decisions.try_emplace(event.finding.id,
                                          Decision{Decision::State::Silenced, event.silenced});
    }
    void operator()(const FindingRejected &event) const { session.rejected.push_back(event); }
    void operator()(const Coverage &event) const { session.coverage.push_back(event); }
    void operator()(const Note &event) const { session.notes.push_back(event); }
    void operator()(const Ended &event) const { session.ended.push_back(event); }
};

} // namespace

bool Session::complete() const
{
    const auto isComplete = [](const Ended &run) { return run.state == Ended::State::Complete; };
    const auto hasFailed = [](const Coverage &part) { return part.state == Coverage::State::Failed; };
    return !ended.empty() && std::all_of(ended.begin(), ended.end(), isComplete) &&
           std::none_of(coverage.begin(), coverage.end(), hasFailed);
}

Session makeSession(const git::Diff &diff, const Request &request, std::int64_t createdAt)
{
    Session session;
    session.diff = diff;
    session.scope = request.scope;
    session.extent = request.extent;
    session.createdAt = createdAt;
    session.leftOut = request.leftOut;
    std::unordered_map<std::string, const ReviewFile *> read;
    for (const ReviewFile &file : request.files)
        read.emplace(file.delta.path(), &file);
    session.files.reserve(diff.files.size());
    for (const git::FileDelta &delta : diff.files) {
        const auto file = read.find(delta.path());
        if (file != read.end() && file->second->delta == delta)
            session.files.push_back(*file->second);
        else
            session.files.emplace_back().delta = delta;
    }
    return session;
}

std::string viewedKey(const git::FileDelta &delta)
{
    return delta.oldSide.id + ".." + delta.newSide.id + ':' + delta.path();
}

void record(Session &session, const Event &event)
{
    std::visit(Recorder{session}, event);
}

} // namespace review
