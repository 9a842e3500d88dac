// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job.h"
#include "models/own_files.h"
#include "models/workspace.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QFileSystemWatcher>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <cstdint>
#include <functional>
#include <map>

namespace models {

/// Size and time of a work tree's file, for each changed path: what tells without reading that it was
/// written.
using FileStamps = std::map<std::string, std::pair<std::int64_t, std::int64_t>>;

/// Notices that what is open is no longer what the repository holds: a branch moved, other files changed, or
/// one of the compared files of the work tree was written. Reads metadata only, off the GUI thread: when
/// asked to, and, while it follows the work tree, soon after one of the first 400 compared files, or the one
/// that is shown, was touched. What followed from a change is followed by a pause, the longer the more it
/// took: at least two seconds, and three times as long.
class ChangeWatcher : public QObject {
    Q_OBJECT

public:
    explicit ChangeWatcher(Workspace &workspace, QObject *parent = nullptr);

    /// At most every two seconds; nothing where no repository is open.
    void check();
    /// Whether to look by itself, and to tell a change of files alone by `filesChanged`. Off at first.
    void follow(bool follows);
    /// Files and folders that the program itself writes, asked for with each look: they count as no change.
    void leaveOut(std::function<QStringList()> own) { m_own = std::move(own); }
    /// While it holds, no change of files alone is told: a review runs, or what the last one led to is not
    /// done. What happened meanwhile is looked at afterwards.
    void hold(bool holds);
    bool ready() const { return m_hasStamps; } ///< knows what to compare with
    /// This one compared file was written by the reviewer, which is no news. Reads its metadata at once.
    void acceptWritten(const std::string &path);

signals:
    void changed(); ///< once for what is open
    /// While following: files of the work tree, and nothing else. Told again until the workspace is
    /// refreshed.
    void filesChanged(const QStringList &paths);
    void looked(); ///< a look ended, whatever it saw

private:
    struct News;
    static News look(const Opened &opened, const QStringList &own, FileStamps stamps, std::stop_token stop);
    QStringList ownPaths() const { return m_own ? m_own() : QStringList(); }
    void begin();
    void watch();
    void gather();
    void lookAtGathered();
    void takeStamps();
    void startCheck();
    void tell(const News &news);

    Workspace &m_workspace;
    FileStamps m_stamps;
    bool m_hasStamps = false;
    bool m_checking = false;
    bool m_held = false;
    bool m_again = false; ///< touched during a check or while held
    qint64 m_checkedAt = 0;
    bool m_told = false;
    bool m_follows = false;
    bool m_touchedEarly = false; ///< before the stamps were read
    QFileSystemWatcher m_watched;
    QTimer m_gathering;        ///< an editor's save is several events
    QElapsedTimer m_sinceTold; ///< valid until what followed is done
    QDeadlineTimer m_pause;    ///< before the next one
    std::function<QStringList()> m_own;
    Job m_job{this};
};

} // namespace models
