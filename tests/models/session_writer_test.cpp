// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/session_writer.h"

#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <semaphore>

using namespace models;
using Store = SessionWriter::Store;

namespace {

SessionWriter::Write counting(std::atomic<int> &count)
{
    return [&count](Store &, std::stop_token) {
        ++count;
        return git::Result<void>();
    };
}

} // namespace

class SessionWriterTest : public QObject {
    Q_OBJECT

private slots:
    void theWholeLeavesOutNothingNewer();
    void whatCanNeverBeWrittenStopsNothing();
};

void SessionWriterTest::theWholeLeavesOutNothingNewer()
{
    std::atomic<int> wholes = 0;
    std::atomic<int> newer = 0;
    {
        std::binary_semaphore begun(0);
        std::binary_semaphore mayEnd(0);
        SessionWriter writer;
        writer.add([&](Store &, std::stop_token) {
            begun.release();
            mayEnd.acquire();
            return git::Result<void>();
        });
        begun.acquire();
        writer.addWhole(counting(wholes), [](const git::Result<void> &) {});
        writer.add(counting(newer)); // while the first is still being written

        mayEnd.release();
    }
    QCOMPARE(wholes.load(), 1);
    QCOMPARE(newer.load(), 1);
}

void SessionWriterTest::whatCanNeverBeWrittenStopsNothing()
{
    std::atomic<int> attempts = 0;
    std::atomic<int> later = 0;
    SessionWriter writer;
    QSignalSpy waiting(&writer, &SessionWriter::waiting);
    QSignalSpy gaveUp(&writer, &SessionWriter::gaveUp);
    QSignalSpy caughtUp(&writer, &SessionWriter::caughtUp);
    writer.add([&](Store &, std::stop_token) -> git::Result<void> {
        const bool first = ++attempts == 1;
        return git::Error{first ? git::ErrorKind::Io : git::ErrorKind::InvalidInput, "It cannot be written."};
    });
    QVERIFY(waiting.count() > 0 || waiting.wait());

    writer.retry();

    QVERIFY(gaveUp.count() > 0 || gaveUp.wait());
    QTRY_COMPARE(caughtUp.count(), 1);
    QTest::qWait(6000); // longer than the pause before another attempt
    writer.add(counting(later));
    QTRY_COMPARE(later.load(), 1);
}

QTEST_GUILESS_MAIN(SessionWriterTest)
#include "session_writer_test.moc"
