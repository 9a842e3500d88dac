// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/lines.h"
#include "review/embedded/card_trial.h"
#include "review/review_cache.h"
#include "review/rules/card_page.h"
#include "review/rules/team_rules.h"
#include "review/session.h"
#include "review/worker/worker_protocol.h"
#include "tests/support/rule_bench.h"
#include "tests/support/test_repository.h"

#include <QElapsedTimer>
#include <QTest>

#include <map>
#include <string>
#include <vector>

using tests::EventLog;

namespace {

/// A card whose query is put in; it finds in the section critical, so in test code too.
std::string cardOf(const std::string &query, const std::string &says = {})
{
    return "---\nsection: critical\nseverity: high\n" + (says.empty() ? "" : "says: " + says + "\n") +
           "---\n# Something is found\n## Why it matters\nIt does.\n## Query\n```query\n" + query +
           "\n```\n## Example\n```rust\nfn f() {} //~ team/some-rule\n```\n## Instead\n```rust\nfn g() "
           "{}\n```\n";
}

std::string replaced(std::string text, const std::string &from, const std::string &to)
{
    return text.replace(text.find(from), from.size(), to);
}

const std::string file = ".ferriscope/rules/some_rule.md";

std::string mistakeOf(const std::string &query)
{
    const auto card = review::rules::parseTeamCard(file, cardOf(query));
    return card ? std::string() : card.error().message;
}

EventLog reviewBy(const std::string &card, const std::string &code, const std::string &path = "src/lib.rs")
{
    review::Request request;
    request.files.push_back(tests::reviewFile(path, {}, code));
    request.teamCards.push_back({file, card});
    return tests::runExpert(std::move(request));
}

/// The 1-based lines, in order, that a query's rule finds in a new file.
QList<int> linesFound(const std::string &query, const std::string &code,
                      const std::string &path = "src/lib.rs")
{
    QList<int> lines;
    for (const review::Finding &finding : reviewBy(cardOf(query), code, path).findings()) {
        if (finding.rule != "team/some-rule")
            continue;
        lines.append(static_cast<int>(finding.place.lines.begin) + 1);
        for (const review::Place &copy : finding.copies)
            lines.append(static_cast<int>(copy.lines.begin) + 1);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// The cards of the documentation, by their files' names.
std::map<std::string, std::string> documentedCards()
{
    QFile page(QStringLiteral(FERRISCOPE_SOURCE_DIR "/review/rules/TEAM_RULES.md"));
    if (!page.open(QIODevice::ReadOnly))
        return {};
    const std::string text = page.readAll().toStdString();
    const git::Lines lines(text);
    std::map<std::string, std::string> cards;
    std::string *open = nullptr;
    for (std::size_t i = 0; i < lines.count(); ++i) {
        if (lines[i].starts_with("````card "))
            open = &cards[std::string(lines[i].substr(9))];
        else if (lines[i] == "````")
            open = nullptr;
        else if (open)
            open->append(lines.withEnd(i));
    }
    return cards;
}

const std::string store = R"(use std::sync::Mutex;
struct Store { index: Mutex<u32>, log: tokio::sync::Mutex<u32> }
impl Store {
    async fn commit(&self) -> Result<(), Error> {
        let held = self.index.lock().unwrap();
        probe(1);
        drop(held);
        probe(2);
        Ok(())
    }
    fn flush(&self) {
        for i in 0..3 {
            probe(i);
        }
        unsafe {
            probe(9)
        }
        save();
    }
}
fn save() { std::fs::write("a", "b"); }
#[tokio::main]
async fn main() {
    assert!(probe(4) == 1);
    probe(6).await;
}
fn typed(store: &Store, other: Unseen) {
    probe(store);
    probe(other);
}
)";

const std::string probe =
    "((call_expression function: (identifier) @_name arguments: (arguments . (_)? @arg)) @at "
    "(#eq? @_name \"probe\") ";

} // namespace

class TeamRulesTest : public QObject {
    Q_OBJECT

private slots:
    /// Whoever follows the documentation gets what it says.
    void theDocumentedCardsDoAsTheySay()
    {
        const auto cards = documentedCards();
        QCOMPARE(cards.size(), std::size_t(3));
        for (const auto &[name, text] : cards) {
            const auto card = review::rules::parseTeamCard(".ferriscope/rules/" + name, text);
            QVERIFY2(card.hasValue(), card ? "" : card.error().message.c_str());
            for (const auto &tried : review::embedded::tryCard(*card, text))
                QVERIFY2(tried.failures.empty(),
                         tried.failures.empty() ? "" : tried.failures.front().c_str());
            // Without its predicates the rule says more: the cases do test them.
            std::string blunt = text;
            for (std::size_t at = blunt.find("\n (#"); at != std::string::npos;
                 at = blunt.find("\n (#", at + 1)) {
                const std::size_t end = blunt.find('\n', at + 1);
                if (blunt.substr(at, end - at).ends_with("))"))
                    blunt.replace(at, end - at, "\n)");
            }
            const auto bluntCard = review::rules::parseTeamCard(".ferriscope/rules/" + name, blunt);
            QVERIFY2(bluntCard.hasValue(), bluntCard ? "" : bluntCard.error().message.c_str());
            std::size_t failures = 0;
            for (const auto &tried : review::embedded::tryCard(*bluntCard, blunt))
                failures += tried.failures.size();
            QVERIFY2(failures > 0, name.c_str());
        }
    }

