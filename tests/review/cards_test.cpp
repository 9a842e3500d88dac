// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/lines.h"
#include "review/rules/card.h"
#include "review/suggestion.h"
#include "tests/support/rule_bench.h"
#include "tests/support/tested_cards.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using review::rules::Card;
using review::rules::CardCase;

namespace {

tests::EventLog runOn(const CardCase &tested, const std::string &text)
{
    review::Request request;
    request.files.push_back(tests::reviewFile(tested.path, tested.base, text, tested.edition));
    return tests::runExpert(std::move(request));
}

std::vector<review::Finding> findingsOf(const Card &card, const CardCase &tested, const std::string &text)
{
    std::vector<review::Finding> found;
    for (review::Finding &finding : runOn(tested, text).findings()) {
        if (finding.rule == card.id)
            found.push_back(std::move(finding));
    }
    return found;
}

/// 1-based lines, for messages.
QByteArray toLines(const std::vector<std::uint32_t> &lines)
{
    QByteArray text;
    for (const std::uint32_t line : lines)
        text += QByteArray::number(line + 1) + ' ';
    return text.isEmpty() ? "none" : text.trimmed();
}

std::string withAllSuggestions(const Card &card, const CardCase &tested)
{
    std::string text = tested.code;
    // One after the other, as a user would.
    for (const review::Finding &finding : findingsOf(card, tested, text)) {
        if (!finding.suggestion)
            continue;
        if (auto changed = review::applyTo(text, *finding.suggestion))
            text = std::move(*changed);
    }
    return text;
}

CardCase silentCase(const Card &card)
{
    CardCase instead;
    instead.code = card.instead;
    instead.edition = card.insteadProgram.edition;
    instead.base = card.cases.front().base;
    return instead;
}

} // namespace

class CardsTest : public QObject {
    Q_OBJECT

private slots:
    void everyCardParses()
    {
        QVERIFY(!review::rules::cardSources().empty());
        for (const auto &source : review::rules::cardSources()) {
            const auto card = review::rules::parseCard(source);
            QVERIFY2(card.hasValue(), card ? "" : card.error().message.c_str());
            QVERIFY(card->check);
        }
    }

    void aBrokenCardSaysWhereItIsBroken()
    {
        const auto parse = [](std::string_view markdown) {
            const auto card = review::rules::parseCard({"some-rule", "critical", markdown, nullptr});
            return card ? std::string() : card.error().message;
        };
        QCOMPARE(parse("# Title\n"),
                 std::string(
                     "review/rules/critical/some_rule.md:1: a card starts with `---`, its keys, and `---`"));
        QCOMPARE(parse("---\nseverity: high\nscenario: magic\n---\n# T\nS\n"),
                 std::string("review/rules/critical/some_rule.md:3: no such kind of scenario: magic"));
        QCOMPARE(
            parse("---\nseverity: high\nhits: 9 of 4\nscenario: race\n---\n# T\nS\n"),
            std::string("review/rules/critical/some_rule.md:3: hits are written as \"12 of 15\": the true "
                        "ones of those read"));
        QVERIFY(parse("---\nseverity: high\nscenario: race\n---\n# T\nS\n## Example\n```rust\n")
                    .find("8: the fence is not closed") != std::string::npos);
    }

    void theTierComesFromWhatWasRead()
    {
        Card card;
        QCOMPARE(review::rules::tierOf(card, 0.8), review::Tier::Finding);
        QCOMPARE(review::rules::tierOf(card, 0.4), review::Tier::Question);
        card.hitsRead = 10;
        card.hitsTrue = 6;
        QCOMPARE(review::rules::tierOf(card, 0.8), review::Tier::Question);
        card.hitsTrue = 7;
        QCOMPARE(review::rules::tierOf(card, 0.8), review::Tier::Finding);
        QCOMPARE(review::rules::tierOf(card, 0.4), review::Tier::Question);
    }

    void houseRules_data() { addCards(); }
    void houseRules()
    {
        QFETCH(std::string, id);
        const Card &card = *review::rules::findCard(id);
        QVERIFY(card.title.size() <= 80 && !card.title.ends_with('.'));
        QVERIFY(card.references.size() <= 4);
        for (const review::Reference &reference : card.references)
            QVERIFY2(reference.url.starts_with("https://"), reference.url.c_str());
        const auto isMarked = [](const CardCase &c) {
            return c.kind == CardCase::Kind::Case && !c.marks.empty();
        };
        const auto isSilent = [](const CardCase &c) {
            return c.kind == CardCase::Kind::Case && c.marks.empty();
        };
        const auto marked = std::count_if(card.cases.begin(), card.cases.end(), isMarked);
        const auto silent = 1 + std::count_if(card.cases.begin(), card.cases.end(), isSilent);
        QVERIFY2(marked >= 2, "a card has at least two marked cases");
        QVERIFY2(silent >= 3, "a card has at least three silent cases");
        for (const std::string &covered : card.covers)
            QVERIFY2(review::rules::findCard(covered), covered.c_str());
        for (const CardCase &tested : card.cases)
            QVERIFY2(tested.code.find('\t') == std::string::npos, "cards are indented with blanks");
    }

