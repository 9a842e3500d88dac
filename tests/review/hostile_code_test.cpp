// SPDX-License-Identifier: GPL-3.0-or-later
//
// Code that wants to harm the expert, and an expert that is killed: the review lives, and each part of the
// change ends as reviewed or as not analysed. FERRISCOPE_MUTANTS and FERRISCOPE_KILLS in the environment ask
// for more of both.
#include "review/session.h"
#include "tests/support/mutants.h"
#include "tests/support/test_worker.h"

#include <QFile>

#include <atomic>
#include <chrono>

using review::Coverage;
using review::Ended;
using tests::EventLog;

namespace {

int wanted(const char *variable, int otherwise)
{
    return qEnvironmentVariableIsSet(variable) ? qEnvironmentVariableIntValue(variable) : otherwise;
}

std::string repeated(std::string_view piece, std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += piece;
    return text;
}

/// Why the review is not what a reader may rely on; empty when each part of the request was accounted for,
/// once.
std::string flaw(const review::Request &request, const EventLog &log)
{
    std::vector<std::pair<std::string, std::string>> wanted;
    for (const review::ReviewFile &file : request.files) {
        for (const git::Hunk &hunk : file.hunks)
            wanted.emplace_back(file.delta.path(), hunk.id);
        if (file.hunks.empty()) // the same text on both sides
            wanted.emplace_back(file.delta.path(), "");
    }
    std::vector<std::pair<std::string, std::string>> told;
    for (const Coverage &part : log.all<Coverage>()) {
        told.emplace_back(part.path, part.hunk);
        if (part.state != Coverage::State::Reviewed && part.reason.empty())
            return part.path + " was not analysed, and nobody says why";
    }
    if (told != wanted)
        return "not each hunk was accounted for once";
    if (log.all<Ended>().size() != 1 || !std::holds_alternative<Ended>(log.events.back()))
        return "it has not one end";
    std::set<std::string> ids;
    for (const review::Finding &finding : log.findings()) {
        if (!ids.insert(finding.id).second)
            return finding.title + " was told twice";
    }
    return {};
}

std::size_t failures(const EventLog &log)
{
    const auto parts = log.all<Coverage>();
    return static_cast<std::size_t>(std::count_if(parts.begin(), parts.end(), [](const Coverage &part) {
        return part.state == Coverage::State::Failed;
    }));
}

/// Ends a child of this process at random moments, as the kernel does it when memory is short.
class Killer {
public:
    Killer(unsigned seed, int kills, int longestPauseMs)
        : m_left(kills)
        , m_thread([this, seed, longestPauseMs](std::stop_token stop) {
            std::mt19937 random(seed);
            while (m_left > 0 && !stop.stop_requested()) {
                std::this_thread::sleep_for(
                    std::chrono::microseconds(random() % unsigned(longestPauseMs * 1000)));
                if (killOne())
                    --m_left;
            }
        })
    {}
    int left() const { return m_left; }

private:
    static bool killOne()
    {
        QFile file(QStringLiteral("/proc/self/task/%1/children").arg(::getpid()));
        if (!file.open(QIODevice::ReadOnly))
            return false;
        const QByteArray first = file.readAll().split(' ').constFirst();
        return !first.isEmpty() && ::kill(first.toInt(), SIGKILL) == 0;
    }

    std::atomic<int> m_left;
    std::jthread m_thread;
};

} // namespace

