// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/opener.h"
#include "models/review_run.h"
#include "models/session_keeper.h"
#include "models/suggestion_applier.h"
#include "tests/support/scripted_expert.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace models;
using namespace std::chrono_literals;
using review::Section;
using review::Severity;
using tests::makeFinding;
using tests::ReviewedRepository;

class ReviewFlowTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_repository = std::make_unique<ReviewedRepository>(); }
    void listsFilesFirstAndThenWhatChanged();
    void saysWhyARepositoryCannotBeOpened();
    void closingStopsTheComparison();
    void latestStartOfAJobWins();
    void stoppingWhatHasNotBegunEndsIt();
    void reviewStreamsInOrder();
    void stopKeepsWhatCame();
    void savesWhileTheReviewRuns();
    void failedSaveLosesNothing();
    void savedReviewOpensWithoutItsRepository();
    void suggestionIsAppliedAndTakenBack();
    void suggestionThatNoLongerFitsIsNotWritten();

private:
    void open(Workspace &workspace, Opener &opener);
    void review(Workspace &workspace, ReviewRun &run);

    std::unique_ptr<ReviewedRepository> m_repository;
};

void ReviewFlowTest::open(Workspace &, Opener &opener)
{
    QSignalSpy completed(&opener, &Opener::completed);
    opener.openRepository(m_repository->path(), *git::parseRange("main...feature"));
    QVERIFY(completed.wait());
}

void ReviewFlowTest::review(Workspace &, ReviewRun &run)
{
    QSignalSpy finished(&run, &ReviewRun::finished);
    run.start(QStringLiteral("scripted"));
    QVERIFY(finished.wait());
}

void ReviewFlowTest::listsFilesFirstAndThenWhatChanged()
{
    Workspace workspace;
    Opener opener(workspace);
    bool knownWhenOpened = true;
    connect(&opener, &Opener::opened, this, [&] { knownWhenOpened = workspace.facts(0).known; });

    open(workspace, opener);

    QVERIFY(!knownWhenOpened);
    QCOMPARE(workspace.fileCount(), 3);
    const int file = workspace.fileIndex("src/db.rs");
    QCOMPARE(workspace.facts(file).counts, (git::LineCounts{4, 2}));
    QVERIFY(workspace.chosenCount() > 0); // Rust is chosen by itself, notes.txt is not
    QCOMPARE(workspace.facts(workspace.fileIndex("notes.txt")).chosenCount(), 0);
}

void ReviewFlowTest::saysWhyARepositoryCannotBeOpened()
{
    Workspace workspace;
    Opener opener(workspace);
    QSignalSpy failed(&opener, &Opener::failed);

    opener.openRepository(m_repository->beside(QStringLiteral("nowhere")), {});

    QVERIFY(failed.wait());
    QVERIFY(failed.at(0).at(0).toString().contains(QStringLiteral("nowhere")));
    QCOMPARE(workspace.opened().kind, Opened::Kind::Nothing);
}

void ReviewFlowTest::closingStopsTheComparison()
{
    Workspace workspace;
    Opener opener(workspace);
    QSignalSpy opened(&opener, &Opener::opened);
    connect(&opener, &Opener::opened, &opener, &Opener::close);
    opener.openRepository(m_repository->path(), *git::parseRange("main...feature"));
    QVERIFY(opened.wait());

    QTest::qWait(100); // what was compared by then must find no place in the empty workspace
    QCOMPARE(workspace.opened().kind, Opened::Kind::Nothing);
    QVERIFY(!opener.comparing());
}

void ReviewFlowTest::stoppingWhatHasNotBegunEndsIt()
{
    QObject owner;
    bool ended = false;
    std::binary_semaphore begun(0);
    std::binary_semaphore mayEnd(0);
    Job job(&owner);
    job.start([&](std::stop_token, const Job::Post &) {
        begun.release();
        mayEnd.acquire();
    });
    begun.acquire(); // else the second start would replace the first before it ran, and begin at once
    job.start([&ended](std::stop_token stop, const Job::Post &post) {
        QVERIFY(stop.stop_requested());
        post([&ended] { ended = true; });
    });

    job.stop(); // while it still waits for the first
    mayEnd.release();

    QTRY_VERIFY(ended);
}

