// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/window_fixture.h"
#include "ui/diff_view.h"
#include "ui/dock.h"
#include "ui/finding_detail.h"
#include "ui/message_bar.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollBar>
#include <QTreeView>

using namespace std::chrono_literals;
using review::Section;
using review::Severity;
using tests::makeFinding;
using tests::ReviewedRepository;
using tests::WindowFixture;

class MainWindowTest : public QObject {
    Q_OBJECT

private slots:
    void opensABranchAndCountsItsHunks();
    void readingBeginsWithRust();
    void reviewStreamsWithoutMovingTheReader();
    void chosenFindingLeadsToItsLineAndDetail();
    void stopKeepsWhatCame();
    void closesWhileTheReviewRuns();
    void suggestionIsPreviewedAppliedAndUndone();
    void errorsAreToldInABar();
    void failedOpeningSaysWhatIsStillShown();
    void whatIsNotSavedStaysTold();
    void quittingAsksWhatIsNotSaved();
    void quittingCanSaveElsewhere();
    void whatChangedIsReviewedAgain();
    void layoutIsRemembered();
    void savedReviewOpensInTheWindow();
    void themesKeepTheirContrast();
};

namespace {

QPushButton *button(QWidget &parent, const QString &text)
{
    for (QPushButton *button : parent.findChildren<QPushButton *>())
        if (button->text() == text && button->isVisible())
            return button;
    return nullptr;
}

QString message(const QWidget &window)
{
    for (const ui::MessageBar *bar : window.findChildren<ui::MessageBar *>())
        if (bar->isVisible())
            return bar->text();
    return {};
}

/// Puts `blocking`, a file, where the sessions' folder should be, and does something that is to be saved
/// there.
bool opensButCannotSave(WindowFixture &fixture, QFile &blocking)
{
    QDir().mkpath(QFileInfo(blocking).path());
    if (!blocking.open(QIODevice::WriteOnly) || !fixture.open())
        return false;
    fixture.workspace.setViewed(0, true);
    return true;
}

} // namespace

void MainWindowTest::opensABranchAndCountsItsHunks()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());

    QVERIFY(fixture.window.windowTitle().contains(QStringLiteral("feature")));
    const int chosen = fixture.workspace.chosenCount();
    QVERIFY(chosen > 0);
    QVERIFY(
        button(fixture.window, QStringLiteral("Review %1").arg(models::counted(chosen, "hunk", "hunks"))));
    fixture.command("choose.none")->trigger();
    QVERIFY(!button(fixture.window, QStringLiteral("Review 0 hunks"))->isEnabled());
    fixture.command("choose.all")->trigger();
    QVERIFY(fixture.workspace.chosenCount() > chosen);
}

void MainWindowTest::readingBeginsWithRust()
{
    WindowFixture fixture;
    fixture.repository.write(".github/ci.yml", "on: push\n"); // the first in the tree
    fixture.repository.commit();

    QVERIFY(fixture.open());

    const std::string path =
        fixture.workspace.diff().files[std::size_t(fixture.workspace.currentFile())].path();
    QVERIFY2(path.ends_with(".rs"), path.c_str());
}

void MainWindowTest::reviewStreamsWithoutMovingTheReader()
{
    std::vector<review::Finding> findings;
    for (std::uint32_t line = 0; line < 20; ++line)
        findings.push_back(
            makeFinding("f" + std::to_string(line), Section::Concurrency, Severity::Low, line % 7));
    findings.push_back(makeFinding("gravest", Section::Concurrency, Severity::Critical, 5));
    WindowFixture fixture(findings, 5ms);
    QVERIFY(fixture.open());
    QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
    const int file = fixture.workspace.currentFile();
    fixture.command("go.files")->trigger();
    QWidget *focus = QApplication::focusWidget();
    QVERIFY(focus);

    QVERIFY(fixture.review());

    QCOMPARE(QApplication::focusWidget(), focus);
    QCOMPARE(fixture.workspace.currentFile(), file);
    auto *dock = fixture.window.findChild<ui::Dock *>(QStringLiteral("dock.concurrency"));
    QCOMPARE(dock->windowTitle(), QStringLiteral("Concurrency Concerns (21)"));
    auto *list = dock->findChild<QTreeView *>();
    QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("gravest is locked twice"));
    QVERIFY(!list->currentIndex().isValid());
    QTRY_VERIFY(fixture.window.findChild<ui::Dock *>(QStringLiteral("dock.coverage"))
                    ->windowTitle()
                    .contains(QLatin1Char('(')));
}

