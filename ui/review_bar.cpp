// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/review_bar.h"

#include "review/expert.h"
#include "ui/commands.h"
#include "ui/icons.h"
#include "ui/revision_picker.h"
#include "ui/theme.h"

#include <QActionGroup>
#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

namespace {

QToolButton *makeMenuButton(const QString &name)
{
    auto *button = new QToolButton;
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setIconSize({22, 16});
    button->setPopupMode(QToolButton::InstantPopup);
    button->setToolTip(name);
    button->setAccessibleName(name);
    return button;
}

QFrame *makeRule()
{
    auto *rule = new QFrame;
    rule->setFixedSize(1, 20);
    rule->setStyleSheet(QStringLiteral("background: palette(mid);"));
    return rule;
}

} // namespace

ReviewBar::ReviewBar(models::Workspace &workspace, Commands &commands, QWidget *parent)
    : QToolBar(parent)
    , m_workspace(workspace)
    , m_commands(commands)
    , m_repository(makeMenuButton(tr("What is open")))
    , m_base(new RevisionPicker(RevisionPicker::Role::Base))
    , m_dots(new QLabel)
    , m_head(new RevisionPicker(RevisionPicker::Role::Head))
    , m_choose(makeMenuButton(tr("Which hunks to review")))
    , m_expert(makeMenuButton(tr("Who reviews")))
    , m_review(new QPushButton)
    , m_stop(new QPushButton(tr("Stop")))
    , m_what(new QLabel)
    , m_progress(new QProgressBar)
{
    setObjectName(QStringLiteral("reviewBar"));
    setWindowTitle(tr("Review bar"));
    setMovable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);

    fillMenus();
    layOut();
    connect(m_review, &QPushButton::clicked, commands.action("review.run"), &QAction::trigger);
    connect(m_stop, &QPushButton::clicked, commands.action("review.stop"), &QAction::trigger);
    connect(m_base, &RevisionPicker::picked, this,
            [this](const git::Endpoint &endpoint) { pick(&endpoint, nullptr); });
    connect(m_head, &RevisionPicker::picked, this,
            [this](const git::Endpoint &endpoint) { pick(nullptr, &endpoint); });
    connect(&m_workspace, &models::Workspace::replaced, this, &ReviewBar::showOpened);
    connect(&m_workspace, &models::Workspace::refreshed, this, &ReviewBar::showOpened);
    connect(&m_workspace, &models::Workspace::referencesRead, this, [this] {
        m_base->setReferences(m_workspace.opened().references);
        m_head->setReferences(m_workspace.opened().references);
    });
    connect(&m_workspace, &models::Workspace::selectionChanged, this, &ReviewBar::showChosen);
    showOpened();
    setRunning(false);
    clearProgress();
}

void ReviewBar::fillMenus()
{
    m_repository->setIcon(glyphIcon(Glyph::Repository));
    auto *openMenu = new QMenu(this);
    for (const char *id : {"open.repository", "open.session", "open.patch", "open.sample", "file.reload"})
        openMenu->addAction(m_commands.action(id));
    m_repository->setMenu(openMenu);
    auto *chooseMenu = new QMenu(this);
    for (const char *id : {"choose.rust", "choose.all", "choose.none"})
        chooseMenu->addAction(m_commands.action(id));
    m_choose->setMenu(chooseMenu);
    m_choose->setIcon(glyphIcon(Glyph::Check));
    setExperts(review::expertNames());
}

void ReviewBar::setExperts(const std::vector<std::string> &names)
{
    if (m_expert->menu())
        m_expert->menu()->deleteLater();
    auto *expertMenu = new QMenu(this);
    auto *experts = new QActionGroup(expertMenu);
    for (const std::string &name : names) {
        QAction *action = expertMenu->addAction(QString::fromStdString(name));
        action->setCheckable(true);
        experts->addAction(action);
        connect(action, &QAction::triggered, this, [this, action] { m_expert->setText(action->text()); });
    }
    if (!experts->actions().isEmpty())
        experts->actions().constFirst()->trigger();
    m_expert->setMenu(expertMenu);
}

