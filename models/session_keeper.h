// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/session_writer.h"
#include "models/workspace.h"

#include <QObject>
#include <QString>

#include <memory>

namespace models {

/// Saves the review while it happens: from the first event, decision, mark or note on, everything is in a
/// session file. A file of its own below `folder`, or the one that was opened. Writing happens on a thread of
/// its own, in order; what fails is tried again until it succeeds; destroying it finishes writing.
class SessionKeeper : public QObject {
    Q_OBJECT

public:
    SessionKeeper(Workspace &workspace, const QString &folder, QObject *parent = nullptr);

    /// Where the review is being saved; empty while there is nothing to save.
    const QString &path() const { return m_path; }
    /// Writes the whole review with both sides of each file to another file, and goes on saving there.
    /// Replaces an existing file.
    void saveAs(const QString &path);
    void retry() { m_writer.retry(); }            ///< what waits, at once
    bool hasUnsaved() const { return m_waiting; } ///< a write failed, and did not succeed since

signals:
    void saved(const QString &path);
    void waiting(const QString &reason); ///< the file lacks something; told again with each failed attempt
    void caughtUp();                     ///< after waiting: nothing is missing, or another review is open
    void failed(const QString &message);

private:
    using Change = std::function<git::Result<void>(review::SessionStore &, std::stop_token)>;
    /// Makes or opens the file. The writer's thread runs it, and alone replaces it, once made.
    using Start = std::function<git::Result<void>(SessionWriter::Store &)>;
    void followReview();
    void followReviewer();
    void change(Change write);
    void putScope();
    void append(const std::vector<review::Event> &events);
    void addTexts();
    bool begin();
    void prepare();
    void endWaiting();

    Workspace &m_workspace;
    QString m_folder;
    QString m_path;
    std::shared_ptr<Start> m_start; ///< null: nothing has begun
    bool m_waiting = false;
    SessionWriter m_writer;
};

} // namespace models
