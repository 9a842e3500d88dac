// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/repository_writer.h"
#include "models/change_watcher.h"
#include "tests/support/opened_review.h"

#include <QTest>

using namespace models;
using tests::OpenedReview;

class OpenerTest : public QObject {
    Q_OBJECT

private slots:
    void failedOpeningLeavesTheComparisonRunning();
    void reopeningKeepsWhatTheReviewerDid();
    void viewedMarksFollowTheContentOfTheWorkTree();
    void markBeforeTheComparisonFallsWithTheContent();
    void unchangedRangeKeepsItsReview();
    void runningReviewIsNotKept();
    void changesOutsideAreNoticedOnce();
    void whatIsWrittenHereHidesNoOtherChange();
    void earlierSampleIsMadeAnewUnlessItWasUsed();
};

void OpenerTest::failedOpeningLeavesTheComparisonRunning()
{
    OpenedReview opened;
    constexpr int files = 300;
    for (int file = 0; file < files; ++file)
        opened.repository.write("many/" + std::to_string(file) + ".rs", "pub fn f() {}\n");
    opened.repository.commit();
    QSignalSpy failed(&opened.opener, &Opener::failed);
    QSignalSpy completed(&opened.opener, &Opener::completed);
    bool comparing = false;
    connect(&opened.opener, &Opener::opened, &opened.opener, [&] {
        opened.opener.openRepository(opened.repository.path(), *git::parseRange("main..no-such-branch"));
        comparing = opened.opener.comparing();
    });

    opened.opener.openRepository(opened.repository.path(), *git::parseRange("main...feature"));

    QVERIFY(failed.wait());
    QVERIFY(failed.at(0).at(0).toString().contains(QStringLiteral("no-such-branch")));
    QVERIFY(comparing);
    QVERIFY(completed.count() > 0 || completed.wait());
    QVERIFY(opened.workspace.fileCount() >= files);
    for (int file = 0; file < opened.workspace.fileCount(); ++file)
        QVERIFY(opened.workspace.facts(file).known);
}

void OpenerTest::reopeningKeepsWhatTheReviewerDid()
{
    OpenedReview opened;
    QVERIFY(opened.open());
    Workspace &workspace = opened.workspace;
    workspace.setViewed(workspace.fileIndex("notes.txt"), true);
    workspace.setViewed(workspace.fileIndex("src/db.rs"), true);
    workspace.decide(QStringLiteral("one"),
                     review::Decision{review::Decision::State::Dismissed, "by design"});
    opened.repository.write("src/db.rs", "pub fn other() {}\n");
    opened.repository.commit();

    QVERIFY(opened.open());

    QVERIFY(workspace.isViewed(workspace.fileIndex("notes.txt")));
    QVERIFY(!workspace.isViewed(workspace.fileIndex("src/db.rs"))); // it is another text now
    QVERIFY(workspace.decision(QStringLiteral("one")));
}

void OpenerTest::viewedMarksFollowTheContentOfTheWorkTree()
{
    OpenedReview opened;
    opened.repository.write("src/db.rs", "pub fn once() {}\n");
    opened.repository.write("notes.txt", "third\n");
    QVERIFY(opened.open("--worktree"));
    Workspace &workspace = opened.workspace;
    workspace.setViewed(workspace.fileIndex("src/db.rs"), true);
    workspace.setViewed(workspace.fileIndex("notes.txt"), true);
    opened.repository.write("src/db.rs", "pub fn twice() {}\n");

    QVERIFY(opened.open("--worktree"));

    QVERIFY(workspace.isViewed(workspace.fileIndex("notes.txt")));
    QVERIFY(!workspace.isViewed(workspace.fileIndex("src/db.rs")));
}

void OpenerTest::markBeforeTheComparisonFallsWithTheContent()
{
    OpenedReview opened;
    Workspace &workspace = opened.workspace;
    opened.repository.write("src/db.rs", "pub fn once() {}\n");
    const auto markAtOnce = connect(&opened.opener, &Opener::opened, this, [&] {
        QVERIFY(!workspace.facts(workspace.fileIndex("src/db.rs")).known);
        workspace.setViewed(workspace.fileIndex("src/db.rs"), true);
        QVERIFY(workspace.isViewed(workspace.fileIndex("src/db.rs")));
    });
    QVERIFY(opened.open("--worktree"));
    disconnect(markAtOnce);
    QVERIFY(workspace.isViewed(workspace.fileIndex("src/db.rs")));
    opened.repository.write("src/db.rs", "pub fn twice() {}\n");
    QVERIFY(opened.open("--worktree"));
    QVERIFY(!workspace.isViewed(workspace.fileIndex("src/db.rs"))); // it is another text now

    opened.repository.write("src/db.rs", "pub fn once() {}\n");
    QVERIFY(opened.open("--worktree"));
    QVERIFY(workspace.isViewed(workspace.fileIndex("src/db.rs")));
    workspace.setViewed(workspace.fileIndex("src/db.rs"), false);
    QVERIFY(opened.open("--worktree"));
    QVERIFY(!workspace.isViewed(workspace.fileIndex("src/db.rs"))); // taking the mark off lasts
}

