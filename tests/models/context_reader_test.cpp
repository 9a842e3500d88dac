// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/context_reader.h"
#include "models/opener.h"
#include "tests/support/scripted_expert.h"

#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

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

class ContextReaderTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsOpenIsKnownBeforeAReview()
    {
        const tests::ReviewedRepository repository;
        const QTemporaryDir cache;
        Workspace workspace;
        Opener opener(workspace);
        ContextReader reader(workspace,
                             [&] { return review::makeEmbeddedExpert(cache.path().toStdString()); });
        QSignalSpy finished(&reader, &ContextReader::finished);
        opener.openRepository(repository.path(), *git::parseRange("main...feature"));
        QVERIFY(finished.wait());
        QVERIFY(QFileInfo(cache.filePath(QStringLiteral("trees-1.sqlite"))).size() > 0);
        QVERIFY(workspace.session().findings.empty() && workspace.session().ended.empty());
    }

    void theFilesOfTheChangeAreContextAndNothingIsReviewed()
    {
        struct Looking : review::Expert {
            review::Request &seen;
            explicit Looking(review::Request &into) : seen(into) {}
            std::string name() const override { return "looking"; }
            void review(const review::Request &request, review::EventSink &, std::stop_token) override
            {
                seen = request;
            }
        };
        const tests::ReviewedRepository repository;
        Workspace workspace;
        Opener opener(workspace);
        review::Request seen;
        ContextReader reader(workspace, [&] { return std::make_unique<Looking>(seen); });
        QSignalSpy finished(&reader, &ContextReader::finished);
        opener.openRepository(repository.path(), *git::parseRange("main...feature"));
        QVERIFY(finished.wait());
        QVERIFY(seen.files.empty());
        QStringList paths;
        for (const review::ContextFile &file : seen.context)
            paths << QString::fromStdString(file.path);
        QCOMPARE(paths.count(QStringLiteral("src/db.rs")), 2); // before the change and after it
        QCOMPARE(paths.count(QStringLiteral("src/net/wire.rs")), 1);
        QVERIFY(!paths.contains(QStringLiteral("notes.txt")));
    }

    void aReviewEndsTheReading()
    {
        const tests::ReviewedRepository repository;
        Workspace workspace;
        Opener opener(workspace);
        std::binary_semaphore begun(0);
        std::binary_semaphore stopped(0);
        ContextReader reader(workspace, [&] { return std::make_unique<EndlessReader>(begun, stopped); });
        QSignalSpy finished(&reader, &ContextReader::finished);
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

QTEST_GUILESS_MAIN(ContextReaderTest)
#include "context_reader_test.moc"
