// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/lines.h"
#include "review/expert.h"
#include "review/report.h"
#include "review/session.h"
#include "tests/support/rule_bench.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using tests::EventLog;
using tests::reviewFile;
using tests::runExpert;

namespace {

const std::string quietStore = R"(use std::collections::HashMap;
use std::sync::Mutex;

pub struct Store {
    index: Mutex<HashMap<String, u64>>,
}

impl Store {
    pub fn insert(&self, key: &str) {
        let mut index = self.index.lock().unwrap();
        index.insert(key.to_string(), 1);
    }

    pub fn size(&self) -> usize {
        self.index.lock().unwrap().len()
    }
}
)";

/// `insert` calls `size`, which locks again.
const std::string deadlockedStore = [] {
    std::string text = quietStore;
    const std::string line = "        index.insert(key.to_string(), 1);\n";
    return text.replace(text.find(line), line.size(), line + "        println!(\"{}\", self.size());\n");
}();

std::vector<review::Finding> ofRule(const EventLog &log, const std::string &rule)
{
    std::vector<review::Finding> found = log.findings();
    std::erase_if(found, [&](const review::Finding &finding) { return finding.rule != rule; });
    return found;
}

review::Request requestOf(review::ReviewFile file, review::Extent extent = review::Extent::Hunks)
{
    review::Request request;
    request.files.push_back(std::move(file));
    request.extent = extent;
    return request;
}

std::string replaced(std::string text, const std::string &from, const std::string &to)
{
    return text.replace(text.find(from), from.size(), to);
}

} // namespace

class EmbeddedTest : public QObject {
    Q_OBJECT

private slots:
    void eventsComeInTheOrderOfThePasses()
    {
        const EventLog log = runExpert(requestOf(reviewFile("src/store.rs", quietStore, deadlockedStore)));
        std::vector<review::Pass> passes;
        for (const auto &started : log.all<review::PassStarted>())
            passes.push_back(started.pass);
        QCOMPARE(passes, (std::vector{review::Pass::Correctness, review::Pass::Concurrency,
                                      review::Pass::Performance, review::Pass::Idioms}));
        auto section = review::Section::Critical;
        for (const review::Finding &finding : log.findings()) {
            QVERIFY(finding.section >= section);
            section = finding.section;
        }
        QVERIFY(std::holds_alternative<review::Ended>(log.events.back()));
        QCOMPARE(std::get<review::Ended>(log.events.back()).state, review::Ended::State::Complete);
        std::size_t done = 0;
        for (const auto &progressed : log.all<review::Progressed>()) {
            QVERIFY(progressed.done >= done && progressed.done <= progressed.total);
            done = progressed.done;
        }
        QCOMPARE(done, std::size_t(4));
    }