void MainWindowTest::chosenFindingLeadsToItsLineAndDetail()
{
    WindowFixture fixture({makeFinding("wire", Section::Critical, Severity::High, 1, "src/net/wire.rs")});
    QVERIFY(fixture.open());
    fixture.workspace.showFile(fixture.workspace.fileIndex("src/db.rs"));
    QVERIFY(fixture.review());
    QSignalSpy shown(&fixture.window, &ui::MainWindow::fileShown);
    auto *dock = fixture.window.findChild<ui::Dock *>(QStringLiteral("dock.critical"));
    auto *list = dock->findChild<QTreeView *>();

    QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                      list->visualRect(list->model()->index(0, 0)).center());

    QVERIFY(shown.count() > 0 || shown.wait());
    QCOMPARE(fixture.workspace.currentFile(), fixture.workspace.fileIndex("src/net/wire.rs"));
    auto *detail = fixture.window.findChild<ui::FindingDetail *>();
    QCOMPARE(detail->finding(), QStringLiteral("wire"));
    QVERIFY(detail->text().contains(QStringLiteral("wire is locked twice")));
    QVERIFY(detail->text().contains(QStringLiteral("src/net/wire.rs:2")));
}

void MainWindowTest::stopKeepsWhatCame()
{
    std::vector<review::Finding> findings;
    for (std::uint32_t line = 0; line < 300; ++line)
        findings.push_back(
            makeFinding("f" + std::to_string(line), Section::Practices, Severity::Low, line % 7));
    WindowFixture fixture(findings, 10ms);
    QVERIFY(fixture.open());
    QSignalSpy finished(&fixture.window, &ui::MainWindow::reviewFinished);
    fixture.window.startReview();
    QTRY_VERIFY(fixture.workspace.session().findings.size() > 2);

    QTest::mouseClick(button(fixture.window, QStringLiteral("Stop")), Qt::LeftButton);

    QVERIFY(finished.wait());
    QVERIFY(fixture.workspace.session().findings.size() > 2);
    QVERIFY(fixture.workspace.session().findings.size() < 300);
    QVERIFY(!button(fixture.window, QStringLiteral("Stop")));
}

void MainWindowTest::closesWhileTheReviewRuns()
{
    for (int round = 0; round < 5; ++round) {
        std::vector<review::Finding> findings(500, makeFinding("f", Section::Practices, Severity::Low, 1));
        QElapsedTimer closing;
        {
            WindowFixture fixture(findings, 2ms);
            QVERIFY(fixture.open());
            fixture.window.startReview();
            QTRY_VERIFY(!fixture.workspace.session().findings.empty());
            closing.start();
        }
        QVERIFY2(closing.elapsed() < 2000, qPrintable(QString::number(closing.elapsed())));
    }
}

void MainWindowTest::suggestionIsPreviewedAppliedAndUndone()
{
    WindowFixture fixture({ReviewedRepository::suggestingFinding()});
    QVERIFY(fixture.open());
    QVERIFY(fixture.review());
    fixture.window.selectFinding(QStringLiteral("value"));
    const std::string before = fixture.repository.read("src/db.rs");

    fixture.command("finding.apply")->trigger();
    QTRY_VERIFY(message(fixture.window).startsWith(QStringLiteral("Preview")));
    QCOMPARE(fixture.repository.read("src/db.rs"), before);
    QPushButton *apply = button(fixture.window, QStringLiteral("Apply"));
    QVERIFY(apply);
    QTest::mouseClick(apply, Qt::LeftButton);
    QTRY_VERIFY(fixture.repository.read("src/db.rs") != before);
    QTRY_VERIFY(fixture.workspace.decision(QStringLiteral("value")));

    fixture.command("edit.undo")->trigger();
    QTRY_COMPARE(fixture.repository.read("src/db.rs"), before);
}

void MainWindowTest::errorsAreToldInABar()
{
    WindowFixture fixture;
    QSignalSpy failed(&fixture.window, &ui::MainWindow::failed);
    fixture.window.openAny(fixture.repository.beside(QStringLiteral("nowhere")));
    QVERIFY(failed.wait());
    QVERIFY(message(fixture.window).contains(QStringLiteral("nowhere")));
    QVERIFY(!QApplication::activeModalWidget());
}

