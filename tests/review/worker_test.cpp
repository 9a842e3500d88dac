// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/sample.h"
#include "review/session.h"
#include "review/worker/expert_list.h"
#include "review/worker/ready_worker.h"
#include "tests/support/test_worker.h"

#include <QFile>
#include <QTemporaryDir>

#include <cerrno>
#include <sys/wait.h>

using namespace std::chrono_literals;
using review::Coverage;
using review::Ended;
using tests::EventLog;
using tests::requestOf;
using tests::testProgram;

namespace {

/// "a.rs reviewed, b.rs failed": what the reader is told of each file.
std::string states(const EventLog &log)
{
    std::string text;
    for (const Coverage &part : log.all<Coverage>())
        text += (text.empty() ? "" : ", ") + part.path + ' ' + review::toText(part.state);
    return text;
}

std::string found(const EventLog &log)
{
    std::string paths;
    for (const review::Finding &finding : log.findings())
        paths += (paths.empty() ? "" : ", ") + finding.place.path;
    return paths;
}

int count(const EventLog &log, const std::string &words)
{
    const auto notes = log.all<review::Note>();
    return static_cast<int>(std::count_if(notes.begin(), notes.end(), [&](const review::Note &note) {
        return note.text.find(words) != std::string::npos;
    }));
}

bool hasEnded(const EventLog &log, Ended::State state)
{
    const auto ended = log.all<Ended>();
    return ended.size() == 1 && std::holds_alternative<Ended>(log.events.back()) && ended[0].state == state;
}

bool isComplete(const EventLog &log)
{
    review::Session session;
    for (const review::Event &event : log.events)
        review::record(session, event);
    return session.complete();
}

/// The sample as one change: every file of its head against that of its base.
review::Request sampleRequest()
{
    std::map<std::string, std::pair<std::string, std::string>> texts;
    for (const review::SampleFile &file : review::sampleFiles()) {
        auto &[base, head] = texts[std::string(file.path)];
        (file.branch == "base" ? base : head) = file.bytes;
    }
    review::Request request;
    for (const auto &[path, both] : texts) {
        if (path.ends_with(".rs") && both.first != both.second)
            request.files.push_back(tests::reviewFile(path, both.first, both.second));
        else if (path.ends_with(".rs"))
            request.context.push_back({path, both.second, "2021"});
    }
    return request;
}

} // namespace

class WorkerTest : public QObject {
    Q_OBJECT

private slots:
    void requestComesBackFromItsLines()
    {
        review::Request request = sampleRequest();
        request.scope = {"store", "main", "feature", "main...feature"};
        request.leftOut = {"A sentence."};
        request.uncovered = {{"big.rs", "h", {1, 2}, Coverage::State::Failed, "too large"}};
        request.files.push_back(tests::reviewFile("src/\xff.rs", "fn a() {}\n", "fn \xfe() {}\r\n"));
        request.context.push_back({"b\n.rs", "\xc3\x28", {}});
        review::RequestReader reader;
        review::RequestLines lines(request, {}, review::Pace::Careful);
        bool isWhole = false;
        while (const auto line = lines.next()) {
            QVERIFY(!isWhole && line->find('\n') == line->size() - 1);
            const auto taken = reader.take(line->substr(0, line->size() - 1));
            QVERIFY2(taken, taken ? "" : taken.error().message.c_str());
            isWhole = *taken;
        }
        QVERIFY(isWhole && reader.request() == request);
        QVERIFY(reader.pace() == review::Pace::Careful);
    }

    void saysWhatIsSaidInProcess()
    {
        const review::Request request = sampleRequest();
        EventLog expected = tests::runExpert(request);
        EventLog told = tests::review(request, testProgram("embedded"));
        QVERIFY(expected.findings().size() > 15);
        QVERIFY(told.findings() == expected.findings());
        QVERIFY(told.all<Coverage>() == expected.all<Coverage>());
        QVERIFY(told.all<review::Note>() == expected.all<review::Note>());
        QVERIFY(isComplete(told));
    }

    void careChangesNothing()
    {
        const review::Request request = sampleRequest();
        EventLog careful;
        review::makeEmbeddedExpert({}, review::Pace::Careful)->review(request, careful, {});
        QVERIFY(careful.findings() == tests::runExpert(request).findings());
        QVERIFY(careful.all<review::FileBegun>().size() > 4 * request.files.size());
    }

