// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/file_loader.h"
#include "models/suggestion_applier.h"
#include "ui/message_bar.h"

#include <QWidget>

class QAction;
class QSplitter;

namespace ui {

class Commands;
class DiffView;
class FindingDetail;

/// The middle: the current file side by side, messages above it, the chosen finding below. Leads to places,
/// also in files that must be read first.
class CodePage : public QWidget {
    Q_OBJECT

public:
    CodePage(models::Workspace &workspace, Commands &commands, QWidget *parent = nullptr);

    DiffView *diffView() const { return m_diffView; }
    FindingDetail *detail() const { return m_detail; }
    MessageBar *messages() const { return m_messages; }
    MessageBar *warnings() const { return m_warnings; } ///< what stays until it is over
    QSplitter *splitter() const { return m_splitter; }

    enum class Arrival { AsBefore, FirstChange, LastChange };
    void showFile(int file, Arrival arrival);
    void goTo(const review::Place &place);
    /// The line at the caret, or the file's first. None when no file is shown.
    std::optional<review::Place> currentPlace() const;

    /// Shows what a suggestion would do instead of the file, until the reader decides. The keyboard is at the
    /// main choice meanwhile. `choices` are offered beside closing and applying.
    void showPreview(const models::SuggestionPreview &preview, const std::function<void()> &apply,
                     const QList<MessageBar::Choice> &choices = {});
    bool isPreviewing() const { return m_previewing; }
    void applyPreviewed(); ///< as its button does; nothing when it can't be applied
    void closePreview();

signals:
    void fileShown();
    void findingActivated(const QString &id);

private:
    void show(const std::shared_ptr<const models::FileView> &view);
    void showChosen();
    void showMarks();
    void arrive();

    models::Workspace &m_workspace;
    QAction *m_applyCommand;
    QAction *m_closeCommand;
    models::FileLoader m_loader;
    MessageBar *m_warnings;
    MessageBar *m_messages;
    MessageBar *m_previewBar;
    DiffView *m_diffView;
    FindingDetail *m_detail;
    QSplitter *m_splitter;
    std::shared_ptr<const models::FileView> m_view;
    Arrival m_arrival = Arrival::AsBefore;
    std::optional<review::Place> m_target;
    bool m_previewing = false;
    std::function<void()> m_applyPreviewed;
};

} // namespace ui
