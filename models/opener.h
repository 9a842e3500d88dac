// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job.h"
#include "models/workspace.h"

#include <QObject>
#include <QString>

namespace models {

/// Opens repositories, patches, saved reviews and the sample off the GUI thread and hands them to the
/// workspace: the list of files first, then, in batches, what changed in each. What is open stays, and goes
/// on being compared, until the next one is there: an opening that fails changes nothing.
class Opener : public QObject {
    Q_OBJECT

public:
    explicit Opener(Workspace &workspace, QObject *parent = nullptr);

    void openRepository(const QString &path, const git::Range &range);
    void openPatch(const QString &path);
    void openSession(const QString &path);
    /// Makes the sample repository in `folder` unless it is there, and opens its change. One of an earlier
    /// version is moved aside if nothing was done in it; else it is shown as it is. A warning says which.
    void openSample(const QString &folder);

    /// Reads the open repository again, unseen: no `started`, `opened` or `compared`.
    void refresh();

    /// Closes what is open, and stops what is being opened or compared.
    void close();

    bool opening() const { return m_opening; }
    bool comparing() const { return m_comparing; }   ///< what is open
    bool refreshing() const { return m_refreshing; } ///< the list of files; comparing follows

signals:
    void started(const QString &what);
    void opened();
    void refreshed(); ///< the list of files is as it is now; `completed` follows
    void compared(int done, int total);
    void completed(); ///< all files are compared
    void failed(const QString &message);

private:
    class Work;
    void run(const QString &what, std::function<void(const Work &)> work);
    enum class Arrival { New, Again };
    void take(Opened opened, const std::shared_ptr<const git::Diff> &diff, Arrival arrival);
    void compare(const std::shared_ptr<const git::Diff> &diff, Arrival arrival);

    Workspace &m_workspace;
    bool m_opening = false;
    bool m_comparing = false;
    bool m_refreshing = false;
    Job m_openings{this};
    Job m_comparisons{this};
};

/// Compares two texts (of a patch: its excerpts) as far as the list of files needs it. Costs a line diff.
FileFacts compareTexts(const std::string &path, const git::FileTexts &texts,
                       const std::vector<git::PatchedFile::Excerpt> &excerpts = {});

} // namespace models
