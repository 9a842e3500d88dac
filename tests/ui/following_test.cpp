// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/change_watcher.h"
#include "tests/support/window_fixture.h"
#include "ui/diff_view.h"
#include "ui/dock.h"
#include "ui/finding_detail.h"
#include "ui/review_bar.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QTreeView>

using review::Section;
using review::Severity;
using tests::makeFinding;
using tests::WindowFixture;

/// Somebody edits the files that are under review, in an editor beside the window.
class FollowingTest : public QObject {
    Q_OBJECT

private slots:
    void savedFixTakesItsFindingAway();
    void readerStaysWhereHeWas();
    void withoutAReviewTheTextIsReadAgain();
    void fileThatIsBackAtItsBaseStaysShown();
    void reviewSavedIntoTheWorkTreeIsNoChangeOfIt();
    void editedHunkKeepsItsFilesChoice();
    void reviewThatTheReaderStartedComesToItsEnd();
    void canBeSwitchedOff();
    void commitsAreNotFollowed();
};

namespace {

constexpr int pausedMs =
    15'000; ///< a change that soon follows another one waits, the longer on a busy machine
constexpr const char *lockedTwice = "use std::sync::Mutex;\n\n"
                                    "pub fn add(total: &Mutex<u64>) -> u64 {\n"
                                    "    let first = total.lock().unwrap();\n"
                                    "    let second = total.lock().unwrap();\n"
                                    "    *first + *second\n"
                                    "}\n";
constexpr const char *lockedOnce = "use std::sync::Mutex;\n\n"
                                   "pub fn add(total: &Mutex<u64>) -> u64 {\n"
                                   "    let first = total.lock().unwrap();\n"
                                   "    *first + *first\n"
                                   "}\n";

models::ChangeWatcher &watcherOf(const WindowFixture &fixture)
{
    return *fixture.window.findChild<models::ChangeWatcher *>();
}

bool openWorkTree(WindowFixture &fixture)
{
    QSignalSpy completed(&fixture.window, &ui::MainWindow::factsCompleted);
    QSignalSpy shown(&fixture.window, &ui::MainWindow::fileShown);
    fixture.window.openRepository(fixture.repository.path(), *git::parseRange("--worktree"));
    if ((completed.isEmpty() && !completed.wait()) || (shown.isEmpty() && !shown.wait()))
        return false;
    return QTest::qWaitFor([&] { return watcherOf(fixture).ready(); });
}

void saveReviewAs(WindowFixture &fixture, const QString &path)
{
    fixture.command("session.save")->trigger();
    QTRY_VERIFY(fixture.window.findChild<QFileDialog *>());
    auto *dialog = fixture.window.findChild<QFileDialog *>();
    emit dialog->fileSelected(path);
    dialog->close();
    QTRY_VERIFY(QFileInfo::exists(path));
}

/// As many editors do: another file takes the place of the one that was.
void saveByReplacing(const WindowFixture &fixture, const std::string &path, const std::string &text)
{
    fixture.repository.write("../next", text);
    QVERIFY(std::rename(fixture.repository.filePath("../next").toStdString().c_str(),
                        fixture.repository.filePath(path).toStdString().c_str()) == 0);
}

QString news(const WindowFixture &fixture)
{
    for (const QLabel *label : fixture.window.findChild<ui::ReviewBar *>()->findChildren<QLabel *>())
        if (label->isVisible() && label->text().contains(QStringLiteral("changed")))
            return label->text();
    return {};
}

/// `count` functions, each with another body than in `numbered(count, other)`.
std::string numbered(int count, const char *body)
{
    std::string text;
    for (int line = 0; line < count; ++line)
        text += "pub fn f" + std::to_string(line) + "() -> u32 { " + (line % 40 == 20 ? body : "0") + " }\n";
    return text;
}

} // namespace

void FollowingTest::savedFixTakesItsFindingAway()
{
    tests::ReviewedRepository repository;
    repository.write("src/db.rs", lockedTwice);
    QTemporaryDir config;
    models::Settings settings(config.path(), config.path());
    models::Workspace workspace;
    ui::MainWindow window(workspace, settings);
    window.show();
    QSignalSpy completed(&window, &ui::MainWindow::factsCompleted);
    QSignalSpy finished(&window, &ui::MainWindow::reviewFinished);
    window.openRepository(repository.path(), *git::parseRange("--worktree"));
    QVERIFY(completed.wait());
    window.startReview();
    QVERIFY(finished.wait());
    QCOMPARE(workspace.session().findings.size(), std::size_t(1));
    QCOMPARE(workspace.session().findings[0].rule, std::string("double-lock"));

    repository.write("src/db.rs", lockedOnce);

    QTRY_VERIFY(workspace.session().findings.empty());
    QVERIFY(!workspace.isReviewOutdated());
    QCOMPARE(workspace.files()[0].texts.newText, std::string(lockedOnce));

    repository.write("src/db.rs", lockedTwice);
    QTRY_COMPARE_WITH_TIMEOUT(workspace.session().findings.size(), std::size_t(1), pausedMs);
    const QDir sessions(settings.sessionsFolder());
    QTRY_COMPARE(sessions.entryList({QStringLiteral("*.ferriscope")}, QDir::Files).size(), 1);
}

