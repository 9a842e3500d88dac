// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/event_json.h"
#include "review/expert.h"
#include "review/review_cache.h"
#include "tests/support/rule_bench.h"
#include "tests/support/small_review.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using review::Event;

namespace {

std::vector<Event> someEvents()
{
    return {review::PassStarted{"embedded", review::Pass::Concurrency},
            review::Progressed{"embedded", 1, 4, "src/d\xff.rs"},
            review::FindingClosed{tests::deadlock()},
            review::FindingRejected{"A title", "a reason"},
            review::Coverage{"src/db.rs", "h1", {3, 9}, review::Coverage::State::Failed, "too large"},
            review::Note{"embedded", "A sentence."},
            review::Ended{"embedded", review::Ended::State::Complete, {}}};
}

} // namespace

class ReviewCacheTest : public QObject {
    Q_OBJECT

private slots:
    void everyEventComesBackFromItsLine()
    {
        for (const Event &event : someEvents()) {
            const std::string line = review::toLine(event);
            QVERIFY(line.find('\n') == std::string::npos);
            QVERIFY2(review::eventOf(line) == event, line.c_str());
        }
        for (const char *wrong : {"", "{}", "[]", R"({"event":"Nothing"})", R"({"event":"Note","expert":3})"})
            QVERIFY2(!review::eventOf(wrong), wrong);
    }

    void whatWasKeptIsFoundByItsKeyOnly()
    {
        const review::ReviewCache cache(folder("plain"));
        QVERIFY(!cache.find("one"));
        cache.keep("one", someEvents());
        QVERIFY(cache.find("one") == someEvents());
        QVERIFY(!cache.find("two"));
        cache.keep("", someEvents());
        QVERIFY(!cache.find(""));
    }

    void aReviewThatIsNotCompleteIsNotKept()
    {
        const review::ReviewCache cache(folder("stopped"));
        cache.keep("one", {review::Ended{"embedded", review::Ended::State::Stopped, "stopped by the user"}});
        QVERIFY(!cache.find("one"));
    }

    void aDamagedFileIsBegunAnew()
    {
        const review::ReviewCache cache(folder("damaged"));
        cache.keep("one", someEvents());
        QFile file(QString::fromStdString(folder("damaged")) + QStringLiteral("/reviews-1.sqlite"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        QVERIFY(!cache.find("one"));
        cache.keep("one", someEvents());
        QVERIFY(cache.find("one") == someEvents());
    }

    void damageFurtherInIsBegunAnewToo()
    {
        const review::ReviewCache cache(folder("inside"));
        for (int i = 0; i < 50; ++i)
            cache.keep("key" + std::to_string(i), someEvents());
        QFile file(QString::fromStdString(folder("inside")) + QStringLiteral("/reviews-1.sqlite"));
        QVERIFY(file.open(QIODevice::ReadWrite) && file.size() > 16'384);
        const QByteArray junk(static_cast<qsizetype>(file.size()) - 8192, 'x');
        QVERIFY(file.seek(8192) && file.write(junk) == junk.size()); // the first pages stay
        file.close();
        for (int i = 0; i < 50; ++i)
            (void)cache.find("key" + std::to_string(i));
        cache.keep("new", someEvents());
        cache.keep("new", someEvents()); // a first write that meets the damage takes the file away
        QVERIFY(cache.find("new") == someEvents());
    }

    void twoWritersAtOnceLoseNothing()
    {
        const std::string shared = folder("shared");
        const auto write = [&](const std::string &name) {
            const review::ReviewCache cache(shared);
            for (int i = 0; i < 20; ++i)
                cache.keep(name + std::to_string(i), someEvents());
        };
        {
            const std::jthread first(write, "a");
            const std::jthread second(write, "b");
        }
        const review::ReviewCache cache(shared);
        QVERIFY(cache.find("a19") == someEvents());
        QVERIFY(cache.find("b19") == someEvents());
    }

    void aSecondReviewSaysTheSameAndAChangedTextIsReviewedAgain()
    {
        review::Request request;
        request.files.push_back(tests::reviewFile("src/lib.rs", {},
                                                  "use std::sync::Mutex;\n"
                                                  "fn f(m: &Mutex<u8>) {\n"
                                                  "    let _ = m.lock();\n"
                                                  "    println!(\"unguarded\");\n"
                                                  "}\n"));
        const auto expert = review::makeEmbeddedExpert(folder("expert"));
        tests::EventLog first;
        expert->review(request, first, {});
        tests::EventLog second;
        expert->review(request, second, {});
        QCOMPARE(second.findings().size(), std::size_t(1));
        QVERIFY(second.findings() == first.findings());
        QVERIFY(second.all<review::Coverage>() == first.all<review::Coverage>());

        const std::string key = review::reviewKey(request, "1");
        QVERIFY(key == review::reviewKey(request, "1"));
        QVERIFY(key != review::reviewKey(request, "2"));
        request.files[0].texts.newText[0] = ' ';
        QVERIFY(key != review::reviewKey(request, "1"));
    }

private:
    std::string folder(const char *name) { return m_folder.filePath(QLatin1String(name)).toStdString(); }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ReviewCacheTest)
#include "review_cache_test.moc"