    void aFindingThatTheChangeBroughtIsIntroduced()
    {
        const auto found = ofRule(
            runExpert(requestOf(reviewFile("src/store.rs", quietStore, deadlockedStore))), "double-lock");
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].origin, review::Origin::Introduced);
        QCOMPARE(found[0].place.path, std::string("src/store.rs"));
        QCOMPARE(found[0].place.lines.begin, 11u);
        QVERIFY2(found[0].item.find("insert") != std::string::npos, found[0].item.c_str());
        QCOMPARE(found[0].experts, std::vector<std::string>{"embedded"});
        QCOMPARE(found[0].tier, review::Tier::Finding);
        QCOMPARE(found[0].evidence.front().text, std::string("        println!(\"{}\", self.size());\n"));
    }

    void aFindingOfTheBaseIsTouchedOrExisting()
    {
        const std::string edited =
            replaced(deadlockedStore, "println!(\"{}\", self.size())", "println!(\"{} keys\", self.size())");
        auto found =
            ofRule(runExpert(requestOf(reviewFile("src/store.rs", deadlockedStore, edited))), "double-lock");
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].origin, review::Origin::Touched);

        const std::string elsewhere = deadlockedStore + "\npub fn version() -> u32 {\n    2\n}\n";
        const auto file = reviewFile("src/store.rs", deadlockedStore, elsewhere);
        QVERIFY(ofRule(runExpert(requestOf(file)), "double-lock").empty());
        found = ofRule(runExpert(requestOf(file, review::Extent::WholeFiles)), "double-lock");
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].origin, review::Origin::Existing);
    }

    void hitsOfOneCauseInAFunctionAreOneFinding()
    {
        const std::string decoder = R"(use bytes::Buf;

pub fn read<R: Buf>(r: &mut R) -> Result<Limits, DecodeError> {
    let first = r.get_number().unwrap();
    let second = r.get_var().unwrap();
    Ok(Limits { first, second })
}
)";

        const auto found =
            ofRule(runExpert(requestOf(reviewFile("src/wire.rs", "", decoder))), "unwrap-on-outside-input");

        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].place.lines.begin, 3u);
        QCOMPARE(found[0].copies.size(), std::size_t(1));
        QCOMPARE(found[0].copies[0].lines.begin, 4u);
    }

    /// Moving the function does not make its finding a new one.
    void movedCodeKeepsItsFindingAndItsId()
    {
        const std::string moved = replaced(deadlockedStore, "use std::sync::Mutex;\n",
                                           "use std::sync::Mutex;\n\npub const LIMIT: usize = 10;\n");
        const auto before =
            ofRule(runExpert(requestOf(reviewFile("src/store.rs", {}, deadlockedStore))), "double-lock");
        const auto after = ofRule(runExpert(requestOf(reviewFile("src/store.rs", deadlockedStore, moved),
                                                      review::Extent::WholeFiles)),
                                  "double-lock");
        QCOMPARE(after.size(), std::size_t(1));
        QCOMPARE(after[0].origin, review::Origin::Existing);
        QCOMPARE(after[0].id, before[0].id);
        QCOMPARE(after[0].place.lines.begin, before[0].place.lines.begin + 2);
    }

    /// The defect is in an unchanged function; the changed line is the lock that its callee now takes.
    void aChangedCalleeBringsAFindingInItsCaller()
    {
        const std::string base =
            replaced(deadlockedStore, "        self.index.lock().unwrap().len()\n", "        0\n");
        const auto found =
            ofRule(runExpert(requestOf(reviewFile("src/store.rs", base, deadlockedStore))), "double-lock");
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].origin, review::Origin::Introduced);
    }

    /// Only a removed line says what changed: the guard is no longer dropped.
    void aRemovedLineBringsAFinding()
    {
        const std::string base =
            replaced(deadlockedStore, "        println!(", "        drop(index);\n        println!(");
        const auto found =
            ofRule(runExpert(requestOf(reviewFile("src/store.rs", base, deadlockedStore))), "double-lock");
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].origin, review::Origin::Introduced);
    }

    void whatIsMissingInAFunctionWrittenAnewIsAQuestion()
    {
        const auto function = [](const std::string &save, const std::string &step) {
            std::string text = "pub fn sum(log: &Log, packet: &[u8]) -> Result<u32, Error> {\n    " + save +
                               "    let mut sum = 0;\n";
            for (int i = 0; i < 12; ++i)
                text += "    sum " + step + " u32::from(packet[" + std::to_string(i) + "]);\n";
            return text + "    Ok(sum)\n}\n";
        };
        const std::string base = function("log.save()?;\n", "+=");
        const auto tierOf = [&](const std::string &head) {
            const auto found =
                ofRule(runExpert(requestOf(reviewFile("src/sum.rs", base, head))), "dropped-error");
            return found.size() == 1 ? std::optional(found[0].tier) : std::nullopt;
        };
        QCOMPARE(tierOf(function("let _ = log.save();\n", "+=")), std::optional(review::Tier::Finding));
        QCOMPARE(tierOf(function("let _ = log.save();\n", "^=")), std::optional(review::Tier::Question));
    }

    void whatCannotBeComparedIsNotCalledNew()
    {
        const std::string unreadable = std::string(3000, '(') + "\n";
        const auto found = ofRule(
            runExpert(requestOf(reviewFile("src/store.rs", unreadable, deadlockedStore))), "double-lock");
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].origin, review::Origin::Touched);
    }

    void onlyChosenHunksAreReviewed()
    {
        auto request = requestOf(reviewFile("src/store.rs", quietStore, deadlockedStore));
        request.files[0].chosen.assign(request.files[0].chosen.size(), false);
        const EventLog log = runExpert(std::move(request));
        QVERIFY(log.findings().empty());
        QVERIFY(log.all<review::Coverage>().empty());
    }

    void testCodeIsLeftAloneUnlessItIsWhatChanged()
    {
        const std::string inTests = "#[cfg(test)]\nmod tests {\n" + deadlockedStore + "}\n";
        const auto unchanged = reviewFile("src/store.rs", inTests, inTests + "pub fn more() {}\n");
        QVERIFY(runExpert(requestOf(unchanged, review::Extent::WholeFiles)).findings().empty());
        const auto asked = ofRule(runExpert(inTests), "double-lock");
        QCOMPARE(asked.size(), std::size_t(1));
        QCOMPARE(asked[0].tier, review::Tier::Question); // it may be what the test is about
    }

    void testsMayPanic()
    {
        const std::string decoder =
            "use bytes::{Buf, Bytes};\n\npub fn decode(mut frame: Bytes) -> Option<u32> {\n"
            "    Some(frame.get_u32())\n}\n";
        const std::string rule = "decode-without-remaining";
        QCOMPARE(ofRule(runExpert(decoder), rule).size(), std::size_t(1));
        QVERIFY(ofRule(runExpert("#[cfg(test)]\nmod tests {\n" + decoder + "}\n"), rule).empty());
    }

    void authorsCanSayThatTheyKnow()
    {
        const auto withRemark = [](const std::string &remark) {
            return replaced(deadlockedStore, "        println!(",
                            "        " + remark + "\n        println!(");
        };
        QVERIFY(
            ofRule(runExpert(withRemark("// ferriscope: allow(double-lock): size never locks in this build")),
                   "double-lock")
                .empty());
        QCOMPARE(ofRule(runExpert(withRemark("// ferriscope: allow(double-lock):")), "double-lock").size(),
                 std::size_t(1));
        QCOMPARE(
            ofRule(runExpert(withRemark("// ferriscope: allow(other-rule): reason")), "double-lock").size(),
            std::size_t(1));
    }

    void coverageTellsOfEveryChosenHunk()
    {
        review::Request request;
        request.files.push_back(reviewFile("src/store.rs", quietStore, deadlockedStore));
        request.files.push_back(reviewFile("README.md", "a\n", "b\n"));
        request.files.push_back(reviewFile("src/deep.rs", {}, std::string(3000, '(') + "\n"));
        request.files.push_back(reviewFile("src/torn.rs", {}, "fn good() {}\n\nfn torn() { let = ; }\n"));
        const EventLog log = runExpert(request);
        const auto coverage = log.all<review::Coverage>();
        QCOMPARE(coverage.size(), std::size_t(4));
        QCOMPARE(coverage[0].state, review::Coverage::State::Reviewed);
        QCOMPARE(coverage[0].hunk, request.files[0].hunks[0].id);
        QCOMPARE(coverage[0].reason, std::string());
        QCOMPARE(coverage[1].state, review::Coverage::State::Skipped);
        QCOMPARE(coverage[1].reason, std::string("not a Rust file"));
        QCOMPARE(coverage[2].state, review::Coverage::State::Failed);
        QVERIFY(!coverage[2].reason.empty());
        QCOMPARE(coverage[3].state, review::Coverage::State::Reviewed);
        QVERIFY2(coverage[3].reason.find("line 3") != std::string::npos, coverage[3].reason.c_str());
    }

    void whatWasLeftOutIsSaidOnce()
    {
        auto request = requestOf(reviewFile("src/store.rs", quietStore, deadlockedStore));
        request.leftOut = {"12 files of context were left out."};
        const review::Coverage missing{"src/gone.rs", {}, {}, review::Coverage::State::Failed, "missing"};
        request.uncovered = {missing};
        review::Session session = review::makeSession({}, request, 0);
        const auto events = runExpert(std::move(request));
        for (const review::Event &event : events.events)
            review::record(session, event);
        const QString report = QString::fromStdString(review::renderMarkdown(session));
        QCOMPARE(report.count(QStringLiteral("12 files of context were left out.")), 1);
        QVERIFY(events.all<review::Coverage>().front() == missing);
    }

    void contextGivesTheTypes()
    {
        const std::string types = "use std::sync::Mutex;\npub struct Inner { pub rows: Mutex<Vec<u64>> }\n";
        const std::string user =
            "use crate::inner::Inner;\n\npub fn twice(inner: &Inner) {\n"
            "    let rows = inner.rows.lock().unwrap();\n"
            "    inner.rows.lock().unwrap().clear();\n    println!(\"{}\", rows.len());\n}\n";
        auto request = requestOf(reviewFile("src/user.rs", {}, user));
        request.context.push_back({"src/inner.rs", types, "2021"});
        QCOMPARE(ofRule(runExpert(std::move(request)), "double-lock").size(), std::size_t(1));
    }

    void twoRunsSayTheSame()
    {
        review::Request request;
        for (int i = 0; i < 4; ++i)
            request.files.push_back(
                reviewFile("src/store" + std::to_string(i) + ".rs", quietStore, deadlockedStore));
        const EventLog first = runExpert(request);
        QVERIFY(first.events == runExpert(request).events);
        std::vector<std::string> ids;
        for (const auto &finding : first.findings())
            ids.push_back(finding.id);
        std::sort(ids.begin(), ids.end());
        QVERIFY2(std::adjacent_find(ids.begin(), ids.end()) == ids.end(),
                 "each finding has an id of its own");
    }

    void suggestionsKeepTheFilesLineEnds()
    {
        std::string crlf;
        for (const char c : deadlockedStore)
            crlf += c == '\n' ? "\r\n" : std::string(1, c);
        const auto found = ofRule(runExpert(crlf), "double-lock");
        QCOMPARE(found.size(), std::size_t(1));
        QVERIFY(found[0].suggestion);
        const review::Suggestion &suggestion = *found[0].suggestion;
        QCOMPARE(suggestion.original, std::string(git::Lines(crlf).slice(suggestion.lines)));
        for (std::size_t i = 0; i < suggestion.replacement.size(); ++i) {
            if (suggestion.replacement[i] == '\n')
                QCOMPARE(suggestion.replacement[i - 1], '\r');
        }
    }

    void aStoppedReviewEndsAtOnceAndSaysWhatItDidNotDo()
    {
        std::stop_source source;
        review::Request request;
        std::string large = quietStore;
        for (int i = 0; i < 300; ++i)
            large += "\npub fn f" + std::to_string(i) +
                     "(store: &Store) -> usize {\n    let n = store.size();\n" +
                     "    if n > 3 { store.insert(\"a\"); }\n    n\n}\n";
        for (int i = 0; i < 200; ++i)
            request.files.push_back(reviewFile("src/f" + std::to_string(i) + ".rs", {}, large));
        EventLog log;
        std::jthread expert([&] { review::makeEmbeddedExpert()->review(request, log, source.get_token()); });
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        const auto asked = std::chrono::steady_clock::now();
        source.request_stop();
        expert.join();
        const auto took = std::chrono::steady_clock::now() - asked;
        QVERIFY2(took < std::chrono::milliseconds(1000), "debug builds included");
        const auto &ended = std::get<review::Ended>(log.events.back());
        QCOMPARE(ended.state, review::Ended::State::Stopped);
        const auto coverage = log.all<review::Coverage>();
        QCOMPARE(coverage.size(), request.files.size());
        QVERIFY(coverage.front().state == review::Coverage::State::Skipped);
        QVERIFY(coverage.front().reason.find("stopped") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(EmbeddedTest)
#include "embedded_test.moc"