void MainWindowTest::failedOpeningSaysWhatIsStillShown()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    QSignalSpy failed(&fixture.window, &ui::MainWindow::failed);
    fixture.window.openRepository(fixture.repository.path(), *git::parseRange("main..no-such-branch"));
    QVERIFY(failed.wait());
    QVERIFY(message(fixture.window).contains(QStringLiteral("no-such-branch")));
    QVERIFY2(message(fixture.window).endsWith(QStringLiteral("Still shown: repo · main → feature.")),
             qPrintable(message(fixture.window)));
    QVERIFY(fixture.review());
}

void MainWindowTest::whatIsNotSavedStaysTold()
{
    WindowFixture fixture;
    QFile blocking(fixture.settings.sessionsFolder());
    QVERIFY(opensButCannotSave(fixture, blocking));
    QTRY_VERIFY(message(fixture.window).startsWith(QStringLiteral("Not saved: ")));
    fixture.command("help.about")->trigger(); // no other message takes its place
    QVERIFY(message(fixture.window).startsWith(QStringLiteral("Not saved: ")));

    QVERIFY(blocking.remove());
    QTest::mouseClick(button(fixture.window, QStringLiteral("Try Again")), Qt::LeftButton);
    const QDir sessions(fixture.settings.sessionsFolder());
    // By its name: a journal comes and goes beside it.
    QTRY_COMPARE(sessions.entryList({QStringLiteral("*.ferriscope")}, QDir::Files).size(), 1);
    QTRY_VERIFY(!message(fixture.window).startsWith(QStringLiteral("Not saved: ")));
}

void MainWindowTest::quittingAsksWhatIsNotSaved()
{
    WindowFixture fixture;
    QFile blocking(fixture.settings.sessionsFolder());
    QVERIFY(opensButCannotSave(fixture, blocking));
    QTRY_VERIFY(message(fixture.window).startsWith(QStringLiteral("Not saved: ")));

    QVERIFY(!fixture.window.close());
    QTRY_VERIFY(button(fixture.window, QStringLiteral("Cancel")));
    QTest::mouseClick(button(fixture.window, QStringLiteral("Cancel")), Qt::LeftButton);
    QTest::qWait(50);
    QVERIFY(fixture.window.isVisible());

    QVERIFY(!fixture.window.close());
    QTRY_VERIFY(button(fixture.window, QStringLiteral("Quit Without Saving")));
    QTest::mouseClick(button(fixture.window, QStringLiteral("Quit Without Saving")), Qt::LeftButton);
    QTRY_VERIFY(!fixture.window.isVisible());
}

void MainWindowTest::quittingCanSaveElsewhere()
{
    WindowFixture fixture;
    QFile blocking(fixture.settings.sessionsFolder());
    QVERIFY(opensButCannotSave(fixture, blocking));
    QTRY_VERIFY(message(fixture.window).startsWith(QStringLiteral("Not saved: ")));
    QVERIFY(!fixture.window.close());
    auto *question = fixture.window.findChild<QMessageBox *>();
    QVERIFY(question);

    QTest::mouseClick(button(*question, QStringLiteral("Save As…")), Qt::LeftButton);
    QTRY_VERIFY(fixture.window.findChild<QFileDialog *>());
    const QString path = fixture.repository.beside(QStringLiteral("kept.ferriscope"));
    auto *dialog = fixture.window.findChild<QFileDialog *>();
    dialog->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"))->setText(path);
    QMetaObject::invokeMethod(dialog, "accept");

    QTRY_VERIFY(!fixture.window.isVisible());
    const git::Result<review::Session> saved = review::loadSession(path.toStdString());
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QCOMPARE(saved->viewed.size(), std::size_t(1));
}

void MainWindowTest::whatChangedIsReviewedAgain()
{
    WindowFixture fixture({makeFinding("one", Section::Critical, Severity::High, 1)});
    QVERIFY(fixture.open());
    const int file = fixture.workspace.fileIndex("src/net/wire.rs");
    fixture.workspace.chooseFiles({file}, false);
    const int chosen = fixture.workspace.chosenCount();
    QVERIFY(fixture.review());
    fixture.window.selectFinding(QStringLiteral("one"));

    fixture.repository.write("README", "another commit\n");
    fixture.repository.commit();
    QSignalSpy finished(&fixture.window, &ui::MainWindow::reviewFinished);
    fixture.command("file.reload")->trigger();

    QVERIFY(finished.count() > 0 || finished.wait());
    QVERIFY(fixture.workspace.fileIndex("README") >= 0);
    QCOMPARE(fixture.workspace.session().findings.size(), std::size_t(1));
    QCOMPARE(fixture.workspace.chosenCount(), chosen);
    QCOMPARE(fixture.window.findChild<ui::FindingDetail *>()->finding(), QStringLiteral("one"));
}

