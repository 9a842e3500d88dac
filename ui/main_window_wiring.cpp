// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window_parts.h"

#include "ui/ask.h"
#include "ui/command_palette.h"
#include "ui/diff_view.h"
#include "ui/finding_detail.h"
#include "ui/theme.h"

#include <QApplication>
#include <QLocale>
#include <QTime>

#include <algorithm>

namespace ui {

namespace {

constexpr int longestNews = 40; ///< characters of a path in the bar

} // namespace

QString MainWindow::Private::keyOf(const char *command) const
{
    return commands.action(command)->shortcut().toString(QKeySequence::NativeText);
}

void MainWindow::Private::connectOpening()
{
    models::Opener &opener = files.opener();
    connect(&opener, &models::Opener::started, q, [this](const QString &what) {
        startMessages->hide();
        code->messages()->hide();
        bar->setProgress(tr("Opening %1").arg(what), 0, 0);
    });
    connect(&workspace, &models::Workspace::aboutToBeReplaced, q, [this] {
        const models::Opened &opened = workspace.opened();
        const bool stopped = std::any_of(
            opened.session.ended.begin(), opened.session.ended.end(),
            [](const review::Ended &ended) { return ended.state == review::Ended::State::Stopped; });
        before = {opened.path, opened.range, code->currentPlace(), code->detail()->finding(),
                  run.running() || renewalWaits || (!opened.session.ended.empty() && !stopped)};
        renewalWaits = before.reviewed; // unless all is replaced
    });
    connect(&workspace, &models::Workspace::replaced, q, [this] {
        if (stack->currentWidget() == code)
            reviewWaits = false; // for what was open before
        renewalWaits = false;
        followed.clear();
        showOpened();
    });
    connect(&opener, &models::Opener::opened, q, [this] {
        const bool again = before.place && before.repository == workspace.opened().path;
        if (again && workspace.fileIndex(before.place->path) >= 0)
            code->goTo(*before.place);
        else if (const int first = panel->firstToRead(); first >= 0)
            code->showFile(first, CodePage::Arrival::FirstChange);
        else
            tell(MessageBar::Kind::Information, tr("Both sides are the same: there is nothing to review."));
        // What changed since it was reviewed is reviewed again.
        if (again && before.reviewed && before.range == workspace.opened().range)
            reviewWaits = workspace.session().ended.empty();
        showFindingAgain();
        emit q->opened();
    });
    connect(&opener, &models::Opener::compared, q, [this](int done, int total) {
        if (!run.running() && !files.opener().opening())
            bar->setProgress(tr("Comparing files"), done, total);
    });
    connect(&opener, &models::Opener::completed, q, [this] {
        if (!files.opener().opening())
            bar->clearProgress();
        if (!renewalWaits)
            tellFollowed();
        emit q->factsCompleted();
        startWaitingReview();
    });
    connect(&opener, &models::Opener::failed, q, [this] { startWaitingReview(); }); // of what is still shown
    connect(start, &StartPage::recentChosen, q, [this](const QString &path) { q->openAny(path); });
    connect(bar, &ReviewBar::rangePicked, q, [this](const git::Range &range) {
        q->openRepository(QString::fromStdString(workspace.opened().path), range);
    });
}

/// What changed is read, and reviewed again where a review was made, while the reader looks at it.
void MainWindow::Private::connectFollowing()
{
    connect(&files, &FileActions::following, q, [this](const QStringList &paths) {
        const QFontMetrics metrics = bar->fontMetrics();
        const auto elided = [&](const QString &path) {
            return metrics.elidedText(path, Qt::ElideMiddle, metrics.averageCharWidth() * longestNews);
        };
        followed = paths.size() == 1 ? elided(paths.first())
                   : paths.isEmpty() ? tr("Files")
                                     : models::counted(int(paths.size()), "file", "files");
        holdFollowing();
    });
    connect(&run, &models::ReviewRun::started, q, [this] { holdFollowing(); });
    connect(&run, &models::ReviewRun::finished, q, [this] { holdFollowing(); });
    connect(&files.opener(), &models::Opener::completed, q, [this] { holdFollowing(); });
    connect(&files.opener(), &models::Opener::failed, q, [this] { holdFollowing(); });
    connect(&workspace, &models::Workspace::replaced, q, [this] { holdFollowing(); });
    connect(&workspace, &models::Workspace::reviewRenewed, q, [this] {
        docks.setCurrentFinding(code->detail()->finding());
        navigator.setCurrentFinding(code->detail()->finding());
    });
}

/// A review that the reader asked for is not taken away from him, and a renewal comes to its end.
void MainWindow::Private::holdFollowing()
{
    const models::Opener &opener = files.opener();
    files.holdFollowing(opener.refreshing() || opener.comparing() || renewalWaits || run.running());
}

/// A line that moves nothing.
void MainWindow::Private::tellFollowed()
{
    if (followed.isEmpty())
        return;
    const QString time = QLocale().toString(QTime::currentTime(), QLocale::ShortFormat);
    const bool outdated = workspace.isReviewOutdated();
    const QString what = std::exchange(followed, {});
    bar->setNews(!workspace.session().ended.empty() && !outdated
                     ? tr("%1 changed · reviewed again %2").arg(what, time)
                 : outdated ? tr("%1 changed · findings are of the earlier text").arg(what)
                            : tr("%1 changed · read again %2").arg(what, time));
}

void MainWindow::Private::connectMessages()
{
    connect(&files, &FileActions::failed, q, [this](const QString &message) {
        if (!run.running())
            bar->clearProgress();
        tell(MessageBar::Kind::Problem, message);
        emit q->failed(message);
    });
    connect(&files, &FileActions::told, q,
            [this](const QString &message) { tell(MessageBar::Kind::Information, message); });
    connect(&files, &FileActions::changedOutside, q, [this] {
        code->messages()->showMessage(
            MessageBar::Kind::Information,
            tr("The repository changed since this was opened. What is shown is as it was then."),
            {{tr("Keep"), [] {}}, {tr("Reload (%1)").arg(keyOf("file.reload")), [this] { files.reload(); }}});
    });
    connect(&actions, &ReviewActions::wroteFile, &files, &FileActions::acceptWritten);
    connect(&files, &FileActions::savedAgain, code->warnings(), &QWidget::hide);
    connect(&files, &FileActions::unsaved, q, [this](const QString &reason) {
        code->warnings()->showMessage(
            MessageBar::Kind::Problem,
            tr("Not saved: %1 It is tried again every few seconds; until then this review is only in this "
               "window.")
                .arg(reason),
            {{tr("Try Again"), [this] { files.retrySaving(); }},
             {tr("Save As…"), [this] { commands.action("session.save")->trigger(); }}});
    });
    connect(panel, &FilesPanel::failed, q,
            [this](const QString &message) { tell(MessageBar::Kind::Problem, message); });
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
        showFindingAgain();
        if (!renewalWaits)
            tellFollowed();
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

void MainWindow::Private::connectRules()
{
    commands.on("rules.show", q, [this] { showRules({}); });
    commands.on("finding.rule", q, [this] {
        if (const review::Finding *finding = workspace.finding(code->detail()->finding()))
            showRules(QString::fromStdString(finding->rule));
    });
    commands.on("finding.ruleOff", q, [this] { switchRuleOff(); });
    connect(rules, &RulesPage::left, q, [this] { showOpened(); });
    connect(rules, &RulesPage::findingChosen, q, [this](const QString &id) { chooseFinding(id); });
    connect(&book, &models::RuleBook::failed, q,
            [this](const QString &message) { tell(MessageBar::Kind::Problem, message); });
}

void MainWindow::Private::showRules(const QString &rule)
{
    showPage(rules);
    rules->showRule(rule);
}

void MainWindow::Private::switchRuleOff()
{
    const review::Finding *finding = workspace.finding(code->detail()->finding());
    if (!finding)
        return;
    const QString rule = QString::fromStdString(finding->rule);
    const auto off = [this, rule](review::RuleState state) {
        return [this, rule, state] {
            code->detail()->showFinding({});
            book.setState(rule, state);
            tell(MessageBar::Kind::Information,
                 tr("%1 is switched off; Review > Rules… switches it on again.").arg(rule));
        };
    };
    QList<std::pair<QString, std::function<void()>>> choices;
    if (book.isOfRepository())
        choices.append({tr("For This Repository"), off(review::RuleState::OffHere)});
    choices.append({tr("For Good"), off(review::RuleState::OffEverywhere)});
    askChoice(
        q, tr("Switch off the rule %1?").arg(rule),
        tr("Its findings are no longer shown, and reviews in this window no longer ask it. They say so. "
           "A single place is better silenced in the code: // ferriscope: allow(%1): reason")
            .arg(rule),
        choices);
}

} // namespace ui
