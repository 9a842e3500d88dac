// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/review_docks.h"

#include "ui/dock.h"
#include "ui/finding_list.h"
#include "ui/line_list.h"

#include <QMainWindow>

#include <algorithm>

namespace ui {

ReviewDocks::ReviewDocks(models::Workspace &workspace, QMainWindow *window)
    : QObject(window)
    , m_workspace(workspace)
{
    addFindings(review::Section::Critical, window);
    addFindings(review::Section::Concurrency, window);
    addFindings(review::Section::Performance, window);
    addFindings(review::Section::Practices, window);
    m_recommendations = addLines(QStringLiteral("dock.recommendations"), tr("Recommendations"),
                                 models::makeRecommendationLines, window);
    LineList *coverage =
        addLines(QStringLiteral("dock.coverage"), tr("Not reviewed"), models::makeCoverageLines, window);
    coverage->setEmptyText(tr("What a review leaves out is listed here."));
    LineList *notes = addLines(QStringLiteral("dock.notes"), tr("Notes"), models::makeNoteLines, window);
    notes->setEmptyText(tr("Press c to add a note at the current change. Delete removes one."));
    connect(notes, &LineList::removalAsked, this, [this](const models::ListLine &line) {
        m_workspace.putNote({line.id.toStdString(), {}, {}});
    });
    connect(&m_workspace, &models::Workspace::replaced, this, &ReviewDocks::showEmptyTexts);
    connect(&m_workspace, &models::Workspace::reviewBegun, this, &ReviewDocks::showEmptyTexts);
    connect(&m_workspace, &models::Workspace::reviewRenewed, this, &ReviewDocks::showEmptyTexts);
    connect(&m_workspace, &models::Workspace::recorded, this,
            [this](const std::vector<review::Event> &events) {
                if (!events.empty() && std::holds_alternative<review::Ended>(events.back()))
                    showEmptyTexts();
            });
    showEmptyTexts();
}

void ReviewDocks::addFindings(review::Section section, QMainWindow *window)
{
    const QString title = QString::fromUtf8(review::toHeading(section));
    auto *model = new models::FindingsModel(m_workspace, section, this);
    auto *list = new FindingList(*model, title);
    auto *dock =
        new Dock(QStringLiteral("dock.") + QLatin1String(review::toText(section)), title, list, window);
    connect(model, &models::FindingsModel::countChanged, dock,
            [dock, model] { dock->setCount(model->openCount(), model->findingCount()); });
    connect(list, &FindingList::findingChosen, this, &ReviewDocks::findingChosen);
    m_docks.append(dock);
    m_findings.append(list);
}

LineList *ReviewDocks::addLines(const QString &id, const QString &title,
                                models::ReviewListModel::MakeLines makeLines, QMainWindow *window)
{
    auto *model = new models::ReviewListModel(m_workspace, std::move(makeLines), this);
    auto *list = new LineList(*model, title);
    auto *dock = new Dock(id, title, list, window);
    connect(model, &models::ReviewListModel::countChanged, dock,
            [dock, model] { dock->setCount(model->rowCount(), model->rowCount()); });
    connect(list, &LineList::lineChosen, this, [this](const models::ListLine &line) {
        if (line.place)
            emit placeChosen(*line.place);
        else if (m_workspace.finding(line.id))
            emit findingChosen(line.id);
    });
    m_docks.append(dock);
    return list;
}

void ReviewDocks::layOut(QMainWindow *window, Dock *files)
{
    constexpr int sections = 5;
    window->addDockWidget(Qt::LeftDockWidgetArea, files);
    files->setFloating(false);
    files->show();
    for (Dock *dock : m_docks) {
        dock->setFloating(false);
        window->removeDockWidget(dock);
        window->addDockWidget(Qt::RightDockWidgetArea, dock);
        dock->show();
    }
    for (qsizetype extra = sections; extra < m_docks.size(); ++extra)
        window->tabifyDockWidget(m_docks[sections - 1], m_docks[extra]);
    m_docks[sections - 1]->raise();
    const int width = window->width();
    window->resizeDocks({files, m_docks[0]},
                        {std::clamp(width / 6, 264, 340), std::clamp(width / 4, 330, 460)}, Qt::Horizontal);
    const QList<QDockWidget *> stacked(m_docks.begin(), m_docks.begin() + sections);
    window->resizeDocks(stacked, {24, 24, 17, 17, 18}, Qt::Vertical);
}

void ReviewDocks::showEmptyTexts()
{
    const review::Session &session = m_workspace.session();
    const bool reviewed = !session.ended.empty();
    const QString text = reviewed                     ? tr("Nothing found in the reviewed hunks.")
                         : session.scope.head.empty() ? tr("Nothing reviewed yet.")
                                                      : tr("Reviewing…");
    for (FindingList *list : m_findings)
        list->setEmptyText(text);
    m_recommendations->setEmptyText(reviewed ? tr("No action follows from the review.") : text);
}

void ReviewDocks::setCurrentFinding(const QString &id)
{
    for (FindingList *list : m_findings)
        list->setCurrentFinding(id);
}

void ReviewDocks::focusFindings()
{
    for (FindingList *list : m_findings) {
        if (list->model()->rowCount() == 0)
            continue;
        m_docks[m_findings.indexOf(list)]->raise();
        list->setFocus(Qt::ShortcutFocusReason);
        return;
    }
}

} // namespace ui
