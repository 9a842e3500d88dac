// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/suggestion_applier.h"
#include "models/workspace.h"

#include <QObject>

namespace ui {

class CodePage;
class Commands;
class FilesPanel;

/// The commands about findings, hunks and notes: choose, apply with a preview, undo, dismiss, save as patch,
/// note.
class ReviewActions : public QObject {
    Q_OBJECT

public:
    ReviewActions(models::Workspace &workspace, Commands &commands, FilesPanel &files, CodePage &code,
                  QWidget *window);

    void refresh() { m_applier.refresh(); } ///< others may have written the files
    /// Waits until a suggestion that is just being written is recorded.
    void finishWriting() { m_applier.finish(); }

signals:
    void wroteFile(const std::string &path); ///< of the work tree

private:
    void dismiss(const QString &finding, const QString &reason);
    void toggleHunk();
    void toggleFile();
    void previewCurrent();
    void dismissOrReopen();
    void savePatch();
    void addNote();
    void connectApplier(Commands &commands);
    /// Runs it once there is a work tree to write to: a saved review is only data, so its reader names the
    /// folder.
    void withWorkTree(const std::function<void()> &run);
    void chooseWorkTree(const std::function<void()> &run);
    void showPreview(const models::SuggestionPreview &preview);

    models::Workspace &m_workspace;
    FilesPanel &m_files;
    CodePage &m_code;
    QWidget *m_window;
    models::SuggestionApplier m_applier;
};

} // namespace ui
