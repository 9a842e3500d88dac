// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/session_keeper.h"
#include "tests/support/opened_review.h"

#include <QTest>

using namespace models;
using tests::OpenedReview;

namespace {

const review::Decision dismissed{review::Decision::State::Dismissed, "by design"};

/// A file stands where the folder of sessions should be.
void block(const OpenedReview &opened)
{
    opened.repository.write("../sessions", "no folder");
}

QString sessionsOf(const OpenedReview &opened)
{
    return opened.repository.beside(QStringLiteral("sessions"));
}

} // namespace

class SessionKeeperTest : public QObject {
    Q_OBJECT

private slots:
    void whatCouldNotBeSavedIsSavedLater();
    void savingElsewhereEndsTheWaiting();
    void decisionDuringAFailingSaveIsKept();
    void anotherReviewDoesNotWaitForThisOne();
};

void SessionKeeperTest::whatCouldNotBeSavedIsSavedLater()
{
    OpenedReview opened;
    block(opened);
    QString path;
    {
        SessionKeeper keeper(opened.workspace, sessionsOf(opened));
        QSignalSpy waiting(&keeper, &SessionKeeper::waiting);
        QSignalSpy caughtUp(&keeper, &SessionKeeper::caughtUp);
        QVERIFY(opened.open());
        QVERIFY(opened.review());
        QVERIFY(waiting.count() > 0 || waiting.wait());
        QVERIFY(waiting.at(0).at(0).toString().contains(QStringLiteral("sessions")));
        opened.workspace.decide(QStringLiteral("value"), dismissed);
        opened.workspace.setViewed(0, true);
        QCOMPARE(caughtUp.count(), 0);

        QVERIFY(QFile::remove(sessionsOf(opened)));
        keeper.retry();

        QVERIFY(caughtUp.wait());
        path = keeper.path();
    }
    const git::Result<review::Session> saved = review::loadSession(path.toStdString());
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QCOMPARE(saved->findings.size(), std::size_t(1));
    QCOMPARE(saved->ended.size(), std::size_t(1));
    QCOMPARE(saved->decisions.count("value"), std::size_t(1));
    QCOMPARE(saved->viewed.size(), std::size_t(1));
}

void SessionKeeperTest::savingElsewhereEndsTheWaiting()
{
    OpenedReview opened;
    block(opened);
    const QString elsewhere = opened.repository.beside(QStringLiteral("kept.ferriscope"));
    {
        SessionKeeper keeper(opened.workspace, sessionsOf(opened));
        QSignalSpy waiting(&keeper, &SessionKeeper::waiting);
        QSignalSpy saved(&keeper, &SessionKeeper::saved);
        QSignalSpy caughtUp(&keeper, &SessionKeeper::caughtUp);
        QVERIFY(opened.open());
        QVERIFY(opened.review());
        QVERIFY(waiting.count() > 0 || waiting.wait());

        keeper.saveAs(elsewhere);
        QVERIFY(saved.wait());
        QCOMPARE(caughtUp.count(), 1);
        opened.workspace.decide(QStringLiteral("value"), dismissed);
    }
    const git::Result<review::Session> saved = review::loadSession(elsewhere.toStdString());
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QCOMPARE(saved->findings.size(), std::size_t(1));
    QCOMPARE(saved->decisions.count("value"), std::size_t(1));
}

void SessionKeeperTest::decisionDuringAFailingSaveIsKept()
{
    OpenedReview opened;
    QString path;
    {
        SessionKeeper keeper(opened.workspace, sessionsOf(opened));
        QSignalSpy failed(&keeper, &SessionKeeper::failed);
        QVERIFY(opened.open());
        keeper.saveAs(opened.repository.beside(QStringLiteral("nowhere/kept.ferriscope")));
        opened.workspace.decide(QStringLiteral("value"), dismissed); // before the failure is told
        opened.workspace.setViewed(0, true);
        QVERIFY(failed.wait());
        path = keeper.path();
    }
    const git::Result<review::Session> saved = review::loadSession(path.toStdString());
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QCOMPARE(saved->decisions.count("value"), std::size_t(1));
    QCOMPARE(saved->viewed.size(), std::size_t(1));
}

void SessionKeeperTest::anotherReviewDoesNotWaitForThisOne()
{
    OpenedReview opened;
    block(opened);
    SessionKeeper keeper(opened.workspace, sessionsOf(opened));
    QSignalSpy waiting(&keeper, &SessionKeeper::waiting);
    QSignalSpy failed(&keeper, &SessionKeeper::failed);
    QVERIFY(opened.open());
    opened.workspace.setViewed(0, true);
    QVERIFY(waiting.count() > 0 || waiting.wait());

    opened.opener.close();

    QVERIFY(failed.wait());
    QVERIFY(keeper.path().isEmpty());
    QVERIFY(QFile::remove(sessionsOf(opened)));
    QVERIFY(opened.open());
    opened.workspace.setViewed(1, true);
    QTRY_VERIFY(QFile::exists(keeper.path()));
}

QTEST_GUILESS_MAIN(SessionKeeperTest)
#include "session_keeper_test.moc"
