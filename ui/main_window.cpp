// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "review/expert.h"
#include "ui/ask.h"
#include "ui/finding_detail.h"
#include "ui/icons.h"
#include "ui/main_window_parts.h"
#include "ui/theme.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

/// Another program is only started when somebody asks for its review.
bool isBuiltIn(const QString &expert)
{
    const std::vector<std::string> known = review::expertNames();
    return std::find(known.begin(), known.end(), expert.toStdString()) != known.end();
}

constexpr int layoutVersion = 1;
constexpr QSize defaultSize(1440, 900);

} // namespace

MainWindow::Private::Private(MainWindow *window, models::Workspace &workspace, models::Settings &settings,
                             models::ExpertFactory experts)
    : q(window)
    , workspace(workspace)
    , settings(settings)
    , run(workspace, std::move(experts))
{
    q->setWindowIcon(applicationIcon());
    q->setDockNestingEnabled(true);
    q->setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    q->setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    q->setAcceptDrops(true);
    commands.fill(q->menuBar());
    commands.menu(Menu::View)->addSeparator();
    commands.add(Menu::View, filesDock->toggleViewAction());
    for (Dock *dock : docks.docks())
        commands.add(Menu::View, dock->toggleViewAction());
    q->addToolBar(bar);
    q->setContextMenuPolicy(Qt::NoContextMenu);

    auto *startColumn = new QWidget;
    auto *layout = new QVBoxLayout(startColumn);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(startMessages);
    layout->addWidget(start, 1);
    stack->addWidget(startColumn);
    stack->addWidget(code);
    stack->addWidget(rules);
    q->setCentralWidget(stack);
    connectOpening();
    connectFollowing();
    connectMessages();
    connectReview();
    connectView();
    connectRules();
}

void MainWindow::Private::tell(MessageBar::Kind kind, const QString &message)
{
    (stack->currentWidget() == code ? code->messages() : startMessages)->showMessage(kind, message);
}

/// Docks and bar belong to what is open; the start page and the rules stand alone.
void MainWindow::Private::showPage(QWidget *page)
{
    const bool wasOpen = stack->currentWidget() == code;
    if (wasOpen && page != code)
        shownLayout = q->saveState(layoutVersion);
    stack->setCurrentWidget(page);
    if (page == code && !wasOpen) {
        bar->show();
        if (shownLayout.isEmpty() || !q->restoreState(shownLayout, layoutVersion))
            docks.layOut(q, filesDock);
    } else if (page != code) {
        bar->hide();
        filesDock->hide();
        for (Dock *dock : docks.docks())
            dock->hide();
    }
}

void MainWindow::Private::showOpened()
{
    const bool open = workspace.opened().kind != models::Opened::Kind::Nothing;
    showPage(open ? static_cast<QWidget *>(code) : stack->widget(0));
    if (!open)
        start->refresh();
    q->setWindowTitle(models::toTitle(workspace));
    q->setWindowFilePath(models::toDisplay(workspace.opened().path));
}

void MainWindow::Private::chooseFinding(const QString &id)
{
    const review::Finding *finding = workspace.finding(id);
    if (!finding)
        return;
    showPage(code);
    navigator.setCurrentFinding(id);
    docks.setCurrentFinding(id);
    code->detail()->showFinding(id);
    code->goTo(finding->place);
}

/// The one that was read before the reload, where it was found again and no other one was chosen meanwhile.
void MainWindow::Private::showFindingAgain()
{
    if (!code->detail()->finding().isEmpty() || !workspace.finding(before.finding))
        return;
    const QString id = std::exchange(before.finding, {});
    navigator.setCurrentFinding(id);
    docks.setCurrentFinding(id);
    code->detail()->showFinding(id);
}

