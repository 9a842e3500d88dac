// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/change_watcher.h"

#include <QDateTime>

#include <sys/stat.h>

namespace models {

namespace {

constexpr qint64 leastPauseMs = 2000;

FileStamps readStamps(const git::Diff &diff, const std::string &workTree, std::stop_token stop)
{
    FileStamps stamps;
    if (diff.head.kind != git::ResolvedEndpoint::Kind::WorkTree)
        return stamps;
    for (const git::FileDelta &delta : diff.files) {
        if (stop.stop_requested())
            break;
        struct stat status = {};
        if (lstat((workTree + '/' + delta.path()).c_str(), &status) == 0)
            stamps[delta.path()] = {status.st_size,
                                    status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
    }
    return stamps;
}

bool isAsOpened(const Opened &opened, const FileStamps &stamps, std::stop_token stop)
{
    const git::Result<git::Repository> repository = git::Repository::open(opened.path);
    if (!repository)
        return true; // whoever opens a file is told
    const git::Result<git::Diff> diff = repository->diff(opened.range, {}, stop);
    if (!diff)
        return diff.error().kind == git::ErrorKind::Cancelled;
    return *diff == opened.session.diff && readStamps(*diff, opened.workTree, stop) == stamps;
}

} // namespace

ChangeWatcher::ChangeWatcher(Workspace &workspace, QObject *parent) : QObject(parent), m_workspace(workspace)
{
    connect(&m_workspace, &Workspace::replaced, this, [this] {
        m_told = false;
        takeStamps();
    });
    // What was written here is no news.
    connect(&m_workspace, &Workspace::appliedChanged, this, &ChangeWatcher::takeStamps);
}

void ChangeWatcher::takeStamps()
{
    m_job.cancel();
    m_hasStamps = false;
    if (m_workspace.opened().kind != Opened::Kind::Repository)
        return;
    m_job.start([this, opened = m_workspace.opened()](std::stop_token stop, const Job::Post &post) {
        post([this, stamps = readStamps(opened.session.diff, opened.workTree, stop)] {
            m_stamps = stamps;
            m_hasStamps = true;
        });
    });
}

void ChangeWatcher::check()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (!m_hasStamps || m_told || now - m_checkedAt < leastPauseMs)
        return;
    m_checkedAt = now;
    m_job.start([this, opened = m_workspace.opened(), stamps = m_stamps](std::stop_token stop,
                                                                         const Job::Post &post) {
        if (isAsOpened(opened, stamps, stop) || stop.stop_requested())
            return;
        post([this] {
            m_told = true;
            emit changed();
        });
    });
}

} // namespace models
