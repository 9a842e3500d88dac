// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/finding.h"
#include "review/playground.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

namespace {

review::Finding makeFinding(const std::string &id, const std::string &rule, const std::string &path,
                            review::Severity severity, double confidence, std::uint32_t line = 10)
{
    review::Finding finding;
    finding.id = id;
    finding.rule = rule;
    finding.severity = severity;
    finding.confidence = confidence;
    finding.place = {path, git::Side::New, {line, line + 1}};
    finding.title = "`" + rule + "` went wrong";
    return finding;
}

} // namespace

class RecommendationsTest : public QObject {
    Q_OBJECT

private slots:
    void theGravestComesFirstAndOneRuleInOneFileIsOneAction()
    {
        using enum review::Severity;
        std::vector<review::Finding> findings{makeFinding("a", "unwrap", "src/a.rs", Medium, 0.9, 4),
                                              makeFinding("b", "double-lock", "src/b.rs", Critical, 0.9),
                                              makeFinding("c", "unwrap", "src/a.rs", Medium, 0.9, 2),
                                              makeFinding("d", "unwrap", "src/b.rs", Medium, 0.8)};
        const auto actions = review::makeRecommendations(findings);
        QCOMPARE(actions.size(), std::size_t(3));
        QCOMPARE(actions[0].rank, 1);
        QCOMPARE(actions[0].findings, std::vector<std::string>{"b"});
        QCOMPARE(actions[0].action, std::string("Correct in `src/b.rs`, line 11: `double-lock` went wrong."));
        QVERIFY(actions[0].rationale.starts_with(
            "Critical severity, 90 % confidence, introduced by this change."));
        QCOMPARE(actions[1].findings, (std::vector<std::string>{"c", "a"}));
        QVERIFY(actions[1].action.find("lines 3 and 5") != std::string::npos);
        QCOMPARE(actions[2].rank, 3);
    }

    void thereAreAtMostSeven()
    {
        std::vector<review::Finding> findings;
        for (int i = 0; i < 20; ++i)
            findings.push_back(makeFinding(std::to_string(i), "rule-" + std::to_string(i), "src/lib.rs",
                                           review::Severity::High, 0.5 + i * 0.01));
        const auto actions = review::makeRecommendations(findings);
        QCOMPARE(actions.size(), std::size_t(7));
        QCOMPARE(actions.front().findings.front(), std::string("19"));
        QVERIFY(review::makeRecommendations({}).empty());
    }

    void whatTheChangeBroughtComesBeforeWhatWasThere()
    {
        auto old = makeFinding("old", "one", "src/a.rs", review::Severity::High, 0.9);
        old.origin = review::Origin::Existing;
        const auto fresh = makeFinding("new", "two", "src/a.rs", review::Severity::High, 0.6);
        QCOMPARE(review::makeRecommendations({old, fresh}).front().findings.front(), std::string("new"));
    }

    void effortFollowsTheSuggestions()
    {
        auto suggested = makeFinding("a", "one", "src/a.rs", review::Severity::High, 0.9);
        suggested.suggestion.emplace();
        const auto small = review::makeRecommendations({suggested}).front();
        QCOMPARE(small.effort, std::string("S"));
        QVERIFY(small.action.starts_with("Apply the suggested change in "));
        std::vector<review::Finding> many;
        for (std::uint32_t i = 0; i < 9; ++i)
            many.push_back(makeFinding(std::to_string(i), "two", "src/a.rs", review::Severity::High, 0.9, i));
        QCOMPARE(review::makeRecommendations(many).front().effort, std::string("L"));
        QVERIFY(review::makeRecommendations(many).front().action.find("and 4 more") != std::string::npos);
    }

    void findingsAreOrderedBySectionThenGravityThenPlace()
    {
        using enum review::Severity;
        auto practice = makeFinding("p", "r", "a.rs", Critical, 1);
        practice.section = review::Section::Practices;
        std::vector<review::Finding> findings{practice, makeFinding("low", "r", "a.rs", Low, 1),
                                              makeFinding("late", "r", "b.rs", High, 0.5),
                                              makeFinding("early", "r", "a.rs", High, 0.5)};
        std::sort(findings.begin(), findings.end(), review::comesBefore);
        std::string order;
        for (const auto &finding : findings)
            order += finding.id + ' ';
        QCOMPARE(order, std::string("early late low p "));
        QVERIFY(!review::comesBefore(practice, practice));
    }

    void linksNameTheEditionAndEscapeTheCode()
    {
        const std::string url = review::makePlaygroundUrl("fn main() { 1 + 1; } // 100% é", "2024");
        QCOMPARE(url, std::string("https://play.rust-lang.org/?version=stable&mode=debug&edition=2024&code="
                                  "fn+main%28%29+%7B+1+%2B+1%3B+%7D+%2F%2F+100%25+%C3%A9"));
    }

    void codeTooLongForALinkHasNone()
    {
        QVERIFY(!review::makePlaygroundUrl(std::string(7000, 'a'), "2021").empty());
        QVERIFY(review::makePlaygroundUrl(std::string(7400, 'a'), "2021").size() <= 7500);
        QVERIFY(review::makePlaygroundUrl(std::string(7500, 'a'), "2021").empty());
    }
};

QTEST_GUILESS_MAIN(RecommendationsTest)
#include "recommendations_test.moc"