void OpenerTest::unchangedRangeKeepsItsReview()
{
    OpenedReview opened;
    QVERIFY(opened.open());
    QVERIFY(opened.review());

    QVERIFY(opened.open());
    QCOMPARE(opened.workspace.session().findings.size(), std::size_t(1));
    QVERIFY(!opened.workspace.files().empty());

    opened.repository.write("notes.txt", "other\n");
    opened.repository.commit();
    QVERIFY(opened.open());
    QVERIFY(opened.workspace.session().findings.empty()); // they were about other texts
}

void OpenerTest::runningReviewIsNotKept()
{
    OpenedReview opened;
    ReviewRun slow(
        opened.workspace,
        tests::scripted({tests::makeFinding("one", review::Section::Critical, review::Severity::High, 1),
                         tests::makeFinding("two", review::Section::Critical, review::Severity::High, 2)},
                        std::chrono::milliseconds(500)));
    QVERIFY(opened.open());
    slow.start(QStringLiteral("scripted"));
    QTRY_COMPARE(opened.workspace.session().findings.size(), std::size_t(1));
    opened.workspace.decide(QStringLiteral("one"),
                            review::Decision{review::Decision::State::Dismissed, "by design"});

    QVERIFY(opened.open());

    QVERIFY(opened.workspace.session().findings.empty()); // half a review would look like a whole one
    QVERIFY(opened.workspace.decision(QStringLiteral("one")));
}

void OpenerTest::changesOutsideAreNoticedOnce()
{
    OpenedReview opened;
    opened.repository.write("src/db.rs", "pub fn once() {}\n");
    ChangeWatcher watcher(opened.workspace);
    QSignalSpy changed(&watcher, &ChangeWatcher::changed);
    QVERIFY(opened.open("--worktree"));
    QTest::qWait(100);
    watcher.check();
    QTest::qWait(2100);
    QCOMPARE(changed.count(), 0);

    opened.repository.write("src/db.rs", "pub fn more() {}\n"); // as many bytes
    watcher.check();
    QVERIFY(changed.count() > 0 || changed.wait());
    QTest::qWait(2100);
    watcher.check();
    QTest::qWait(100);
    QCOMPARE(changed.count(), 1);
}

void OpenerTest::whatIsWrittenHereHidesNoOtherChange()
{
    for (const bool byOthers : {false, true}) {
        OpenedReview opened;
        opened.repository.write("src/db.rs", "pub fn once() {}\n");
        opened.repository.write("notes.txt", "third\n");
        ChangeWatcher watcher(opened.workspace);
        QSignalSpy changed(&watcher, &ChangeWatcher::changed);
        QVERIFY(opened.open("--worktree"));
        QTest::qWait(100);

        if (byOthers)
            opened.repository.write("notes.txt", "other\n"); // as many bytes
        opened.repository.write("src/db.rs", "pub fn more() {}\n");
        watcher.acceptWritten("src/db.rs");
        watcher.check();

        if (byOthers)
            QVERIFY(changed.count() > 0 || changed.wait());
        else
            QVERIFY(!changed.wait(500));
    }
}

void OpenerTest::earlierSampleIsMadeAnewUnlessItWasUsed()
{
    for (const bool used : {false, true}) {
        const QTemporaryDir folder;
        const QString sample = folder.filePath(QStringLiteral("sample"));
        QVERIFY(git::createRepository(sample.toStdString(),
                                      {{"main", "Store", {{"src/lib.rs", "pub fn old() {}\n"}}},
                                       {"feature", "Serve", {{"src/lib.rs", "pub fn older() {}\n"}}}}));
        QFile mine(sample + QStringLiteral("/src/mine.rs"));
        if (used)
            QVERIFY(mine.open(QIODevice::WriteOnly));
        Workspace workspace;
        Opener opener(workspace);
        QSignalSpy opened(&opener, &Opener::opened);

        opener.openSample(sample);

        QVERIFY(opened.wait());
        QCOMPARE(workspace.fileCount() == 1, used);
        QCOMPARE(workspace.opened().warnings.size(),
                 std::size_t(1)); // where the earlier one is, or why it stays
        QCOMPARE(mine.exists(), used);
        const QStringList kept =
            QDir(folder.path()).entryList({QStringLiteral("sample-before-*")}, QDir::Dirs);
        QCOMPARE(kept.size(), used ? 0 : 1);
        if (!used)
            QVERIFY(QFile::exists(folder.filePath(kept.front() + QStringLiteral("/src/lib.rs"))));
    }
}

QTEST_GUILESS_MAIN(OpenerTest)
#include "opener_test.moc"