void ReviewFlowTest::latestStartOfAJobWins()
{
    QObject owner;
    QList<int> results;
    Job job(&owner);
    QElapsedTimer timer;
    timer.start();
    for (int start = 0; start < 20; ++start)
        job.start([&results, start](std::stop_token stop, const Job::Post &post) {
            post([&results, start] { results.append(start); });
            while (!stop.stop_requested() && start < 19)
                std::this_thread::sleep_for(1ms);
        });
    QVERIFY(timer.elapsed() < 50); // starting anew never waits for the earlier work

    QTRY_VERIFY(!results.isEmpty());
    QTest::qWait(50);
    QCOMPARE(results, QList<int>{19});
}

void ReviewFlowTest::reviewStreamsInOrder()
{
    Workspace workspace;
    Opener opener(workspace);
    ReviewRun run(workspace, tests::scripted({makeFinding("one", Section::Critical, Severity::High, 1),
                                              makeFinding("two", Section::Concurrency, Severity::High, 2)},
                                             60ms));
    open(workspace, opener);
    QStringList counts;
    connect(&workspace, &Workspace::recorded, this,
            [&] { counts.append(QString::number(workspace.session().findings.size())); });

    review(workspace, run);

    QCOMPARE(workspace.session().findings.size(), std::size_t(2));
    QCOMPARE(workspace.session().findings[0].id, std::string("one"));
    QVERIFY(counts.contains(QStringLiteral("1"))); // the first came before the second
    QCOMPARE(workspace.session().ended.size(), std::size_t(1));
    QVERIFY(workspace.session().scope.head.find("feature") != std::string::npos);
    QVERIFY(!run.running());
}