void FollowingTest::readerStaysWhereHeWas()
{
    WindowFixture fixture({makeFinding("one", Section::Critical, Severity::High, 20)});
    fixture.repository.write("src/db.rs", numbered(300, "1"));
    fixture.repository.commit();
    fixture.repository.write("src/db.rs", numbered(300, "2"));
    fixture.repository.write("notes.txt", "third\n");
    QVERIFY(openWorkTree(fixture));
    const int file = fixture.workspace.fileIndex("src/db.rs");
    fixture.workspace.showFile(file);
    const QString dropped = QString::fromStdString(fixture.workspace.facts(file).hunks[1]);
    fixture.workspace.chooseHunk(file, dropped, false);
    const int chosen = fixture.workspace.chosenCount();
    QVERIFY(fixture.review());
    fixture.window.selectFinding(QStringLiteral("one"));
    auto *diff = fixture.window.findChild<ui::DiffView *>();
    auto *detail = fixture.window.findChild<ui::FindingDetail *>();
    auto *list =
        fixture.window.findChild<ui::Dock *>(QStringLiteral("dock.critical"))->findChild<QTreeView *>();
    QSignalSpy reset(list->model(), &QAbstractItemModel::modelReset);
    QTRY_VERIFY(diff->currentLine());
    diff->goToLine(git::Side::New, 260);
    QSignalSpy finished(&fixture.window, &ui::MainWindow::reviewFinished);

    saveByReplacing(fixture, "src/db.rs", "// one\n// two\n" + numbered(300, "2"));

    QVERIFY(finished.wait());
    QCOMPARE(fixture.workspace.currentFile(), file);
    QTRY_COMPARE(diff->currentLine()->second, 262u); // two lines came above
    QCOMPARE(detail->finding(), QStringLiteral("one"));
    QVERIFY(detail->isVisible());
    QCOMPARE(reset.count(), 0);
    QCOMPARE(list->currentIndex().row(), 0);
    QCOMPARE(fixture.workspace.chosenCount(), chosen + 1); // the hunk that came
    QVERIFY(!fixture.workspace.selection().hunks.contains({"src/db.rs", dropped.toStdString()}));
    QVERIFY(news(fixture).startsWith(QStringLiteral("src/db.rs changed · reviewed again")));

    saveByReplacing(fixture, "src/db.rs", numbered(300, "2")); // the watch outlives the file it was for
    QVERIFY(finished.wait(pausedMs));
    QTRY_COMPARE(diff->currentLine()->second, 260u);
}

void FollowingTest::withoutAReviewTheTextIsReadAgain()
{
    WindowFixture fixture({makeFinding("one", Section::Critical, Severity::High, 1)});
    fixture.repository.write("src/db.rs", "pub fn once() {}\n");
    QVERIFY(openWorkTree(fixture));
    QSignalSpy shown(&fixture.window, &ui::MainWindow::fileShown);
    QSignalSpy finished(&fixture.window, &ui::MainWindow::reviewFinished);

    fixture.repository.write("src/db.rs", "pub fn once() {}\n\npub fn more() {}\n");

    QVERIFY(shown.wait());
    QTRY_VERIFY(news(fixture).startsWith(QStringLiteral("src/db.rs changed · read again")));
    QCOMPARE(fixture.workspace.facts(0).counts.added, 2u); // its empty line was there
    QCOMPARE(finished.count(), 0);                         // nobody asked for a review
}

void FollowingTest::fileThatIsBackAtItsBaseStaysShown()
{
    WindowFixture fixture;
    fixture.repository.write("src/db.rs", "pub fn once() {}\n");
    fixture.repository.write("notes.txt", "third\n");
    QVERIFY(openWorkTree(fixture));
    fixture.workspace.showFile(fixture.workspace.fileIndex("src/db.rs"));

    fixture.repository.write("src/db.rs", tests::ReviewedRepository::reviewedText);

    QTRY_COMPARE(fixture.workspace.fileCount(), 1);
    QCOMPARE(fixture.workspace.currentFile(), -1);
    QCOMPARE(fixture.workspace.currentTreeFile()->path, std::string("src/db.rs"));

    fixture.repository.write("src/db.rs", "pub fn twice() {}\n");
    QTRY_COMPARE_WITH_TIMEOUT(fixture.workspace.fileCount(), 2, pausedMs);
    QCOMPARE(fixture.workspace.currentFile(), fixture.workspace.fileIndex("src/db.rs"));
}

