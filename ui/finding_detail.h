// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/workspace.h"

#include <QTextBrowser>
#include <QWidget>

#include <vector>

class QPushButton;

namespace ui {

class Commands;
class ScenarioWalk;

/// Shows texts that come from repositories and reviews: loads nothing, opens nothing by itself.
class SafeBrowser : public QTextBrowser {
    Q_OBJECT

public:
    explicit SafeBrowser(QWidget *parent = nullptr);
    QVariant loadResource(int type, const QUrl &name) override;

protected:
    void resizeEvent(QResizeEvent *event) override;
};

/// Everything about one finding, with what can be done about it. Walking through its scenario marks each step
/// and leads to its lines.
class FindingDetail : public QWidget {
    Q_OBJECT

public:
    FindingDetail(models::Workspace &workspace, Commands &commands, QWidget *parent = nullptr);

    void showFinding(const QString &id); ///< hidden while there is none
    const QString &finding() const { return m_finding; }
    QString text() const;
    void focusText();

signals:
    void placeChosen(const review::Place &place);
    void undoAsked(const QString &finding);

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void showAgain();
    void open(const QUrl &url);
    void goToStep(int step);
    void markStep();

    models::Workspace &m_workspace;
    Commands &m_commands;
    QString m_finding;
    std::vector<review::Place> m_places;
    SafeBrowser *m_browser;
    QPushButton *m_apply;
    QPushButton *m_patch;
    QPushButton *m_dismiss;
    QPushButton *m_undo;
    QPushButton *m_copy;
    QPushButton *m_rule;
    ScenarioWalk *m_walk;
};

} // namespace ui
