// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/workspace.h"

#include <QToolBar>

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace ui {

class Commands;
class RevisionPicker;

/// The line at the top: what is compared, by whom it is reviewed, and how far that is.
class ReviewBar : public QToolBar {
    Q_OBJECT

public:
    ReviewBar(models::Workspace &workspace, Commands &commands, QWidget *parent = nullptr);

    QString expert() const;
    void setExperts(const std::vector<std::string> &names); ///< the first one is chosen
    void setRunning(bool running);
    /// `total` 0: not known.
    void setProgress(const QString &what, int done, int total);
    void clearProgress();
    void setNews(const QString &text); ///< a quiet line, until there is progress to show

signals:
    void rangePicked(const git::Range &range);

private:
    void fillMenus();
    void layOut();
    void showOpened();
    void showChosen();
    void pick(const git::Endpoint *base, const git::Endpoint *head);

    models::Workspace &m_workspace;
    Commands &m_commands;
    QToolButton *m_repository;
    RevisionPicker *m_base;
    QLabel *m_dots;
    RevisionPicker *m_head;
    QToolButton *m_choose;
    QToolButton *m_expert;
    QPushButton *m_review;
    QPushButton *m_stop;
    QLabel *m_what;
    QProgressBar *m_progress;
    bool m_running = false;
};

} // namespace ui