void ReviewBar::layOut()
{
    m_review->setProperty("main", true);
    m_review->setIcon(glyphIcon(Glyph::Play, Ink::OnAccent));
    m_review->setIconSize({20, 12});
    m_stop->setIcon(glyphIcon(Glyph::Stop, Ink::Text));
    m_stop->setIconSize({20, 12});
    m_what->setProperty("muted", true);
    m_what->setTextFormat(Qt::PlainText);
    m_what->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_dots->setProperty("muted", true);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(110);
    m_progress->setAccessibleName(tr("Progress of the review"));

    auto *content = new QWidget;
    content->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    auto *layout = new QHBoxLayout(content);
    layout->setContentsMargins(8, 6, 12, 6);
    layout->setSpacing(4);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_repository, makeRule(), m_base, m_dots, m_head})
        layout->addWidget(widget);
    layout->addStretch(1);
    layout->addWidget(m_what);
    layout->addSpacing(6);
    layout->addWidget(m_progress);
    layout->addSpacing(8);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_expert, m_choose, m_stop, m_review})
        layout->addWidget(widget);
    addWidget(content);
}

QString ReviewBar::expert() const
{
    return m_expert->text();
}

void ReviewBar::showOpened()
{
    using Kind = models::Opened::Kind;
    const models::Opened &opened = m_workspace.opened();
    const bool repository = opened.kind == Kind::Repository;
    m_repository->setText(
        opened.kind == Kind::Nothing ? tr("Open…") : QFileInfo(models::toDisplay(opened.path)).fileName());
    m_repository->setToolTip(models::toToolTip(models::toDisplay(opened.path)));
    for (RevisionPicker *picker : {m_base, m_head}) {
        picker->setVisible(opened.kind != Kind::Nothing);
        picker->setEnabled(repository);
        picker->setReferences(opened.references);
    }
    m_base->setShown(models::toDisplay(m_workspace.diff().base.name));
    m_head->setShown(models::toDisplay(m_workspace.diff().head.name));
    m_dots->setVisible(opened.kind != Kind::Nothing);
    m_dots->setText(opened.range.fromMergeBase ? QStringLiteral("…") : QStringLiteral("→"));
    m_dots->setToolTip(opened.range.fromMergeBase ? tr("From where both sides parted")
                                                  : tr("One with the other"));
    for (QWidget *widget : std::initializer_list<QWidget *>{m_choose, m_expert, m_review})
        widget->setVisible(opened.kind != Kind::Nothing);
    showChosen();
}

void ReviewBar::showChosen()
{
    const int chosen = m_workspace.chosenCount();
    m_review->setText(tr("Review %1").arg(models::counted(chosen, "hunk", "hunks")));
    m_choose->setText(tr("Choose"));
    m_review->setEnabled(chosen > 0 && !m_running);
    m_commands.action("review.run")->setEnabled(chosen > 0 && !m_running);
}

void ReviewBar::setRunning(bool running)
{
    m_running = running;
    m_stop->setVisible(running);
    m_commands.action("review.stop")->setEnabled(running);
    showChosen();
}

void ReviewBar::setProgress(const QString &what, int done, int total)
{
    m_what->setText(total > 0 ? tr("%1 · %2 of %3").arg(what).arg(done).arg(total) : what);
    m_progress->setRange(0, total);
    m_progress->setValue(done);
    m_what->show();
    m_progress->show();
}

void ReviewBar::clearProgress()
{
    m_what->hide();
    m_progress->hide();
}

void ReviewBar::setNews(const QString &text)
{
    m_what->setText(text);
    m_what->show();
    m_progress->hide();
}

void ReviewBar::pick(const git::Endpoint *base, const git::Endpoint *head)
{
    const auto shown = [](const git::ResolvedEndpoint &end) {
        using Kind = git::ResolvedEndpoint::Kind;
        switch (end.kind) {
        case Kind::Index:
            return git::Endpoint{git::Endpoint::Kind::Index, {}};
        case Kind::WorkTree:
            return git::Endpoint{git::Endpoint::Kind::WorkTree, {}};
        case Kind::EmptyTree:
            return git::Endpoint{git::Endpoint::Kind::EmptyTree, {}};
        default:
            return git::Endpoint{git::Endpoint::Kind::Treeish, end.id};
        }
    };
    git::Range range = m_workspace.opened().range;
    if (range.kind != git::Range::Kind::Two) {
        range.base = shown(m_workspace.diff().base);
        range.head = shown(m_workspace.diff().head);
        range.fromMergeBase = false;
    }
    range.kind = git::Range::Kind::Two;
    if (base)
        range.base = *base;
    if (head)
        range.head = *head;
    // A branch is reviewed from where it parted; the work tree and the index have no history of their own.
    using Kind = git::Endpoint::Kind;
    range.fromMergeBase = range.base.kind == Kind::Treeish && range.head.kind == Kind::Treeish;
    emit rangePicked(range);
}

} // namespace ui
