// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findings_model.h"
#include "models/review_lists.h"

#include <QList>
#include <QObject>

#include <memory>
#include <vector>

class QMainWindow;

namespace ui {

class Dock;
class FindingList;
class LineList;

/// The docks at the right: one for each of the report's five sections, and what was not reviewed, and the
/// notes.
class ReviewDocks : public QObject {
    Q_OBJECT

public:
    ReviewDocks(models::Workspace &workspace, QMainWindow *window);

    const QList<Dock *> &docks() const { return m_docks; }
    void layOut(QMainWindow *window, Dock *files);
    void setCurrentFinding(const QString &id);
    void focusFindings();

signals:
    void findingChosen(const QString &id);
    void placeChosen(const review::Place &place);

private:
    void addFindings(review::Section section, QMainWindow *window);
    LineList *addLines(const QString &id, const QString &title, models::ReviewListModel::MakeLines makeLines,
                       QMainWindow *window);
    void showEmptyTexts();

    models::Workspace &m_workspace;
    QList<Dock *> m_docks;
    QList<FindingList *> m_findings;
    LineList *m_recommendations = nullptr;
};

} // namespace ui