    void aMistakeIsNamedWhereItStands_data()
    {
        QTest::addColumn<std::string>("query");
        QTest::addColumn<std::string>("message");
        const auto row = [](const char *name, const std::string &query, const std::string &where,
                            const std::string &what) {
            QTest::newRow(name) << query << file + ":" + where + ": " + what;
        };
        row("kind", "(call_expresion) @at", "10",
            "in the query, line 1, column 2: no node is called "
            "`call_expresion`; did you mean `call_expression`?");
        row("kind cut", "(call) @at", "10",
            "in the query, line 1, column 2: no node is called `call`; did you mean `call_expression`?");
        row("supertype", "(_expression) @at", "10",
            "in the query, line 1, column 2: no node is called `_expression`");
        row("field", "(call_expression\n  functoin: (_)) @at", "11",
            "in the query, line 2, column 3: no field is called `functoin`; did you mean `function`?");
        row("token", "\"unsaef\" @at", "10", "in the query, line 1, column 1: Rust has no token \"unsaef\"");
        row("open", "(block\n (_) @at", "10",
            "in the query, line 1, column 1: the parenthesis is not closed");
        row("no at", "(block) @here", "10",
            "in the query, line 1, column 1: one node has to be captured as `@at`: there the finding is");
        row("capture", "((block) @at (#eq? @it \"x\"))", "10",
            "in the query, line 1, column 21: nothing before this is captured as `@it`");
        row("predicate", "((block) @at (#in-asinc? @at))", "10",
            "in the query, line 1, column 14: there is no predicate `#in-asinc?`; did you mean `in-async`?");
        row("regular expression", "((block) @at (#match? @at \"a+\"))", "10",
            "in the query, line 1, column 14: there is no `#match?` here; `#like?` takes `*` for any run of "
            "characters");
        row("arguments", "((block) @at (#not-type-is? @at))", "10",
            "in the query, line 1, column 14: `#type-is?` takes a text in quotes after the capture");
        row("text", "((block) @at (#eq? @at \"x))", "10",
            "in the query, line 1, column 24: the text is not closed by `\"`");
        row("empty", "; nothing", "10", "in the query, line 1, column 1: the query is empty");
    }
    void aMistakeIsNamedWhereItStands()
    {
        QFETCH(std::string, query);
        QFETCH(std::string, message);
        QCOMPARE(mistakeOf(query), message);
    }