    void cases_data()
    {
        addCards([](const Card &card) {
            int number = 0;
            for (std::size_t i = 0; i < card.cases.size(); ++i) {
                if (card.cases[i].kind == CardCase::Kind::Case)
                    QTest::addRow("%s, line %u (case %d)", card.id.c_str(), card.cases[i].line + 1, ++number)
                        << card.id << static_cast<int>(i);
            }
            QTest::addRow("%s, Instead", card.id.c_str()) << card.id << -1;
        });
    }
    void cases()
    {
        QFETCH(std::string, id);
        QFETCH(int, index);
        const Card &card = *review::rules::findCard(id);
        const CardCase tested = index < 0 ? silentCase(card) : card.cases[static_cast<std::size_t>(index)];
        std::vector<std::uint32_t> lines;
        for (const review::Finding &finding : findingsOf(card, tested, tested.code)) {
            lines.push_back(finding.place.lines.begin);
            for (const review::Place &copy : finding.copies)
                lines.push_back(copy.lines.begin);
        }
        std::sort(lines.begin(), lines.end());
        const QByteArray expected = toLines(tested.marks);
        QCOMPARE(toLines(lines), expected);
    }

    void findingsAreComplete_data() { addCards(); }
    void findingsAreComplete()
    {
        QFETCH(std::string, id);
        const Card &card = *review::rules::findCard(id);
        for (const CardCase &tested : card.cases) {
            const git::Lines lines(tested.code);
            const git::Lines base(tested.base);
            for (const review::Finding &finding : findingsOf(card, tested, tested.code)) {
                const QString title = QString::fromStdString(finding.title);
                QVERIFY2(title.size() <= (finding.tier == review::Tier::Question ? 73 : 72),
                         finding.title.c_str());
                QCOMPARE(title.endsWith(QLatin1Char('?')), finding.tier == review::Tier::Question);
                QVERIFY2(!title.endsWith(QLatin1Char('.')) && title.count(QLatin1Char('`')) % 2 == 0,
                         finding.title.c_str());
                QVERIFY(!finding.why.empty() && !finding.dismissal.empty() && !finding.example.empty());
                QVERIFY(!finding.facts.empty() && !finding.scenario.steps.empty() &&
                        !finding.scenario.outcome.empty());
                for (const std::string &fact : finding.facts)
                    QVERIFY2(fact.starts_with("resolved: ") || fact.starts_with("assumed: "), fact.c_str());
                QVERIFY(!finding.evidence.empty());
                for (const review::Evidence &evidence : finding.evidence)
                    QCOMPARE(evidence.text, std::string((evidence.place.side == git::Side::New ? lines : base)
                                                            .slice(evidence.place.lines)));
                for (const review::Step &step : finding.scenario.steps)
                    QVERIFY(!step.actor.empty() && !step.action.empty() && !step.place.lines.empty());
            }
        }
    }

    /// Applying what a rule suggests gives the text of the `fixed` fence, and the rule has nothing more to
    /// say about it.
    void suggestionsConverge_data()
    {
        addCards([](const Card &card) {
            for (std::size_t i = 0; i < card.cases.size(); ++i) {
                if (card.cases[i].kind == CardCase::Kind::Case && !card.cases[i].marks.empty())
                    QTest::addRow("%s, line %u", card.id.c_str(), card.cases[i].line + 1)
                        << card.id << static_cast<int>(i);
            }
        });
    }
    void suggestionsConverge()
    {
        QFETCH(std::string, id);
        QFETCH(int, index);
        const Card &card = *review::rules::findCard(id);
        const auto position = static_cast<std::size_t>(index);
        const CardCase &tested = card.cases[position];
        const std::string text = withAllSuggestions(card, tested);
        const bool hasFixed =
            position + 1 < card.cases.size() && card.cases[position + 1].kind == CardCase::Kind::Fixed;
        if (hasFixed)
            QCOMPARE(QString::fromStdString(text), QString::fromStdString(card.cases[position + 1].code));
        const auto before = findingsOf(card, tested, tested.code);
        const auto suggested = static_cast<std::size_t>(std::count_if(
            before.begin(), before.end(), [](const review::Finding &f) { return f.suggestion.has_value(); }));
        const auto after = findingsOf(card, tested, text);
        QCOMPARE(after.size(), before.size() - suggested);
        const auto others = [&](const std::string &code) {
            std::multiset<std::string> rules;
            for (const review::Finding &finding : runOn(tested, code).findings()) {
                if (finding.rule != card.id)
                    rules.insert(finding.rule);
            }
            return rules;
        };
        const auto otherBefore = others(tested.code);
        const auto otherAfter = others(text);
        for (const std::string &rule : otherAfter)
            QVERIFY2(otherAfter.count(rule) <= otherBefore.count(rule), rule.c_str());
    }

private:
    template <typename AddRows>
    static void addCards(AddRows addRows)
    {
        QTest::addColumn<std::string>("id");
        QTest::addColumn<int>("index");
        for (const Card &card : tests::testedCards())
            addRows(card);
    }
    static void addCards()
    {
        QTest::addColumn<std::string>("id");
        for (const Card &card : tests::testedCards())
            QTest::addRow("%s", card.id.c_str()) << card.id;
    }
};

QTEST_GUILESS_MAIN(CardsTest)
#include "cards_test.moc"