void ReviewFlowTest::stopKeepsWhatCame()
{
    Workspace workspace;
    Opener opener(workspace);
    std::vector<review::Finding> many;
    for (std::uint32_t line = 0; line < 200; ++line)
        many.push_back(makeFinding("f" + std::to_string(line), Section::Critical, Severity::Low, line));
    ReviewRun run(workspace, tests::scripted(many, 10ms));
    open(workspace, opener);
    QSignalSpy finished(&run, &ReviewRun::finished);
    run.start(QStringLiteral("scripted"));
    QTRY_VERIFY(workspace.session().findings.size() >= 3);

    QElapsedTimer timer;
    timer.start();
    run.stop();
    QVERIFY(finished.wait());

    QVERIFY2(timer.elapsed() < 500, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(workspace.session().findings.size() >= 3);
    QVERIFY(workspace.session().findings.size() < 200);
    QCOMPARE(workspace.session().ended.back().state, review::Ended::State::Stopped);
}

void ReviewFlowTest::savesWhileTheReviewRuns()
{
    const QString folder = m_repository->beside(QStringLiteral("sessions"));
    QString path;
    {
        Workspace workspace;
        Opener opener(workspace);
        ReviewRun run(workspace, tests::scripted({makeFinding("one", Section::Critical, Severity::High, 1)}));
        SessionKeeper keeper(workspace, folder);
        open(workspace, opener);
        QVERIFY(!QDir(folder).exists()); // opening writes nothing
        review(workspace, run);
        workspace.decide(QStringLiteral("one"),
                         review::Decision{review::Decision::State::Dismissed, "by design"});
        workspace.setViewed(0, true);
        workspace.putNote({"n1", {"src/db.rs", git::Side::New, {1, 2}}, "look again"});
        path = keeper.path();
    }
    const git::Result<review::Session> saved = review::loadSession(path.toStdString());
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QCOMPARE(saved->findings.size(), std::size_t(1));
    QCOMPARE(saved->decisions.at("one").reason, std::string("by design"));
    QCOMPARE(saved->reviewerNotes.size(), std::size_t(1));
    QCOMPARE(saved->viewed.size(), std::size_t(1));
}

void ReviewFlowTest::failedSaveLosesNothing()
{
    QString path;
    {
        Workspace workspace;
        Opener opener(workspace);
        ReviewRun run(workspace, tests::scripted({makeFinding("one", Section::Critical, Severity::High, 1)}));
        SessionKeeper keeper(workspace, m_repository->beside(QStringLiteral("sessions")));
        open(workspace, opener);
        review(workspace, run);
        path = keeper.path();
        QSignalSpy failed(&keeper, &SessionKeeper::failed);
        keeper.saveAs(m_repository->beside(QStringLiteral("nowhere/kept.ferriscope")));
        workspace.decide(QStringLiteral("one"),
                         review::Decision{review::Decision::State::Dismissed, "by design"});
        QVERIFY(failed.wait());
        QCOMPARE(keeper.path(), path);
    }
    const git::Result<review::Session> saved = review::loadSession(path.toStdString());
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QCOMPARE(saved->decisions.count("one"), std::size_t(1));
}

void ReviewFlowTest::savedReviewOpensWithoutItsRepository()
{
    const QString path = m_repository->beside(QStringLiteral("kept.ferriscope"));
    {
        Workspace workspace;
        Opener opener(workspace);
        ReviewRun run(workspace, tests::scripted({makeFinding("one", Section::Critical, Severity::High, 1)}));
        SessionKeeper keeper(workspace, m_repository->beside(QStringLiteral("sessions")));
        open(workspace, opener);
        review(workspace, run);
        QSignalSpy saved(&keeper, &SessionKeeper::saved);
        keeper.saveAs(path);
        QVERIFY(saved.wait());
    }
    QVERIFY(QDir(m_repository->path()).removeRecursively());

    Workspace workspace;
    Opener opener(workspace);
    QSignalSpy completed(&opener, &Opener::completed);
    opener.openSession(path);
    QVERIFY(completed.wait());

    QCOMPARE(workspace.session().findings.size(), std::size_t(1));
    const std::size_t notes = std::size_t(workspace.fileIndex("notes.txt"));
    QCOMPARE(workspace.files()[notes].texts.newText,
             std::string("first\nsecond\n")); // not reviewed, but kept
    QVERIFY(workspace.facts(workspace.fileIndex("src/db.rs")).chosenCount() > 0);
}

void ReviewFlowTest::suggestionIsAppliedAndTakenBack()
{
    Workspace workspace;
    Opener opener(workspace);
    ReviewRun run(workspace, tests::scripted({ReviewedRepository::suggestingFinding()}));
    SuggestionApplier applier(workspace);
    open(workspace, opener);
    review(workspace, run);
    const std::string before = m_repository->read("src/db.rs");
    QSignalSpy previewed(&applier, &SuggestionApplier::previewed);
    QSignalSpy applied(&applier, &SuggestionApplier::applied);
    QSignalSpy undone(&applier, &SuggestionApplier::undone);

    applier.preview(QStringLiteral("value"));
    QVERIFY(previewed.wait());
    QVERIFY(previewed.at(0).at(0).value<SuggestionPreview>().applicable);
    QCOMPARE(m_repository->read("src/db.rs"), before); // a preview writes nothing

    applier.apply(QStringLiteral("value"));
    QVERIFY(applied.wait());
    QVERIFY(m_repository->read("src/db.rs").find("let value = 3;") != std::string::npos);
    QCOMPARE(workspace.decision(QStringLiteral("value"))->state, review::Decision::State::Applied);

    applier.undo();
    QVERIFY(undone.wait());
    QCOMPARE(m_repository->read("src/db.rs"), before);
    QVERIFY(!workspace.decision(QStringLiteral("value")));
    QVERIFY(applier.canRedo());
    applier.redo();
    QVERIFY(applied.wait());
    QVERIFY(m_repository->read("src/db.rs").find("let value = 3;") != std::string::npos);

    const QByteArray patch = applier.patch(QStringLiteral("value"));
    QVERIFY(patch.contains("-    let value = 2;\n+    let value = 3;\n"));
}

void ReviewFlowTest::suggestionThatNoLongerFitsIsNotWritten()
{
    Workspace workspace;
    Opener opener(workspace);
    ReviewRun run(workspace, tests::scripted({ReviewedRepository::suggestingFinding()}));
    SuggestionApplier applier(workspace);
    open(workspace, opener);
    review(workspace, run);
    m_repository->write("src/db.rs", "pub fn other() {}\n");
    QSignalSpy previewed(&applier, &SuggestionApplier::previewed);
    QSignalSpy failed(&applier, &SuggestionApplier::failed);

    applier.preview(QStringLiteral("value"));
    QVERIFY(previewed.wait());
    QVERIFY(!previewed.at(0).at(0).value<SuggestionPreview>().applicable);
    applier.apply(QStringLiteral("value"));
    QVERIFY(failed.wait());

    QCOMPARE(m_repository->read("src/db.rs"), std::string("pub fn other() {}\n"));
    QVERIFY(!workspace.decision(QStringLiteral("value")));
}

QTEST_GUILESS_MAIN(ReviewFlowTest)
#include "review_flow_test.moc"
