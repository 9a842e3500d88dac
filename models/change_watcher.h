// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job.h"
#include "models/workspace.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <cstdint>
#include <map>

namespace models {

/// Size and time of a work tree's file, for each changed path: what tells without reading that it was
/// written.
using FileStamps = std::map<std::string, std::pair<std::int64_t, std::int64_t>>;

/// Notices that what is open is no longer what the repository holds: a branch moved, other files changed, or
/// one of the compared files of the work tree was written. Reads metadata only, off the GUI thread: when
/// asked to, and, while it follows the work tree, soon after one of the first 400 compared files, or the one
/// that is shown, was touched.
class ChangeWatcher : public QObject {
    Q_OBJECT

public:
    explicit ChangeWatcher(Workspace &workspace, QObject *parent = nullptr);

    /// At most every two seconds; nothing where no repository is open.
    void check();
    /// Whether to look by itself, and to tell a change of files alone by `filesChanged`. Off at first.
    void follow(bool follows);
    /// This one compared file was written by the reviewer, which is no news. Reads its metadata at once.
    void acceptWritten(const std::string &path);

signals:
    void changed(); ///< once for what is open
    /// While following: files of the work tree, and nothing else. Told again until the workspace is
    /// refreshed.
    void filesChanged(const QStringList &paths);

private:
    struct News;
    static News look(const Opened &opened, const FileStamps &stamps, std::stop_token stop);
    void begin();
    void watch();
    void takeStamps();
    void startCheck();
    void tell(const News &news);

    Workspace &m_workspace;
    FileStamps m_stamps;
    bool m_hasStamps = false;
    bool m_checking = false;
    qint64 m_checkedAt = 0;
    bool m_told = false;
    bool m_follows = false;
    bool m_touchedEarly = false; ///< before the stamps were read
    QFileSystemWatcher m_watched;
    QTimer m_gathering; ///< an editor's save is several events
    Job m_job{this};
};

} // namespace models