/// Each renewal is written into the review's file, and that is below the work tree.
void FollowingTest::reviewSavedIntoTheWorkTreeIsNoChangeOfIt()
{
    WindowFixture fixture({makeFinding("one", Section::Critical, Severity::High, 0)});
    fixture.repository.write("src/db.rs", "pub fn once() {}\n");
    fixture.repository.write("notes.txt", "third\n"); // the folder that the review is saved to is watched
    QVERIFY(openWorkTree(fixture));
    QVERIFY(fixture.review());
    QSignalSpy told(&watcherOf(fixture), &models::ChangeWatcher::filesChanged);
    QSignalSpy looked(&watcherOf(fixture), &models::ChangeWatcher::looked);
    QSignalSpy finished(&fixture.window, &ui::MainWindow::reviewFinished);

    const QString path = fixture.repository.filePath("mine.ferriscope");
    saveReviewAs(fixture, path);
    looked.clear();
    QVERIFY(looked.wait()); // its folder tells of it
    QCOMPARE(told.count(), 0);

    for (int times = 1; times <= 2; ++times) {
        const QDateTime before = QFileInfo(path).lastModified();
        fixture.repository.write("src/db.rs", "pub fn f" + std::to_string(times) + "() {}\n");
        QVERIFY(finished.wait(pausedMs));
        QTRY_VERIFY(QFileInfo(path).lastModified() > before);
        QCOMPARE(told.count(), times);
        looked.clear();
        QVERIFY(looked.wait(pausedMs)); // once more after what was read again
        QCOMPARE(told.count(), times);
    }
}

void FollowingTest::editedHunkKeepsItsFilesChoice()
{
    WindowFixture fixture;
    fixture.repository.write("src/db.rs", "pub fn once() {}\n");
    fixture.repository.write("notes.txt", "third\n");
    QVERIFY(openWorkTree(fixture));
    models::Workspace &workspace = fixture.workspace;
    const int code = workspace.fileIndex("src/db.rs");
    const int notes = workspace.fileIndex("notes.txt");
    QSignalSpy completed(&fixture.window, &ui::MainWindow::factsCompleted);

    workspace.choose(models::Choice::None);
    workspace.chooseFiles({code}, true);
    const std::vector<std::string> before = workspace.facts(code).hunks;
    fixture.repository.write("src/db.rs", "pub fn twice() {}\n");
    QVERIFY(completed.wait());
    QVERIFY(workspace.facts(code).hunks != before);
    QCOMPARE(workspace.facts(code).chosenCount(), int(workspace.facts(code).hunks.size()));
    QCOMPARE(workspace.facts(notes).chosenCount(), 0);

    workspace.choose(models::Choice::All);
    workspace.chooseFiles({notes}, false);
    fixture.repository.write("notes.txt", "fourth\n");
    QVERIFY(completed.wait(pausedMs));
    QCOMPARE(workspace.facts(notes).chosenCount(), 0);
    QVERIFY(workspace.facts(code).chosenCount() > 0);
}

void FollowingTest::reviewThatTheReaderStartedComesToItsEnd()
{
    WindowFixture fixture({makeFinding("one", Section::Critical, Severity::High, 0)},
                          std::chrono::milliseconds(1500));
    fixture.repository.write("src/db.rs", "pub fn once() {}\n");
    QVERIFY(openWorkTree(fixture));
    QSignalSpy begun(&fixture.workspace, &models::Workspace::reviewBegun);
    QSignalSpy refreshed(&fixture.workspace, &models::Workspace::refreshed);
    QSignalSpy finished(&fixture.window, &ui::MainWindow::reviewFinished);
    fixture.window.startReview();
    QVERIFY(begun.wait());

    fixture.repository.write("src/db.rs", "pub fn twice() {}\n");

    QVERIFY(finished.wait());
    QCOMPARE(refreshed.count(), 0);
    QCOMPARE(fixture.workspace.session().findings.size(), std::size_t(1));
    QVERIFY(refreshed.wait());
    QVERIFY(finished.wait());
    QVERIFY(!fixture.workspace.isReviewOutdated());
}

void FollowingTest::canBeSwitchedOff()
{
    WindowFixture fixture;
    fixture.repository.write("src/db.rs", "pub fn once() {}\n");
    QVERIFY(openWorkTree(fixture));
    QVERIFY(fixture.command("file.follow")->isChecked());
    fixture.command("file.follow")->trigger();
    QSignalSpy refreshed(&fixture.workspace, &models::Workspace::refreshed);

    fixture.repository.write("src/db.rs", "pub fn twice() {}\n");
    QVERIFY(!refreshed.wait(800));

    fixture.command("file.follow")->trigger();
    QVERIFY(refreshed.wait()); // what was missed
    fixture.repository.write("src/db.rs", "pub fn thrice() {}\n");
    QVERIFY(refreshed.wait(pausedMs));
}

void FollowingTest::commitsAreNotFollowed()
{
    WindowFixture fixture;
    QVERIFY(fixture.open());
    QSignalSpy refreshed(&fixture.workspace, &models::Workspace::refreshed);
    fixture.repository.write("src/db.rs", "pub fn once() {}\n");
    QVERIFY(!refreshed.wait(800));

    QVERIFY(openWorkTree(fixture));
    fixture.repository.write("src/db.rs", "pub fn twice() {}\n");
    QVERIFY(refreshed.wait());
}

QTEST_MAIN(FollowingTest)
#include "following_test.moc"