void MainWindow::Private::startWaitingReview()
{
    const bool open = workspace.opened().kind != models::Opened::Kind::Nothing;
    const models::Opener &opener = files.opener();
    if (!open || opener.opening() || opener.refreshing() || opener.comparing())
        return;
    const bool renews = std::exchange(renewalWaits, false);
    if (std::exchange(reviewWaits, false))
        run.start(bar->expert());
    else if (renews && isBuiltIn(run.expert()))
        run.renew();
    else if (renews)
        tellFollowed();
}

void MainWindow::Private::restoreLayout()
{
    q->resize(defaultSize);
    q->restoreGeometry(settings.value(QStringLiteral("geometry")));
    shownLayout = settings.value(QStringLiteral("layout"));
    if (!code->splitter()->restoreState(settings.value(QStringLiteral("splitter"))))
        code->splitter()->setSizes({q->height() * 62 / 100, q->height() * 38 / 100});
    showOpened();
}

void MainWindow::Private::saveLayout()
{
    if (stack->currentWidget() == code)
        shownLayout = q->saveState(layoutVersion);
    settings.setValue(QStringLiteral("geometry"), q->saveGeometry());
    settings.setValue(QStringLiteral("layout"), shownLayout);
    settings.setValue(QStringLiteral("splitter"), code->splitter()->saveState());
}

void MainWindow::Private::askBeforeQuitting()
{
    const auto quitAnyway = [this] {
        quitsUnsaved = true;
        q->close();
    };
    askChoice(q, tr("This review is not saved."),
              tr("Saving it failed so far. What is not saved is lost when the window closes."),
              {{tr("Save As…"), [this] { files.saveAs([this] { q->close(); }); }},
               {tr("Quit Without Saving"), quitAnyway}});
}

MainWindow::MainWindow(models::Workspace &workspace, models::Settings &settings,
                       models::ExpertFactory experts)
    : d(std::make_unique<Private>(this, workspace, settings, std::move(experts)))
{
    d->restoreLayout();
}

MainWindow::~MainWindow()
{
    d->actions.finishWriting();
    // The parts talk to each other through the workspace: first none of them, then what they talk about.
    disconnect(&d->workspace, nullptr, nullptr, nullptr);
}

void MainWindow::offerExperts(const std::vector<std::string> &names, const QString &problem)
{
    d->bar->setExperts(names);
    if (!problem.isEmpty())
        d->tell(MessageBar::Kind::Problem, problem);
}

void MainWindow::openAny(const QString &path, const git::Range &range)
{
    d->files.openAny(path, range);
}

void MainWindow::openRepository(const QString &path, const git::Range &range)
{
    d->files.opener().openRepository(path, range);
}

void MainWindow::openPatch(const QString &path)
{
    d->files.opener().openPatch(path);
}

void MainWindow::openSession(const QString &path)
{
    d->files.opener().openSession(path);
}

void MainWindow::openSample()
{
    d->files.openSample();
}

void MainWindow::startReview()
{
    if (d->run.running() && !d->run.renewing())
        return;
    d->reviewWaits = true;
    d->startWaitingReview();
}

void MainWindow::stopReview()
{
    d->reviewWaits = false;
    d->run.stop();
}

void MainWindow::selectFinding(const QString &id)
{
    d->chooseFinding(id);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    d->actions.finishWriting();
    if (d->files.hasUnsaved() && !d->quitsUnsaved) {
        event->ignore();
        d->askBeforeQuitting();
        return;
    }
    d->saveLayout();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().constFirst().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    openAny(event->mimeData()->urls().constFirst().toLocalFile());
}

bool MainWindow::event(QEvent *event)
{
    if (event->type() == QEvent::WindowActivate) {
        d->files.checkForChanges();
        d->actions.refresh();
    }
    // The desktop changed between light and dark.
    if (event->type() == QEvent::ThemeChange && savedTheme(d->settings) == ThemeChoice::System)
        applyTheme(*qApp, ThemeChoice::System);
    return QMainWindow::event(event);
}

} // namespace ui
