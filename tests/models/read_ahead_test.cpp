// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/opener.h"
#include "models/read_ahead.h"
#include "review/embedded/engine_version.h"
#include "review/review_cache.h"
#include "tests/support/scripted_expert.h"

#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <semaphore>
#include <thread>

using namespace models;

namespace {

/// Says when it was begun, and reads until it is stopped.
struct EndlessReader : review::Expert {
    std::binary_semaphore &begun;
    std::binary_semaphore &stopped;

    EndlessReader(std::binary_semaphore &begins, std::binary_semaphore &stops) : begun(begins), stopped(stops)
    {}
    std::string name() const override { return "endless"; }
    void review(const review::Request &, review::EventSink &, std::stop_token stop) override
    {
        begun.release();
        while (!stop.stop_requested())
            std::this_thread::yield();
        stopped.release();
    }
};

} // namespace

class ReadAheadTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsOpenIsKnownBeforeAReview()
    {
        const tests::ReviewedRepository repository;
        const QTemporaryDir cache;
        Workspace workspace;
        Opener opener(workspace);
        ReadAhead reader(workspace, [&] { return review::makeEmbeddedExpert(cache.path().toStdString()); });
        QSignalSpy finished(&reader, &ReadAhead::finished);
        opener.openRepository(repository.path(), *git::parseRange("main...feature"));
        QVERIFY(finished.wait());
        QVERIFY(QFileInfo(cache.filePath(QStringLiteral("trees-1.sqlite"))).size() > 0);
        QVERIFY(workspace.session().findings.empty() && workspace.session().ended.empty());
    }

    void aReviewOfAllRustThatIsAskedForLaterIsThere()
    {
        const tests::ReviewedRepository repository;
        const QTemporaryDir cache;
        Workspace workspace;
        Opener opener(workspace);
        const auto makeExpert = [&] { return review::makeEmbeddedExpert(cache.path().toStdString()); };
        ReadAhead reader(workspace, makeExpert);
        QSignalSpy finished(&reader, &ReadAhead::finished);
        opener.openRepository(repository.path(), *git::parseRange("main...feature"));
        QVERIFY(finished.wait());
        const auto opened = git::Repository::open(workspace.opened().path);
        const auto request = review::makeRequest(*opened, workspace.diff(), {}, review::Extent::Hunks);

        const auto kept = review::ReviewCache(cache.path().toStdString())
                              .find(review::reviewKey(*request, review::embedded::engineVersion(), {}));

        QVERIFY(kept);
        QVERIFY(std::any_of(kept->begin(), kept->end(), [](const review::Event &event) {
            return std::holds_alternative<review::FindingClosed>(event);
        }));
    }

    void aReviewEndsTheReading()
    {
        const tests::ReviewedRepository repository;
        Workspace workspace;
        Opener opener(workspace);
        std::binary_semaphore begun(0);
        std::binary_semaphore stopped(0);
        ReadAhead reader(workspace, [&] { return std::make_unique<EndlessReader>(begun, stopped); });
        QSignalSpy finished(&reader, &ReadAhead::finished);
        QSignalSpy completed(&opener, &Opener::completed);
        opener.openRepository(repository.path(), *git::parseRange("main...feature"));
        QVERIFY(completed.wait());
        begun.acquire();
        workspace.beginReview({});
        stopped.acquire();
        QTest::qWait(10);
        QCOMPARE(finished.count(), 0);
    }
};

QTEST_GUILESS_MAIN(ReadAheadTest)
#include "read_ahead_test.moc"
