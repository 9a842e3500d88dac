// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/change_watcher.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QSet>

#include <algorithm>
#include <utility>

#include <sys/stat.h>

namespace models {

namespace {

constexpr qint64 leastPauseMs = 2000;
constexpr qint64 pauseFactor = 3; ///< a review on each save takes a quarter of the time at most
constexpr int gatheringMs = 300;
constexpr int maxWatched = 400; ///< files; the kernel gives a user some thousand watches

void readStamp(FileStamps &stamps, const std::string &workTree, const std::string &path)
{
    struct stat status = {};
    if (lstat((workTree + '/' + path).c_str(), &status) == 0)
        stamps[path] = {status.st_size, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

FileStamps readStamps(const git::Diff &diff, const std::string &workTree, const OwnFiles &own,
                      std::stop_token stop)
{
    FileStamps stamps;
    if (diff.head.kind != git::ResolvedEndpoint::Kind::WorkTree)
        return stamps;
    for (const git::FileDelta &delta : diff.files) {
        if (stop.stop_requested())
            break;
        if (!own.has(delta.path()))
            readStamp(stamps, workTree, delta.path());
    }
    return stamps;
}

git::Diff without(const OwnFiles &own, git::Diff diff)
{
    std::erase_if(diff.files, [&](const git::FileDelta &delta) { return own.has(delta.path()); });
    return diff;
}

bool isOfWorkTree(const Opened &opened)
{
    return opened.kind == Opened::Kind::Repository && !opened.workTree.empty() &&
           opened.session.diff.head.kind == git::ResolvedEndpoint::Kind::WorkTree;
}

QString workPath(const Opened &opened, const std::string &path)
{
    return QFile::decodeName((opened.workTree + '/' + path).c_str());
}

/// Paths that only one of them has, or both with another stamp.
QStringList differences(const FileStamps &before, const FileStamps &now)
{
    QStringList paths;
    for (const auto &[path, stamp] : now)
        if (const auto earlier = before.find(path); earlier == before.end() || earlier->second != stamp)
            paths.append(toDisplay(path));
    for (const auto &[path, stamp] : before)
        if (!now.contains(path))
            paths.append(toDisplay(path));
    return paths;
}

} // namespace

struct ChangeWatcher::News {
    bool asOpened = true;
    bool sameSides = true; ///< of the comparison: only files changed
    QStringList paths;
};

ChangeWatcher::News ChangeWatcher::look(const Opened &opened, const QStringList &ownPaths, FileStamps stamps,
                                        std::stop_token stop)
{
    const git::Result<git::Repository> repository = git::Repository::open(opened.path);
    const git::Result<git::Diff> diff =
        repository ? repository->diff(opened.range, {}, stop) : git::Result<git::Diff>(repository.error());
    if (stop.stop_requested() || !repository)
        return {}; // whoever opens a file is told
    if (!diff)
        return {false, false, {}};
    const OwnFiles own(opened.workTree, ownPaths);
    const FileStamps now = readStamps(*diff, opened.workTree, own, stop);
    if (stop.stop_requested())
        return {};
    std::erase_if(stamps, [&](const auto &stamp) { return own.has(stamp.first); });
    const git::Diff &before = opened.session.diff;
    return {without(own, *diff) == without(own, before) && now == stamps,
            diff->base == before.base && diff->head == before.head, differences(stamps, now)};
}

ChangeWatcher::ChangeWatcher(Workspace &workspace, QObject *parent) : QObject(parent), m_workspace(workspace)
{
    m_gathering.setSingleShot(true);
    m_gathering.setTimerType(Qt::PreciseTimer); // never before a pause is over
    connect(&m_watched, &QFileSystemWatcher::fileChanged, this, [this] {
        m_touchedEarly = m_touchedEarly || !m_hasStamps;
        gather();
    });
    connect(&m_watched, &QFileSystemWatcher::directoryChanged, this, &ChangeWatcher::gather);
    connect(&m_gathering, &QTimer::timeout, this, &ChangeWatcher::lookAtGathered);
    // A file that is shown without being one of the changed ones may become one.
    connect(&m_workspace, &Workspace::currentFileChanged, this, [this] {
        if (m_follows && isOfWorkTree(m_workspace.opened()) && m_workspace.currentTreeFile())
            m_watched.addPath(workPath(m_workspace.opened(), m_workspace.currentTreeFile()->path));
    });
    connect(&m_workspace, &Workspace::replaced, this, [this] {
        m_sinceTold.invalidate();
        m_pause = QDeadlineTimer();
        begin();
    });
    connect(&m_workspace, &Workspace::refreshed, this, &ChangeWatcher::begin);
}

void ChangeWatcher::begin()
{
    m_told = false;
    m_touchedEarly = false;
    m_again = false;
    m_gathering.stop();
    watch();
    takeStamps();
    gather(); // the list was read a moment ago
}

void ChangeWatcher::follow(bool follows)
{
    m_follows = follows;
    watch();
    gather(); // what was missed
}

void ChangeWatcher::hold(bool holds)
{
    if (std::exchange(m_held, holds) == holds || holds)
        return;
    if (m_sinceTold.isValid())
        m_pause.setRemainingTime(std::max(leastPauseMs, pauseFactor * m_sinceTold.elapsed()));
    m_sinceTold.invalidate();
    if (std::exchange(m_again, false))
        gather();
}

/// Looks soon, where that may lead to anything.
void ChangeWatcher::gather()
{
    if (!m_follows || !isOfWorkTree(m_workspace.opened()))
        return;
    if (m_held || m_checking)
        m_again = true;
    else if (!m_gathering.isActive())
        m_gathering.start(int(std::max<qint64>(gatheringMs, m_pause.remainingTime())));
}

void ChangeWatcher::lookAtGathered()
{
    watch();
    if (m_held || m_checking || !m_hasStamps || !m_pause.hasExpired())
        gather();
    else if (std::exchange(m_touchedEarly, false))
        tell({false, true, {}}); // which of both came first, the stamp or the text, is not known
    else
        startCheck();
}

/// All anew: an editor that replaces a file takes the watch away with it, which its folder's watch tells.
void ChangeWatcher::watch()
{
    if (const QStringList watched = m_watched.files() + m_watched.directories(); !watched.isEmpty())
        m_watched.removePaths(watched);
    const Opened &opened = m_workspace.opened();
    if (!m_follows || !isOfWorkTree(opened))
        return;
    QSet<QString> paths;
    int files = 0;
    const OwnFiles own(opened.workTree, ownPaths());
    for (const git::FileDelta &delta : opened.session.diff.files) {
        if (own.has(delta.path()))
            continue;
        if (++files > maxWatched)
            break;
        const QString path = workPath(opened, delta.path());
        const QFileInfo file(path);
        if (!file.isSymLink())
            paths.insert(path);
        paths.insert(file.path());
    }
    if (m_workspace.currentTreeFile())
        paths.insert(workPath(opened, m_workspace.currentTreeFile()->path));
    if (!paths.isEmpty())
        m_watched.addPaths(QStringList(paths.begin(), paths.end())); // those that exist
}

void ChangeWatcher::takeStamps()
{
    m_job.cancel();
    m_checking = false;
    m_hasStamps = false;
    m_stamps.clear();
    if (m_workspace.opened().kind != Opened::Kind::Repository)
        return;
    m_job.start(
        [this, opened = m_workspace.opened(), own = ownPaths()](std::stop_token stop, const Job::Post &post) {
            post([this, stamps = readStamps(opened.session.diff, opened.workTree,
                                            OwnFiles(opened.workTree, own), stop)]() mutable {
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
    if (std::exchange(m_checking, false))
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
    if (std::exchange(m_checking, true)) {
        m_again = true;
        return;
    }
    m_again = false;
    m_job.start([this, opened = m_workspace.opened(), stamps = m_stamps,
                 own = ownPaths()](std::stop_token stop, const Job::Post &post) {
        post([this, news = look(opened, own, stamps, stop)] {
            m_checking = false;
            if (!news.asOpened)
                tell(news);
            if (std::exchange(m_again, false))
                gather();
            emit looked();
        });
    });
}

void ChangeWatcher::tell(const News &news)
{
    if (m_follows && news.sameSides && isOfWorkTree(m_workspace.opened())) {
        if (m_held || !m_pause.hasExpired()) {
            gather(); // is seen again then
            return;
        }
        m_sinceTold.start();
        m_pause.setRemainingTime(leastPauseMs);
        emit filesChanged(news.paths);
        if (!m_held)
            m_sinceTold.invalidate(); // nothing follows that would end
    } else if (!m_told) {
        m_told = true;
        emit changed();
    }
}

} // namespace models
