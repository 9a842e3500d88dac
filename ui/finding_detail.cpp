// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/finding_detail.h"

#include "ui/commands.h"
#include "ui/finding_document.h"
#include "ui/rich_text.h"
#include "ui/scenario_walk.h"
#include "ui/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QTextBlock>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

SafeBrowser::SafeBrowser(QWidget *parent) : QTextBrowser(parent)
{
    setOpenLinks(false);
    setOpenExternalLinks(false);
    setTextInteractionFlags(Qt::TextBrowserInteraction);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setLineWrapMode(FixedPixelWidth);
}

/// A wide window gives no longer lines than can be read with ease.
void SafeBrowser::resizeEvent(QResizeEvent *event)
{
    constexpr int longestLine = 130; // characters
    setLineWrapColumnOrWidth(std::min(viewport()->width(), fontMetrics().averageCharWidth() * longestLine));
    QTextBrowser::resizeEvent(event);
}

QVariant SafeBrowser::loadResource(int, const QUrl &)
{
    return {};
}

FindingDetail::FindingDetail(models::Workspace &workspace, Commands &commands, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_commands(commands)
    , m_browser(new SafeBrowser)
    , m_apply(new QPushButton(tr("Apply…")))
    , m_patch(new QPushButton(tr("Save as patch…")))
    , m_dismiss(new QPushButton(tr("Dismiss…")))
    , m_undo(new QPushButton(tr("Undo")))
    , m_copy(new QPushButton(tr("Copy reproduction")))
    , m_rule(new QPushButton(tr("Rule…")))
    , m_walk(new ScenarioWalk(commands))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_browser->setAccessibleName(tr("The chosen finding"));
    m_browser->setFrameShape(QFrame::NoFrame);
    m_browser->document()->setDocumentMargin(0);
    m_browser->setMinimumHeight(60);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(6);
    for (QPushButton *button : {m_apply, m_undo, m_patch, m_dismiss, m_copy, m_rule}) {
        if (button != m_apply)
            button->setProperty("flat", true);
        buttons->addWidget(button);
    }
    buttons->addStretch();
    buttons->addWidget(m_walk);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 6, 8);
    layout->setSpacing(8);
    layout->addWidget(m_browser, 1);
    layout->addLayout(buttons);

    connect(m_browser, &QTextBrowser::anchorClicked, this, &FindingDetail::open);
    connect(m_walk, &ScenarioWalk::stepped, this, &FindingDetail::goToStep);
    connect(m_apply, &QPushButton::clicked, commands.action("finding.apply"), &QAction::trigger);
    connect(m_patch, &QPushButton::clicked, commands.action("finding.patch"), &QAction::trigger);
    connect(m_dismiss, &QPushButton::clicked, commands.action("finding.dismiss"), &QAction::trigger);
    auto *ruleMenu = new QMenu(m_rule);
    ruleMenu->addAction(commands.action("finding.rule"));
    ruleMenu->addAction(commands.action("finding.ruleOff"));
    m_rule->setMenu(ruleMenu);
    connect(m_undo, &QPushButton::clicked, this, [this] { emit undoAsked(m_finding); });
    connect(m_copy, &QPushButton::clicked, this, [this] {
        if (const review::Finding *finding = m_workspace.finding(m_finding); finding && finding->reproduction)
            QApplication::clipboard()->setText(QString::fromStdString(finding->reproduction->code));
    });
    connect(&m_workspace, &models::Workspace::decided, this, [this](const QString &id) {
        if (id == m_finding)
            refresh();
    });
    connect(&m_workspace, &models::Workspace::replaced, this, [this] { showFinding({}); });
    connect(&m_workspace, &models::Workspace::reviewBegun, this, [this] { showFinding({}); });
    connect(&m_workspace, &models::Workspace::reviewRenewed, this, &FindingDetail::showAgain);
    refresh();
}

void FindingDetail::showFinding(const QString &id)
{
    if (id == m_finding && !id.isEmpty())
        return;
    m_finding = id;
    const review::Finding *finding = m_workspace.finding(id);
    m_walk->begin(finding ? int(finding->scenario.steps.size()) : 0);
    refresh();
    m_browser->moveCursor(QTextCursor::Start);
}

/// The finding as the renewed review tells it, at the place where the reader reads.
void FindingDetail::showAgain()
{
    const review::Finding *finding = m_workspace.finding(m_finding);
    if (!finding)
        return showFinding({});
    const int place = m_browser->verticalScrollBar()->value();
    m_walk->begin(int(finding->scenario.steps.size()));
    refresh();
    m_browser->verticalScrollBar()->setValue(place);
}

QString FindingDetail::text() const
{
    return m_browser->toPlainText();
}

void FindingDetail::focusText()
{
    m_browser->setFocus(Qt::ShortcutFocusReason);
}

void FindingDetail::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

void FindingDetail::refresh()
{
    const review::Finding *finding = m_workspace.finding(m_finding);
    const review::Decision *decision = m_workspace.decision(m_finding);
    const bool applied = decision && decision->state == review::Decision::State::Applied;
    const bool dismissed = decision && !applied;
    const bool suggests = finding && finding->suggestion;
    setVisible(finding); // the code has the whole height until then
    m_apply->setVisible(suggests && !applied);
    m_patch->setVisible(suggests);
    m_undo->setVisible(applied);
    m_dismiss->setVisible(finding && !applied);
    m_dismiss->setText(dismissed ? tr("Reopen") : tr("Dismiss…"));
    m_copy->setVisible(finding && finding->reproduction);
    m_commands.action("finding.apply")->setEnabled(suggests && !applied);
    m_commands.action("finding.patch")->setEnabled(suggests);
    m_commands.action("finding.dismiss")->setEnabled(finding && !applied);
    m_commands.action("finding.rule")->setEnabled(finding);
    m_commands.action("finding.ruleOff")->setEnabled(finding);
    const Theme &theme = themeFor(palette());
    if (finding)
        m_places = fillFindingDocument(*m_browser->document(), *finding, m_workspace, theme, font());
    markStep();
}

void FindingDetail::goToStep(int step)
{
    m_walk->setStep(step);
    markStep();
    const review::Place &place = m_places[std::size_t(step)];
    if (!place.path.empty())
        emit placeChosen(place);
}

void FindingDetail::markStep()
{
    QList<QTextEdit::ExtraSelection> marks;
    QTextBlock block = m_browser->document()->begin();
    while (block.isValid() && block.userState() != m_walk->step() + 1)
        block = block.next();
    if (m_walk->step() >= 0 && block.isValid()) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(block);
        mark.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        mark.format.setBackground(themeFor(palette()).selected);
        marks.append(mark);
        m_browser->setTextCursor(QTextCursor(block)); // brings it into view
    }
    m_browser->setExtraSelections(marks);
}

void FindingDetail::open(const QUrl &url)
{
    const int target = placeTarget(url);
    const review::Finding *finding = m_workspace.finding(m_finding);
    if (target >= 0 && finding && target < int(finding->scenario.steps.size()))
        return goToStep(target);
    if (target >= 0) {
        if (target < int(m_places.size()))
            emit placeChosen(m_places[std::size_t(target)]);
        return;
    }
    if (url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http"))
        QDesktopServices::openUrl(url);
}

} // namespace ui
