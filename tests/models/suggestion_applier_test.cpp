// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/suggestion_applier.h"
#include "tests/support/opened_review.h"

#include <QTest>

using namespace models;
using tests::OpenedReview;
using tests::ReviewedRepository;

class SuggestionApplierTest : public QObject {
    Q_OBJECT

private slots:
    void writeUnderWayIsRecordedAtTheEnd();
    void writeUnderWayIsRecordedBeforeAnotherReview();
    void whatOthersTookBackIsNoLongerApplied();
    void whatWasTakenBackStaysSoAfterAnother();
    void takingBackLeavesADismissal();
};

namespace {

review::Finding otherFinding()
{
    review::Finding finding = ReviewedRepository::suggestingFinding();
    finding.id = "other";
    finding.suggestion->replacement = "    let value = 4;\n";
    return finding;
}

} // namespace

void SuggestionApplierTest::writeUnderWayIsRecordedAtTheEnd()
{
    OpenedReview opened;
    SuggestionApplier applier(opened.workspace);
    QVERIFY(opened.open());
    QVERIFY(opened.review());

    applier.apply(QStringLiteral("value"));
    applier.finish();

    QVERIFY(opened.repository.read("src/db.rs").find("let value = 3;") != std::string::npos);
    QCOMPARE(opened.workspace.session().applied.size(), std::size_t(1));
    QCOMPARE(opened.workspace.decision(QStringLiteral("value"))->state, review::Decision::State::Applied);
}

void SuggestionApplierTest::writeUnderWayIsRecordedBeforeAnotherReview()
{
    OpenedReview opened;
    SuggestionApplier applier(opened.workspace);
    QVERIFY(opened.open());
    QVERIFY(opened.review());
    std::size_t recorded = 0;
    connect(&opened.workspace, &Workspace::appliedChanged, this,
            [&] { recorded = opened.workspace.session().applied.size(); });

    applier.apply(QStringLiteral("value"));
    opened.opener.close();

    QCOMPARE(recorded, std::size_t(1));
    QVERIFY(opened.repository.read("src/db.rs").find("let value = 3;") != std::string::npos);
}

void SuggestionApplierTest::whatOthersTookBackIsNoLongerApplied()
{
    OpenedReview opened;
    SuggestionApplier applier(opened.workspace);
    QVERIFY(opened.open());
    QVERIFY(opened.review());
    applier.apply(QStringLiteral("value"));
    applier.finish();
    const std::string after = opened.repository.read("src/db.rs");

    opened.repository.write("src/db.rs", ReviewedRepository::reviewedText);
    applier.refresh();
    QTRY_VERIFY(!opened.workspace.decision(QStringLiteral("value")));
    QVERIFY(!applier.canUndo());
    QVERIFY(applier.canRedo());

    opened.repository.write("src/db.rs", after);
    applier.refresh();
    QTRY_VERIFY(opened.workspace.decision(QStringLiteral("value")));
    QVERIFY(applier.canUndo());
}

void SuggestionApplierTest::whatWasTakenBackStaysSoAfterAnother()
{
    OpenedReview opened({ReviewedRepository::suggestingFinding(), otherFinding()});
    SuggestionApplier applier(opened.workspace);
    QVERIFY(opened.open());
    QVERIFY(opened.review());
    applier.apply(QStringLiteral("value"));
    applier.finish();
    applier.undo();
    applier.finish();
    applier.apply(QStringLiteral("other"));
    applier.finish();
    QCOMPARE(opened.workspace.decision(QStringLiteral("other"))->state, review::Decision::State::Applied);

    applier.refresh();
    QTest::qWait(200);

    QVERIFY(opened.repository.read("src/db.rs").find("let value = 4;") != std::string::npos);
    QVERIFY(!opened.workspace.decision(QStringLiteral("value")));
    QVERIFY(opened.workspace.decision(QStringLiteral("other")));
    QVERIFY(!applier.canRedo());
}

void SuggestionApplierTest::takingBackLeavesADismissal()
{
    OpenedReview opened;
    SuggestionApplier applier(opened.workspace);
    QVERIFY(opened.open());
    QVERIFY(opened.review());
    applier.apply(QStringLiteral("value"));
    applier.finish();
    opened.workspace.decide(QStringLiteral("value"),
                            review::Decision{review::Decision::State::Dismissed, "by design"});

    applier.undo();
    applier.finish();

    QVERIFY(!applier.canUndo());
    QCOMPARE(opened.workspace.decision(QStringLiteral("value"))->reason, std::string("by design"));
}

QTEST_GUILESS_MAIN(SuggestionApplierTest)
#include "suggestion_applier_test.moc"
