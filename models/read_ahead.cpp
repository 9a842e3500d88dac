// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/read_ahead.h"

#include "git/repository.h"
#include "review/request.h"

#include <sys/resource.h>
#include <unistd.h>

namespace models {

namespace {

constexpr int lowPriority = 10;

struct NoOne : review::EventSink {
    void receive(const review::Event &) override {}
};

} // namespace

ReadAhead::ReadAhead(Workspace &workspace, MakeExpert makeExpert, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_makeExpert(std::move(makeExpert))
{
    connect(&m_workspace, &Workspace::replaced, this, &ReadAhead::start);
    connect(&m_workspace, &Workspace::reviewBegun, this, [this] { m_job.cancel(); });
}

void ReadAhead::start()
{
    m_job.cancel();
    const Opened &opened = m_workspace.opened();
    if (opened.kind != Opened::Kind::Repository)
        return;
    m_job.start([this, path = opened.path, diff = opened.session.diff,
                 switchedOff = m_workspace.switchedOff(),
                 makeExpert = m_makeExpert](std::stop_token stop, const Job::Post &post) {
        // Of this thread, and of the processes it starts.
        (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), lowPriority);
        const git::Result<git::Repository> repository = git::Repository::open(path);
        if (!repository)
            return;
        git::Result<review::Request> request =
            review::makeRequest(*repository, diff, {}, review::Extent::Hunks, stop);
        if (!request || stop.stop_requested())
            return;
        request->switchedOff = switchedOff;
        NoOne sink;
        makeExpert()->review(*request, sink, stop);
        post([this] { emit finished(); });
    });
}

} // namespace models
