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
};

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

QTEST_GUILESS_MAIN(SuggestionApplierTest)
#include "suggestion_applier_test.moc"
