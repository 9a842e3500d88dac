// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window_parts.h"

#include "ui/command_palette.h"
#include "ui/diff_view.h"
#include "ui/finding_detail.h"
#include "ui/theme.h"

#include <QApplication>

namespace ui {

void MainWindow::Private::connectOpening()
{
    models::Opener &opener = files.opener();
    connect(&opener, &models::Opener::started, q, [this](const QString &what) {
        startMessages->hide();
        code->messages()->hide();
        reviewWaits = false; // for what was open before
        bar->setProgress(tr("Opening %1").arg(what), 0, 0);
    });
    connect(&workspace, &models::Workspace::replaced, q, [this] { showOpened(); });
    connect(&opener, &models::Opener::opened, q, [this] {
        if (!panel->order().empty())
            code->showFile(panel->order().front(), CodePage::Arrival::FirstChange);
        else
            tell(MessageBar::Kind::Information, tr("Both sides are the same: there is nothing to review."));
        emit q->opened();
    });
    connect(&opener, &models::Opener::compared, q, [this](int done, int total) {
        if (!run.running())
            bar->setProgress(tr("Comparing files"), done, total);
    });
    connect(&opener, &models::Opener::completed, q, [this] {
        bar->clearProgress();
        emit q->factsCompleted();
        if (std::exchange(reviewWaits, false))
            q->startReview();
    });
    connect(&files, &FileActions::failed, q, [this](const QString &message) {
        if (!run.running())
            bar->clearProgress();
        tell(MessageBar::Kind::Problem, message);
        emit q->failed(message);
    });
    connect(&files, &FileActions::told, q,
            [this](const QString &message) { tell(MessageBar::Kind::Information, message); });
    connect(panel, &FilesPanel::failed, q,
            [this](const QString &message) { tell(MessageBar::Kind::Problem, message); });
    connect(start, &StartPage::recentChosen, q, [this](const QString &path) { q->openAny(path); });
    connect(bar, &ReviewBar::rangePicked, q, [this](const git::Range &range) {
        q->openRepository(QString::fromStdString(workspace.opened().path), range);
    });
}

void MainWindow::Private::connectReview()
{
    commands.on("review.run", q, [this] { q->startReview(); });
    commands.on("review.stop", q, [this] { q->stopReview(); });
    connect(&run, &models::ReviewRun::started, q, [this] { bar->setRunning(true); });
    connect(&run, &models::ReviewRun::progressed, bar, &ReviewBar::setProgress);
    connect(&run, &models::ReviewRun::finished, q, [this] {
        bar->setRunning(false);
        bar->clearProgress();
        emit q->reviewFinished();
    });
    connect(&run, &models::ReviewRun::failed, q, [this](const QString &message) {
        tell(MessageBar::Kind::Problem, message);
        emit q->failed(message);
    });
    connect(&docks, &ReviewDocks::findingChosen, q, [this](const QString &id) { chooseFinding(id); });
    connect(&docks, &ReviewDocks::placeChosen, code, &CodePage::goTo);
    connect(&navigator, &Navigator::findingChosen, q, [this](const QString &id) { chooseFinding(id); });
    connect(code, &CodePage::findingActivated, q, [this](const QString &id) { chooseFinding(id); });
    connect(code, &CodePage::fileShown, q, &MainWindow::fileShown);
}

void MainWindow::Private::connectView()
{
    const auto theme = [this](ThemeChoice choice, const char *name) {
        settings.setValue(QStringLiteral("theme"), name);
        applyTheme(*qApp, choice);
    };
    commands.on("view.system", q, [theme] { theme(ThemeChoice::System, "system"); });
    commands.on("view.light", q, [theme] { theme(ThemeChoice::Light, "light"); });
    commands.on("view.dark", q, [theme] { theme(ThemeChoice::Dark, "dark"); });
    commands.on("view.contrast", q, [theme] { theme(ThemeChoice::HighContrast, "contrast"); });
    commands.on("view.layout", q, [this] { docks.layOut(q, filesDock); });
    commands.on("view.commands", q, [this] { (new CommandPalette(commands, q))->show(); });
    commands.on("help.keys", q, [this] { (new KeyPage(commands, q))->show(); });
    commands.on("help.about", q, [this] {
        tell(MessageBar::Kind::Information,
             tr("Ferriscope %1: a review workstation for Rust code. Free software, GPL 3.0 or later.")
                 .arg(QApplication::applicationVersion()));
    });
    commands.on("edit.find", q, [this] { code->diffView()->openSearch(); });
    commands.on("edit.filter", q, [this] { panel->focusFilter(); });
    commands.on("go.files", q, [this] { panel->focusTree(); });
    commands.on("go.code", q, [this] { code->diffView()->setFocus(Qt::ShortcutFocusReason); });
    commands.on("go.findings", q, [this] { docks.focusFindings(); });
    commands.on("go.detail", q, [this] { code->detail()->focusText(); });
}

} // namespace ui