    void aCardSaysWhatItLacks()
    {
        const auto mistake = [](const std::string &text, const std::string &path = file) {
            const auto card = review::rules::parseTeamCard(path, text);
            return card ? std::string() : card.error().message;
        };
        const std::string good = cardOf("(block) @at");
        QCOMPARE(mistake(good), std::string());
        QCOMPARE(mistake("hello"), file + ":1: a card starts with `---`, its keys, and `---`");
        QCOMPARE(mistake("---\nsection: critical\nseverty: high\n---\n"),
                 file + ":3: unknown key: severty; did you mean `severity`?");
        QCOMPARE(mistake("---\nseverity: high\n---\n# T\n"),
                 file + ":1: section must be critical, concurrency, performance or practices");
        QCOMPARE(mistake(cardOf("(block) @at", "{who} is bad")),
                 file + ":4: the query captures nothing as `@who`");
        QVERIFY(mistake(good, ".ferriscope/rules/Some Rule.md").find("small letters") != std::string::npos);
        QVERIFY(mistake(good + std::string(70'000, ' ')).find("64 KiB") != std::string::npos);
    }

    void queriesMatchAsTreeSitterHasThem_data()
    {
        QTest::addColumn<std::string>("query");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<QList<int>>("lines");
        const auto row = [](const char *name, const char *query, const char *code, QList<int> lines) {
            QTest::newRow(name) << std::string(query) << std::string(code) << lines;
        };
        row("kind", "(function_item) @at", "fn a() {}\nstruct S;\nfn b() {}\n", {1, 3});
        row("field", "(function_item name: (identifier) @at return_type: (_))",
            "fn a() {}\nfn b() -> u8 { 1 }\n", {2});
        row("no field", "(function_item name: (identifier) @at !return_type)",
            "fn a() {}\nfn b() -> u8 { 1 }\n", {1});
        row("token", "(visibility_modifier \"pub\" @at)", "pub fn a() {}\nfn b() {}\n", {1});
        row("choice", "[(struct_item) (enum_item)] @at", "struct S;\nfn a() {}\nenum E { A }\n", {1, 3});
        row("first", "(parameters . (parameter) @at)", "fn a(x: u8,\n y: u8) {}\n", {1});
        row("last", "(parameters (parameter) @at .)", "fn a(x: u8,\n y: u8) {}\n", {2});
        row("neighbours", "(block (let_declaration) . (expression_statement) @at)",
            "fn a() {\n let x = 1;\n // said\n f();\n g();\n}\n", {4});
        row("siblings", "((attribute_item)+ . (function_item) @at)",
            "#[a]\n#[b]\nfn x() {}\nfn y() {}\n#[c]\nstruct S;\nfn z() {}\n", {3});
        row("maybe", "(function_item (visibility_modifier)? name: (identifier) @at)",
            "pub fn a() {}\nfn b() {}\n", {1, 2});
        row("repeated", "(enum_variant_list (enum_variant)+ . (enum_variant) @at .)",
            "enum E {\n A,\n B,\n C }\nenum F {\n A }\n", {4});
        row("any named", "(arguments (_) @at)", "fn a() { f(\n1,\n2); }\n", {2, 3});
        row("in macros", "((call_expression function: (identifier) @at) (#eq? @at \"f\"))",
            "fn a() {\n assert!(f(1));\n tokio::select! {\n  _ = f(2) => {}\n }\n}\n", {2, 4});
        row("same text", "((binary_expression left: (_) @l right: (_) @r) @at (#eq? @l @r))",
            "fn a() -> bool {\n x == y;\n z == z\n}\n", {3});
    }
    void queriesMatchAsTreeSitterHasThem()
    {
        QFETCH(std::string, query);
        QFETCH(std::string, code);
        QFETCH(QList<int>, lines);
        QCOMPARE(mistakeOf(query), std::string());
        QCOMPARE(linesFound(query, code), lines);
    }

    void predicatesAskTheModel_data()
    {
        QTest::addColumn<std::string>("predicate");
        QTest::addColumn<QList<int>>("yes");
        QTest::addColumn<QList<int>>("no");
        const auto row = [](const char *predicate, QList<int> yes, QList<int> no) {
            QTest::newRow(predicate) << std::string(predicate) << yes << no;
        };
        row("in-async? @at", {6, 8, 24, 25}, {13, 16, 28, 29});
        row("in-loop? @at", {13}, {6, 8, 16, 24, 25, 28, 29});
        row("in-unsafe? @at", {16}, {6, 8, 13, 24, 25, 28, 29});
        row("in-test? @at", {}, {6, 8, 13, 16, 24, 25, 28, 29});
        row("holds-guard? @at", {6}, {8, 13, 16, 24, 25, 28, 29});
        row("holds-guard? @at \"std::sync\"", {6}, {8, 13, 16, 24, 25, 28, 29});
        row("holds-guard? @at \"tokio::sync\"", {}, {6, 8, 13, 16, 24, 25, 28, 29});
        row("holds-guard? @at \"Store.index\"", {6}, {8, 13, 16, 24, 25, 28, 29});
        row("in-function? @at \"com*\"", {6, 8}, {13, 16, 24, 25, 28, 29});
        row("in-function? @at \"Store::flush\"", {13, 16}, {6, 8, 24, 25, 28, 29});
        row("in-impl? @at \"Store\"", {6, 8, 13, 16}, {24, 25, 28, 29});
        row("in-path? @at \"src/*\"", {6, 8, 13, 16, 24, 25, 28, 29}, {});
        row("has-attribute? @at \"tokio::*\"", {24, 25}, {6, 8, 13, 16, 28, 29});
        row("returns-result? @at", {6, 8}, {13, 16, 24, 25, 28, 29});
        row("awaited? @at", {25}, {6, 8, 13, 16, 24, 28, 29});
        row("any-of? @arg \"1\" \"9\"", {6, 16}, {8, 13, 24, 25, 28, 29});
        // What is not known is neither.
        row("type-is? @arg \"Store\"", {28}, {29});
    }
    void predicatesAskTheModel()
    {
        QFETCH(std::string, predicate);
        QFETCH(QList<int>, yes);
        QFETCH(QList<int>, no);
        QCOMPARE(linesFound(probe + "(#" + predicate + "))", store), yes);
        QCOMPARE(linesFound(probe + "(#not-" + predicate + "))", store), no);
    }

    void callsAreFollowed()
    {
        const auto query = [](const std::string &name) {
            return "((function_item) @at (#calls? @at \"" + name + "\"))";
        };
        QCOMPARE(linesFound(query("std::fs::write"), store), QList<int>({11, 21}));
        QCOMPARE(linesFound(query("fs::write"), store), QList<int>({11, 21}));
        QCOMPARE(linesFound(query("assert!"), store), QList<int>({23}));
        QCOMPARE(linesFound(query("Mutex::lock"), store), QList<int>({4}));
        QCOMPARE(linesFound(query("nowhere"), store), QList<int>());
        QCOMPARE(linesFound(query("sleep"),
                            "fn a() {\n    std::thread::spawn(|| sleep(1));\n}\nfn b() { sleep(1); }\n"),
                 QList<int>({4}));
    }

    void aFindingNamesTheTeamsCardAndTheCodesOwnNames()
    {
        const auto log =
            reviewBy(cardOf("((call_expression function: (identifier) @what) @at (#in-async? @at))",
                            "{what} is called on an executor"),
                     "async fn a() {\n    fetch();\n}\n");
        const auto findings = log.findings();
        QCOMPARE(findings.size(), std::size_t(1));
        const review::Finding &finding = findings.front();
        QCOMPARE(finding.rule, std::string("team/some-rule"));
        QCOMPARE(finding.title, std::string("`fetch` is called on an executor"));
        QCOMPARE(finding.why, std::string("It does."));
        QCOMPARE(finding.facts.front(),
                 std::string("resolved: `fetch()` runs on an async executor's thread"));
        QVERIFY(finding.facts.back().find(file) != std::string::npos);
    }

    void aBadCardIsToldAndStopsNothing()
    {
        review::Request request;
        request.files.push_back(tests::reviewFile("src/lib.rs", {},
                                                  "fn a(m: &std::sync::Mutex<u8>) {\n    let g = "
                                                  "m.lock().unwrap();\n    let h = m.lock().unwrap();\n}\n"));
        request.teamCards = {
            {".ferriscope/rules/bad.md", replaced(cardOf("(nothing) @at"), "some-rule", "bad")},
            {".ferriscope/rules/some_rule.md", cardOf("(function_item name: (identifier) @at)")},
            {".ferriscope/rules/some-rule.md", cardOf("(block) @at")}};
        const EventLog log = tests::runExpert(request);
        std::set<std::string> rules;
        for (const review::Finding &finding : log.findings())
            rules.insert(finding.rule);
        QVERIFY(rules.contains("team/some-rule"));
        QVERIFY(rules.size() > 1);
        const auto notes = log.all<review::Note>();
        QCOMPARE(notes.size(), std::size_t(2));
        QVERIFY2(notes[0].text.find("bad.md:10: in the query, line 1, column 2: no node is called") !=
                     std::string::npos,
                 notes[0].text.c_str());
        QVERIFY(notes[1].text.find("another card is called") != std::string::npos);
        QCOMPARE(log.all<review::Ended>().front().state, review::Ended::State::Complete);
    }

    void aQueryThatTakesTooMuchIsCutAndTold()
    {
        std::string code = "fn a() {\n";
        for (int i = 0; i < 3000; ++i)
            code += "    f();\n";
        code += "}\n";
        QElapsedTimer timer;
        timer.start();
        const auto log = reviewBy(cardOf("(block (_) (_) (_) (_) (let_declaration) @at)"), code);
        const auto notes = log.all<review::Note>();
        QCOMPARE(notes.size(), std::size_t(1));
        QVERIFY(notes.front().text.find("`team/some-rule` has too much to look at") != std::string::npos);
        QVERIFY2(timer.elapsed() < 20'000, QByteArray::number(timer.elapsed()).constData());
    }

    /// Whatever bytes a card has, reading it ends, and says something when it fails.
    void anyTextCanBeRead()
    {
        const std::string good =
            cardOf("((call_expression (_)* @x . [(identifier) \"fn\"]? @at) (#not-eq? @x \"a\"))");
        QCOMPARE(review::rules::parseTeamCard(file, good).hasValue(), true);
        std::uint32_t seed = 7;
        const auto random = [&](std::size_t below) {
            seed = seed * 1664525u + 1013904223u;
            return (seed >> 8) % below;
        };
        for (int i = 0; i < 5000; ++i) {
            std::string text = good;
            for (std::size_t edits = 1 + random(6); edits > 0; --edits) {
                const std::size_t at = random(text.size());
                if (random(3) == 0)
                    text.erase(at, random(9));
                else
                    text[at] = "()[]\"@#?*+.!:;_ \n\\`\xff\0a"[random(23)];
            }
            const auto card = review::rules::parseTeamCard(file, text);
            QVERIFY2(card || !card.error().message.empty(), text.c_str());
        }
        const std::string deep(5'000, '(');
        QVERIFY(mistakeOf(deep).find("deep in each other") != std::string::npos);
    }

    void cardsComeFromTheBaseOfTheRange()
    {
        tests::TestRepository files;
        files.write(".ferriscope/rules/some_rule.md", cardOf("(function_item name: (identifier) @at)"));
        files.write(".ferriscope/rules/notes.txt", "no card");
        files.write("src/lib.rs", "fn a() {}\n");
        files.commit();
        files.write(".ferriscope/rules/some_rule.md", cardOf("(struct_item) @at"));
        files.write(".ferriscope/rules/other_rule.md", cardOf("(struct_item) @at"));
        files.write("src/lib.rs", "fn a() {}\nfn b() {}\nstruct S;\n");
        files.commit();
        const auto repository = git::Repository::open(files.root());
        QVERIFY(repository.hasValue());
        const auto diff = repository->diff(*git::parseRange("HEAD~1..HEAD"));
        const auto request = review::makeRequest(*repository, *diff, {}, review::Extent::Hunks);
        QVERIFY(request.hasValue());
        QCOMPARE(request->teamCards.size(), std::size_t(1));
        QVERIFY(request->teamCards.front().text.find("function_item") != std::string::npos);
        QCOMPARE(request->leftOut,
                 std::vector<std::string>{"The change edits 2 cards of the team's rules: it was "
                                          "reviewed by those of its base."});
        const auto findings = tests::runExpert(*request).findings();
        QCOMPARE(findings.size(), std::size_t(1));
        QCOMPARE(findings.front().place.lines.begin, 1u);
    }

    void aReviewIsKeptUnderItsCardsAndSwitches()
    {
        review::Request request;
        request.files.push_back(tests::reviewFile("src/lib.rs", {}, "fn a() {}\n"));
        const std::string plain = review::reviewKey(request, "1");
        request.teamCards.push_back({file, cardOf("(block) @at")});
        const std::string withCard = review::reviewKey(request, "1");
        request.switchedOff.insert("double-lock");
        const std::string withSwitch = review::reviewKey(request, "1");
        QVERIFY(plain != withCard && withCard != withSwitch && plain != withSwitch);
    }

    /// The window's expert is another process: what it is told is all that it knows.
    void cardsAndSwitchesReachAWorker()
    {
        review::Request request;
        request.teamCards = {{file, "\xff is no UTF-8\n"}, {"b.md", cardOf("(block) @at")}};
        request.switchedOff = {"double-lock", "team/b"};
        const review::Excluded nothing;
        review::RequestLines lines(request, nothing, review::Pace::Quick);
        review::RequestReader reader;
        while (const auto line = lines.next())
            QVERIFY(reader.take(std::string_view(*line).substr(0, line->size() - 1)).hasValue());
        QVERIFY(reader.request() == request);
    }

    void aSwitchedOffRuleIsNotAskedAndSaid()
    {
        review::Request request;
        request.files.push_back(tests::reviewFile("src/lib.rs", {}, "fn a() {}\n"));
        request.teamCards.push_back({file, cardOf("(block) @at")});
        QCOMPARE(tests::runExpert(request).findings().size(), std::size_t(1));
        request.switchedOff = {"double-lock", "team/some-rule", "of-another-time"};
        const EventLog log = tests::runExpert(request);
        QVERIFY(log.findings().empty());
        QCOMPARE(
            log.all<review::Note>().front().text,
            std::string("2 rules are switched off and were not asked: `double-lock`, `team/some-rule`."));
    }

    /// What the authors silenced is there, decided, with their reason.
    void aSilencedFindingIsShownWithItsReason()
    {
        const std::string code =
            "fn a() {\n    // ferriscope: allow(team/some-rule): nobody waits here\n    f();\n}\n"
            "fn b() {\n    // ferriscope: allow(team/some-rule):\n    f();\n}\n";
        const auto log = reviewBy(cardOf("(call_expression) @at"), code);
        review::Session session;
        for (const review::Event &event : log.events)
            review::record(session, event);
        QCOMPARE(session.findings.size(), std::size_t(2));
        QCOMPARE(session.decisions.size(), std::size_t(1));
        const review::Decision &decision = session.decisions.begin()->second;
        QCOMPARE(decision.state, review::Decision::State::Silenced);
        QCOMPARE(decision.reason, std::string("nobody waits here"));
        QCOMPARE(session.decisions.begin()->first, session.findings.front().id);
        QCOMPARE(session.findings.front().place.lines.begin, 2u);
    }

    void aTrialNamesTheLinesOfTheCard()
    {
        std::string text = cardOf("(function_item name: (identifier) @at)");
        const auto card = review::rules::parseTeamCard(file, text);
        const auto cases = review::embedded::tryCard(*card, text);
        QCOMPARE(cases.size(), std::size_t(2));
        QVERIFY(cases[0].failures.empty() && cases[0].isMarked);
        QCOMPARE(cases[1].failures,
                 std::vector<std::string>{"line 18: a finding that no mark expects: Something is found"});
    }
};

QTEST_GUILESS_MAIN(TeamRulesTest)
#include "team_rules_test.moc"
