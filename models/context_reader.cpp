// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/context_reader.h"

#include "git/repository.h"
#include "review/request.h"

#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace models {

namespace {

constexpr int lowPriority = 10;

struct NoOne : review::EventSink {
    void receive(const review::Event &) override {}
};

/// The same texts with nothing to review among them.
review::Request makeContextOnly(review::Request request)
{
    for (review::ReviewFile &file : std::exchange(request.files, {})) {
        const auto add = [&](const git::FileSide &side, git::ContentKind kind, std::string &text) {
            if (kind == git::ContentKind::Text && side.path.ends_with(".rs"))
                request.context.push_back({side.path, std::move(text), file.edition});
        };
        add(file.delta.newSide, file.texts.newKind, file.texts.newText);
        add(file.delta.oldSide, file.texts.oldKind, file.texts.oldText);
    }
    request.uncovered.clear();
    request.teamCards.clear();
    return request;
}

} // namespace

ContextReader::ContextReader(Workspace &workspace, MakeExpert makeExpert, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_makeExpert(std::move(makeExpert))
{
    connect(&m_workspace, &Workspace::replaced, this, &ContextReader::start);
    connect(&m_workspace, &Workspace::reviewBegun, this, [this] { m_job.cancel(); });
}

void ContextReader::start()
{
    m_job.cancel();
    const Opened &opened = m_workspace.opened();
    if (opened.kind != Opened::Kind::Repository)
        return;
    m_job.start([this, path = opened.path, diff = opened.session.diff,
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
        NoOne sink;
        makeExpert()->review(makeContextOnly(*std::move(request)), sink, stop);
        post([this] { emit finished(); });
    });
}

} // namespace models
