// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/workspace.h"

#include <QObject>

namespace ui {

class CodePage;
class Commands;
class FilesPanel;

/// The Go commands: changes, findings and files one after the other, across files, in the order of the tree.
class Navigator : public QObject {
    Q_OBJECT

public:
    Navigator(models::Workspace &workspace, Commands &commands, FilesPanel &files, CodePage &code,
              QObject *parent = nullptr);

    void setCurrentFinding(const QString &id) { m_currentFinding = id; }

signals:
    void findingChosen(const QString &id);

private:
    void goToChange(int direction);
    void goToFinding(int direction);
    void goToFile(int direction);
    void markViewed();
    /// The file before (-1) or after (+1) the current one; -1 at the end.
    int neighbour(int direction) const;

    models::Workspace &m_workspace;
    FilesPanel &m_files;
    CodePage &m_code;
    QString m_currentFinding;
};

} // namespace ui