class HostileCodeTest : public QObject {
    Q_OBJECT

private slots:
    /// What crashed or stopped older parsers, each by itself and beside code that is well.
    void survivesWhatCrashedOlderParsers_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto add = [](const char *name, const std::string &text) {
            QTest::newRow(name) << QByteArray::fromStdString(text);
        };
        add("65,540 children of one error", repeated("(", 65'540));
        add("66,000 parentheses", repeated("(", 66'000) + "\n");
        add("three kinds of brackets", repeated("{[(", 30'000));
        add("closures in closures", repeated("&|a|", 100'000));
        add("15,000 nested parentheses",
            "fn f() { let x = " + repeated("(", 15'000) + "1" + repeated(")", 15'000) + "; }\n");
        add("15,000 nested blocks", "fn f() " + repeated("{", 15'000) + repeated("}", 15'000) + "\n");
        add("15,000 nested types",
            "fn f(x: " + repeated("Vec<", 15'000) + "u8" + repeated(">", 15'000) + ") {}\n");
        std::mt19937 random(7);
        std::string noise(1'000'000, '\0');
        for (char &byte : noise)
            byte = static_cast<char>(random());
        add("random bytes", noise);
    }

    void survivesWhatCrashedOlderParsers()
    {
        QFETCH(QByteArray, text);
        const std::string well = "fn get(m: &std::sync::Mutex<u8>) -> u8 {\n    *m.lock().unwrap()\n}\n";
        const review::Request request =
            tests::requestOf({{"src/a.rs", well}, {"src/b.rs", text.toStdString()}, {"src/c.rs", well}});
        const EventLog log = tests::review(request, tests::testProgram("embedded"));
        const std::string why = flaw(request, log);
        QVERIFY2(why.empty(), why.c_str());
        QCOMPARE(log.all<Coverage>().front().state, Coverage::State::Reviewed);
        QCOMPARE(log.all<Coverage>().back().state, Coverage::State::Reviewed);
    }

    void survivesMutants()
    {
        constexpr unsigned inOne = 50; // half of them to review, half of them around
        const auto count = static_cast<unsigned>(wanted("FERRISCOPE_MUTANTS", 100));
        tests::Mutants mutants;
        std::size_t failed = 0;
        for (unsigned first = 0; first < count; first += inOne) {
            review::Request request;
            for (unsigned seed = first; seed < first + inOne; ++seed) {
                const std::string path = "src/m" + std::to_string(seed) + ".rs";
                if (seed % 2 == 0)
                    request.files.push_back(
                        tests::reviewFile(path, mutants.make(seed + 1'000'000), mutants.make(seed)));
                else
                    request.context.push_back({path, mutants.make(seed), "2021"});
            }
            const EventLog log = tests::review(request, tests::testProgram("embedded"));
            const std::string why = flaw(request, log);
            QVERIFY2(why.empty(), ("mutants from seed " + std::to_string(first) + ": " + why).c_str());
            failed += failures(log);
            for (const auto &note : log.all<review::Note>()) {
                if (note.text.find("the expert ") != std::string::npos)
                    qWarning("seed %u: %s", first, note.text.c_str());
            }
        }
        qInfo("%u mutants, %zu hunks not analysed", count, failed);
    }

    void survivesBeingKilled()
    {
        constexpr unsigned seed = 20261122;
        const int kills = wanted("FERRISCOPE_KILLS", 30);
        review::Request request;
        for (const review::SampleFile &file : review::sampleFiles()) {
            if (file.branch == "head" && file.path.ends_with(".rs"))
                request.files.push_back(
                    tests::reviewFile(std::string(file.path), {}, std::string(file.bytes)));
        }
        const auto begun = std::chrono::steady_clock::now();
        const auto expected = tests::review(request, tests::testProgram("embedded")).findings();
        const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begun;
        int reviews = 0;
        int whole = 0;
        const Killer killer(seed, kills, static_cast<int>(time.count() * 2));
        while (killer.left() > 0) {
            const EventLog log = tests::review(request, tests::testProgram("embedded"));
            const std::string why = flaw(request, log);
            QVERIFY2(why.empty(), ("seed " + std::to_string(seed) + ": " + why).c_str());
            ++reviews;
            if (failures(log) > 0)
                continue;
            ++whole;
            QCOMPARE(log.findings().size(), expected.size());
        }
        qInfo("%d kills in %d reviews, %d of which went through all the same", kills, reviews, whole);
    }
};

int main(int argc, char **argv)
{
    return tests::runSuite<HostileCodeTest>(argc, argv);
}

#include "hostile_code_test.moc"
