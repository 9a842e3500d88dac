// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/range.h"

#include <QTest>

using git::Endpoint;
using git::Range;

class RangeTest : public QObject {
    Q_OBJECT

private slots:
    void readsTwoSides();
    void takesAnEmptySideAsHead();
    void readsOneCommit();
    void readsWhatIsNotCommitted();
    void knowsTheEmptyTree();
    void refusesOtherForms_data();
    void refusesOtherForms();
    void writesWhatItRead_data();
    void writesWhatItRead();
};

void RangeTest::readsTwoSides()
{
    const auto two = git::parseRange("main..topic/x");
    QVERIFY(two);
    QCOMPARE(two->kind, Range::Kind::Two);
    QCOMPARE(two->base.revision, std::string("main"));
    QCOMPARE(two->head.revision, std::string("topic/x"));
    QVERIFY(!two->fromMergeBase);

    const auto three = git::parseRange("v1.2...HEAD~3");
    QVERIFY(three);
    QVERIFY(three->fromMergeBase);
    QCOMPARE(three->base.revision, std::string("v1.2"));
    QCOMPARE(three->head.revision, std::string("HEAD~3"));
}

void RangeTest::takesAnEmptySideAsHead()
{
    QCOMPARE(git::parseRange("main..")->head.revision, std::string("HEAD"));
    QCOMPARE(git::parseRange("...topic")->base.revision, std::string("HEAD"));
}

void RangeTest::readsOneCommit()
{
    QCOMPARE(git::parseRange("HEAD~2")->kind, Range::Kind::Commit);
    QCOMPARE(git::parseRange("HEAD~2")->head.revision, std::string("HEAD~2"));
    QCOMPARE(git::parseRange("abc^!")->head.revision, std::string("abc"));
    QCOMPARE(git::parseRange("")->kind, Range::Kind::Automatic);
}

void RangeTest::readsWhatIsNotCommitted()
{
    QCOMPARE(git::parseRange("--staged")->kind, Range::Kind::Staged);
    QCOMPARE(git::parseRange("--staged")->head.kind, Endpoint::Kind::Index);
    QCOMPARE(git::parseRange("--worktree")->kind, Range::Kind::WorkTree);
    QCOMPARE(git::parseRange("--worktree")->head.kind, Endpoint::Kind::WorkTree);
}

void RangeTest::knowsTheEmptyTree()
{
    const auto range = git::parseRange("4b825dc642cb6eb9a060e54bf8d69288fbee4904..HEAD");
    QCOMPARE(range->base.kind, Endpoint::Kind::EmptyTree);
}

void RangeTest::refusesOtherForms_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("an option") << QByteArray("--cached-ish");
    QTest::newRow("a negation") << QByteArray("^main");
    QTest::newRow("three sides") << QByteArray("a..b..c");
    QTest::newRow("four dots") << QByteArray("a....b");
    QTest::newRow("a line end") << QByteArray("a\nb");
    QTest::newRow("too long") << QByteArray(5000, 'a');
}

void RangeTest::refusesOtherForms()
{
    QFETCH(QByteArray, text);
    const auto range = git::parseRange(text.toStdString());
    QVERIFY(!range);
    QCOMPARE(range.error().kind, git::ErrorKind::InvalidInput);
    QVERIFY(range.error().message.find("A..B") != std::string::npos);
}

void RangeTest::writesWhatItRead_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"a..b", "a...b", "abc~1", "--staged", "--worktree", "",
                             "4b825dc642cb6eb9a060e54bf8d69288fbee4904..main"})
        QTest::newRow(text) << QByteArray(text);
}

void RangeTest::writesWhatItRead()
{
    QFETCH(QByteArray, text);
    QCOMPARE(git::toText(*git::parseRange(text.toStdString())), text.toStdString());
}

QTEST_GUILESS_MAIN(RangeTest)
#include "range_test.moc"