    void deathCostsTheFileItHappenedAt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        QTest::newRow("killed") << "crash\n"
                                << "signal 9 (Killed)";
        QTest::newRow("no memory") << "throw\n"
                                   << "std::bad_alloc";
        QTest::newRow("silent") << "hang\n"
                                << "no sign of life for 1 seconds";
        QTest::newRow("no event") << "garbage\n"
                                  << "no event of its protocol";
        QTest::newRow("endless line") << "endless\n"
                                      << "no event of its protocol";
    }

    void deathCostsTheFileItHappenedAt()
    {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        review::WorkerProgram program = testProgram("breaking");
        if (text.startsWith(QStringLiteral("hang")))
            program.patience = 1s;
        const EventLog log = tests::review(
            requestOf({{"a.rs", "fn a\n"}, {"b.rs", text.toStdString()}, {"c.rs", "fn c\n"}}), program);
        QCOMPARE(states(log), "a.rs reviewed, b.rs failed, c.rs reviewed");
        QCOMPARE(found(log), "a.rs, c.rs"); // a.rs's was told by three workers
        QVERIFY(hasEnded(log, Ended::State::Complete));
        QVERIFY(!isComplete(log));
        const std::string why = log.all<Coverage>()[1].reason;
        QVERIFY2(why.find(reason.toStdString()) != std::string::npos, why.c_str());
        QCOMPARE(count(log, "`b.rs` was not analysed"), 1);
        QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1); // no worker is left
        QCOMPARE(errno, ECHILD);
    }

    void findingsOfOneIdStayApart()
    {
        const EventLog log =
            tests::review(requestOf({{"a.rs", "fn a\n"}, {"b.rs", "fn b\n"}}), testProgram("breaking"));
        QCOMPARE(log.findings()[0].id, "d1");
        QCOMPARE(log.findings()[1].id, "d1-2");
    }

    void deathAtContextCostsItsTypesOnly()
    {
        const EventLog log =
            tests::review(requestOf({{"a.rs", "fn a\n"}}, {{"b.rs", "crash\n"}, {"c.rs", "fn c\n"}}),
                          testProgram("breaking"));
        QCOMPARE(states(log), "a.rs reviewed");
        QCOMPARE(found(log), "a.rs");
        QVERIFY(isComplete(log));
        QCOMPARE(count(log, "`b.rs`, which surrounds the change, are not known"), 1);
    }

    void tooManyDeathsEndTheReview()
    {
        std::map<std::string, std::string> files{{"a.rs", "fn a\n"}};
        for (int file = 0; file < 20; ++file)
            files["b" + std::to_string(file) + ".rs"] = "crash\n";
        const EventLog log = tests::review(requestOf(files), testProgram("breaking"));
        QVERIFY(hasEnded(log, Ended::State::Failed));
        QCOMPARE(log.all<Coverage>().size(), files.size());
        QCOMPARE(found(log), "a.rs");
    }

    void whatIsNotThereIsNotBelieved()
    {
        const EventLog log =
            tests::review(requestOf({{"a.rs", "lie\n"}, {"b.rs", "misfit\n"}}), testProgram("breaking"));
        QCOMPARE(found(log), "b.rs");
        QCOMPARE(log.all<review::FindingRejected>().size(), std::size_t(1));
        QVERIFY(!log.findings()[0].suggestion);
        QCOMPARE(count(log, "A change suggested for `b.rs`, line 1"), 1);
    }

    void inheritsNothing()
    {
        const int open = ::dup(STDERR_FILENO);
        qputenv("HOME", "/");
        const EventLog log = tests::review(requestOf({{"a.rs", "fn a\n"}}), testProgram("breaking"));
        ::close(open);
        const std::string inherited = log.all<review::Note>()[0].text;
        // Two more files are the worker's own: what wakes its watcher, nothing else.
        QVERIFY2(inherited == "files: 0 1 2 3; no home", inherited.c_str());
    }

    void stoppedReviewKeepsWhatCame()
    {
        std::stop_source stop;
        struct Stopper : EventLog {
            std::stop_source *stop;
            void receive(const review::Event &event) override
            {
                EventLog::receive(event);
                if (std::holds_alternative<review::FindingClosed>(event))
                    stop->request_stop();
            }
        } log;
        log.stop = &stop;
        review::WorkerExpert(testProgram("breaking"))
            .review(requestOf({{"a.rs", "fn a\n"}, {"b.rs", "hang\n"}}), log, stop.get_token());
        QCOMPARE(found(log), "a.rs");
        QCOMPARE(states(log), "a.rs skipped, b.rs skipped");
        QVERIFY(hasEnded(log, Ended::State::Stopped));
        QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1);
    }

    void workerEndsWithoutItsParent()
    {
        const review::Request request = requestOf({{"a.rs", "hang\n"}});
        auto child = review::ChildProcess::start(testProgram("breaking").command);
        QVERIFY(child);
        review::RequestLines lines(request, {}, review::Pace::Quick);
        while (const auto line = lines.next())
            QCOMPARE(::write(child->input(), line->data(), line->size()), ssize_t(line->size()));
        const pid_t id = child->id();
        child->closeInput(); // as the kernel does it for a parent that died
        int status = 0;
        QCOMPARE(::waitpid(id, &status, 0), id);
        QVERIFY(WIFEXITED(status)); // nobody killed it
    }

    void aProgramThatIsNotThereIsSaid()
    {
        const EventLog log = tests::review(requestOf({{"a.rs", "fn a\n"}}),
                                           {"mine", {"/nowhere/expert", {"expert"}, true}, 0, 1s});
        QVERIFY(hasEnded(log, Ended::State::Failed));
        QCOMPARE(states(log), "a.rs failed");
        const std::string why = log.all<Ended>()[0].reason;
        QVERIFY2(why.find("/nowhere/expert could not be started: No such file") != std::string::npos,
                 why.c_str());
    }

    void aLargeRequestAndManyAnswersPassEachOther()
    {
        std::map<std::string, std::string> files;
        for (int file = 0; file < 100; ++file)
            files["f" + std::to_string(file) + ".rs"] = "fn a\n" + std::string(3000, ' ');
        // This program answers while it still reads: neither may wait for the other.
        const std::string echo =
            "while read -r line; do i=0; while [ $i -lt 20 ]; do i=$((i+1)); "
            "echo '{\"event\":\"PassStarted\",\"expert\":\"x\",\"pass\":0}'; done; done; "
            "echo Enough >&2; exit 3";
        review::WorkerProgram program{"mine", {"sh", {"sh", "-c", echo}, true}, 0, 60s};
        std::stop_source stop;
        struct Counter : EventLog {
            std::stop_source *stop;
            void receive(const review::Event &event) override
            {
                EventLog::receive(event);
                if (events.size() == 100 * 20)
                    stop->request_stop();
            }
        } log;
        log.stop = &stop;
        review::WorkerExpert(program).review(requestOf(files), log, stop.get_token());
        QVERIFY(log.events.size() >= 100 * 20);
        QVERIFY(hasEnded(log, Ended::State::Stopped));
    }

    void aWorkerThatWaitedReviewsAsWell()
    {
        review::ReadyWorker worker{{}};
        worker.prepare();
        worker.prepare();
        for (int reviews = 0; reviews < 2; ++reviews) { // the second one's is started when it is asked for
            EventLog log;
            worker.make("embedded")->review(requestOf({{"a.rs", "fn a() {}\n"}}), log, {});
            QVERIFY(isComplete(log));
        }
        QVERIFY(!worker.make("nobody"));
    }

    void settingsNamePrograms()
    {
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        QCOMPARE(review::ExpertList::read(path)->names(), review::expertNames());
        const auto read = [&](const QByteArray &json) {
            QFile file(folder.filePath(QStringLiteral("experts.json")));
            if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size())
                qWarning("no experts.json");
            file.close();
            return review::ExpertList::read(path);
        };
        const auto list =
            read(R"({"mine": {"kind": "command", "command": ["/bin/mine", "--fast"], "patience": 7}})");
        QVERIFY2(list, list ? "" : list.error().message.c_str());
        QCOMPARE(list->names().back(), "mine");
        QVERIFY(!list->program("embedded") && !list->program("other"));
        const review::WorkerProgram *mine = list->program("mine");
        QVERIFY(mine && mine->command.arguments == (std::vector<std::string>{"/bin/mine", "--fast"}));
        QCOMPARE(mine->patience, 7000ms);
        for (const char *wrong :
             {"", "[]", R"({"mine": 3})", R"({"mine": {"kind": "shell", "command": ["x"]}})",
              R"({"mine": {"kind": "command", "command": "rm -r"}})",
              R"({"mine": {"kind": "command", "command": []}})",
              R"({"mine": {"kind": "command", "command": ["./x"]}})",
              R"({"mine": {"kind": "command", "command": ["x"], "patience": 0}})",
              R"({"embedded": {"kind": "command", "command": ["x"]}})"}) {
            const auto refused = read(wrong);
            QVERIFY2(!refused && refused.error().message.find("experts.json") != std::string::npos, wrong);
        }
    }

    void aProgramThatFailsSaysWhy()
    {
        const EventLog log = tests::review(
            requestOf({{"a.rs", "fn a\n"}}),
            {"mine", {"sh", {"sh", "-c", "echo First; echo No key >&2; exit 3"}, true}, 0, 60s});
        const EventLog silent =
            tests::review(requestOf({{"a.rs", "fn a\n"}}),
                          {"mine", {"sh", {"sh", "-c", "echo No key >&2; exit 3"}, true}, 0, 60s});
        QVERIFY(hasEnded(log, Ended::State::Failed));
        QCOMPARE(silent.all<Ended>()[0].reason, "it ended with exit status 3, saying: No key");
    }
};

int main(int argc, char **argv)
{
    return tests::runSuite<WorkerTest>(argc, argv);
}

#include "worker_test.moc"