void MainWindowTest::layoutIsRemembered()
{
    QTemporaryDir config;
    ReviewedRepository repository;
    const auto withWindow = [&](const std::function<void(ui::MainWindow &)> &use) {
        models::Settings settings(config.path(), config.path());
        models::Workspace workspace;
        ui::MainWindow window(workspace, settings, tests::scripted({}));
        window.show();
        QSignalSpy completed(&window, &ui::MainWindow::factsCompleted);
        window.openRepository(repository.path(), *git::parseRange("main...feature"));
        QVERIFY(completed.wait());
        use(window);
        window.close();
    };
    const QString practices = QStringLiteral("dock.practices");
    withWindow([&](ui::MainWindow &window) {
        auto *dock = window.findChild<ui::Dock *>(practices);
        QVERIFY(dock->isVisible());
        QCOMPARE(window.dockWidgetArea(dock), Qt::RightDockWidgetArea);
        window.addDockWidget(Qt::BottomDockWidgetArea, dock);
        window.findChild<ui::Dock *>(QStringLiteral("dock.performance"))->close();
    });
    withWindow([&](ui::MainWindow &window) {
        QCOMPARE(window.dockWidgetArea(window.findChild<ui::Dock *>(practices)), Qt::BottomDockWidgetArea);
        QVERIFY(!window.findChild<ui::Dock *>(QStringLiteral("dock.performance"))->isVisible());
        window.findChild<QAction *>(QStringLiteral("view.layout"))->trigger();
        QCOMPARE(window.dockWidgetArea(window.findChild<ui::Dock *>(practices)), Qt::RightDockWidgetArea);
        QVERIFY(window.findChild<ui::Dock *>(QStringLiteral("dock.performance"))->isVisible());
    });
}

void MainWindowTest::savedReviewOpensInTheWindow()
{
    WindowFixture fixture({makeFinding("one", Section::Performance, Severity::Medium, 1)});
    QVERIFY(fixture.open());
    QVERIFY(fixture.review());
    const QString path = fixture.repository.beside(QStringLiteral("a.ferriscope"));
    QVERIFY2(review::saveSession(path.toStdString(), fixture.workspace.session()),
             "the review was not saved");

    QSignalSpy opened(&fixture.window, &ui::MainWindow::opened);
    fixture.window.openAny(path);
    QVERIFY(opened.wait());

    QCOMPARE(fixture.workspace.opened().kind, models::Opened::Kind::Session);
    auto *dock = fixture.window.findChild<ui::Dock *>(QStringLiteral("dock.performance"));
    QCOMPARE(dock->windowTitle(), QStringLiteral("Performance Observations (1)"));
}

void MainWindowTest::themesKeepTheirContrast()
{
    for (const ui::ThemeChoice choice :
         {ui::ThemeChoice::Light, ui::ThemeChoice::Dark, ui::ThemeChoice::HighContrast}) {
        ui::applyTheme(*qApp, choice);
        const QPalette palette = QApplication::palette();
        const ui::Theme &theme = ui::themeFor(palette);
        const double least = choice == ui::ThemeChoice::HighContrast ? 7 : 4.5;
        for (const QColor &text : {theme.text, theme.mutedText, theme.accent, theme.added, theme.removed,
                                   theme.critical, theme.high, theme.medium, theme.low, theme.done})
            for (const QColor &ground : {theme.window, theme.panel, theme.raised})
                QVERIFY2(ui::contrast(text, ground) >= least,
                         qPrintable(QStringLiteral("%1 on %2").arg(text.name(), ground.name())));
        for (const QColor &ground :
             {theme.editor, theme.removedLine, theme.removedWord, theme.addedLine, theme.addedWord,
              theme.selected, theme.hover, theme.flash, theme.searchHit})
            QVERIFY2(ui::contrast(theme.editorText, ground) >= 4.5, qPrintable(ground.name()));
        QVERIFY(ui::contrast(theme.onAccent, theme.accent) >= 4.5);
        QVERIFY(ui::contrast(theme.lineNumber, theme.editor) >= 4.5);
    }
    ui::applyTheme(*qApp, ui::ThemeChoice::Light);
}

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
