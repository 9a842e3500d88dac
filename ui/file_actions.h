// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/change_watcher.h"
#include "models/opener.h"
#include "models/report_writer.h"
#include "models/session_keeper.h"
#include "models/settings.h"
#include "models/workspace.h"

#include <QObject>

#include <functional>

class QAction;

namespace ui {

class Commands;

/// The commands that open, save and export, and what follows from them.
class FileActions : public QObject {
    Q_OBJECT

public:
    FileActions(models::Workspace &workspace, models::Settings &settings, Commands &commands,
                QWidget *window);

    void openAny(const QString &path, const git::Range &range);
    void openSample();
    models::Opener &opener() { return m_opener; }
    void checkForChanges() { m_watcher.check(); }
    /// What was read again, or a review, is not done yet: changes of the files wait until it is.
    void holdFollowing(bool holds) { m_watcher.hold(holds); }
    /// A compared file was written by the reviewer, which is no change from outside.
    void acceptWritten(const std::string &path) { m_watcher.acceptWritten(path); }
    void reload();
    void retrySaving() { m_keeper.retry(); }
    bool hasUnsaved() const { return m_keeper.hasUnsaved(); }
    void saveAs(const std::function<void()> &whenSaved = {}); ///< asks where

signals:
    void failed(const QString &message);
    void told(const QString &message);        ///< something went well and is worth a sentence
    void changedOutside();                    ///< what is shown is no longer what the repository holds
    void following(const QStringList &paths); ///< these files changed and are now being read again
    void unsaved(const QString &reason);
    void savedAgain(); ///< nothing is unsaved any more

private:
    void connectSaving(Commands &commands);
    void connectFollowing(QAction *command);

    models::Workspace &m_workspace;
    models::Settings &m_settings;
    QWidget *m_window;
    models::Opener m_opener;
    models::SessionKeeper m_keeper;
    std::function<void()> m_whenSaved; ///< what waits for the save under way
    models::ReportWriter m_reports;
    models::ChangeWatcher m_watcher;
};

} // namespace ui
