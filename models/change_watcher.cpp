// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/change_watcher.h"

#include <QDateTime>

#include <sys/stat.h>

namespace models {

namespace {

constexpr qint64 leastPauseMs = 2000;

void readStamp(FileStamps &stamps, const std::string &workTree, const std::string &path)
{
    struct stat status = {};
    if (lstat((workTree + '/' + path).c_str(), &status) == 0)
        stamps[path] = {status.st_size, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

FileStamps readStamps(const git::Diff &diff, const std::string &workTree, std::stop_token stop)
{
    FileStamps stamps;
    if (diff.head.kind != git::ResolvedEndpoint::Kind::WorkTree)
        return stamps;
    for (const git::FileDelta &delta : diff.files) {
        if (stop.stop_requested())
            break;
        readStamp(stamps, workTree, delta.path());
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
}

void ChangeWatcher::takeStamps()
{
    m_job.cancel();
    m_checking = false;
    m_hasStamps = false;
    m_stamps.clear();
    if (m_workspace.opened().kind != Opened::Kind::Repository)
        return;
    m_job.start([this, opened = m_workspace.opened()](std::stop_token stop, const Job::Post &post) {
        post([this, stamps = readStamps(opened.session.diff, opened.workTree, stop)]() mutable {
            m_stamps.merge(std::move(stamps)); // those of files written here meanwhile are newer
            m_hasStamps = true;
        });
    });
}

void ChangeWatcher::acceptWritten(const std::string &path)
{
    const Opened &opened = m_workspace.opened();
    if (opened.kind != Opened::Kind::Repository ||
        opened.session.diff.head.kind != git::ResolvedEndpoint::Kind::WorkTree ||
        m_workspace.fileIndex(path) < 0)
        return;
    readStamp(m_stamps, opened.workTree, path);
    // A check under way compares with the earlier stamp.
    if (m_checking)
        startCheck();
}

void ChangeWatcher::check()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (!m_hasStamps || m_told || now - m_checkedAt < leastPauseMs)
        return;
    m_checkedAt = now;
    startCheck();
}

void ChangeWatcher::startCheck()
{
    m_checking = true;
    m_job.start([this, opened = m_workspace.opened(), stamps = m_stamps](std::stop_token stop,
                                                                         const Job::Post &post) {
        const bool asOpened = isAsOpened(opened, stamps, stop) || stop.stop_requested();
        post([this, asOpened] {
            m_checking = false;
            if (asOpened)
                return;
            m_told = true;
            emit changed();
        });
    });
}

} // namespace models
