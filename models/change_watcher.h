// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job.h"
#include "models/workspace.h"

#include <QObject>

#include <cstdint>
#include <map>

namespace models {

/// Size and time of a work tree's file, for each changed path: what tells without reading that it was
/// written.
using FileStamps = std::map<std::string, std::pair<std::int64_t, std::int64_t>>;

/// Notices that what is open is no longer what the repository holds: a branch moved, other files changed, or
/// one of the compared files of the work tree was written. Reads metadata only, off the GUI thread, when
/// asked to.
class ChangeWatcher : public QObject {
    Q_OBJECT

public:
    explicit ChangeWatcher(Workspace &workspace, QObject *parent = nullptr);

    /// At most every two seconds; nothing where no repository is open.
    void check();
    /// This one compared file was written by the reviewer, which is no news. Reads its metadata at once.
    void acceptWritten(const std::string &path);

signals:
    void changed(); ///< once for what is open

private:
    void takeStamps();
    void startCheck();

    Workspace &m_workspace;
    FileStamps m_stamps;
    bool m_hasStamps = false;
    bool m_checking = false;
    qint64 m_checkedAt = 0;
    bool m_told = false;
    Job m_job{this};
};

} // namespace models
