// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/workspace.h"

#include <QObject>
#include <QString>

#include <memory>

namespace models {

/// Saves the review while it happens: from the first event, decision, mark or note on, everything is in a
/// session file. A file of its own below `folder`, or the one that was opened. Writing happens on a thread of
/// its own, in order; destroying it finishes writing.
class SessionKeeper : public QObject {
    Q_OBJECT

public:
    SessionKeeper(Workspace &workspace, const QString &folder, QObject *parent = nullptr);
    ~SessionKeeper() override;

    /// Where the review is being saved; empty while there is nothing to save.
    const QString &path() const { return m_path; }
    /// Writes the whole review with both sides of each file to another file, and goes on saving there.
    /// Replaces an existing file.
    void saveAs(const QString &path);

signals:
    void saved(const QString &path);
    void failed(const QString &message);

private:
    class Writer;
    void follow();
    bool begin();
    void returnTo(const QString &before, const QString &failed);

    Workspace &m_workspace;
    QString m_folder;
    QString m_path;
    bool m_begun = false;
    std::unique_ptr<Writer> m_writer;
};

} // namespace models
