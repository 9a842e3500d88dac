// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/diff.h"
#include "git/lines.h"
#include "git/rows.h"
#include "tests/support/random_texts.h"
#include "tests/support/test_repository.h"

#include <QElapsedTimer>
#include <QTest>

using git::Row;
using git::RowKind;
using tests::RandomTexts;
using tests::TestRepository;

namespace {

std::vector<git::Hunk> hunksOf(const std::string &oldText, const std::string &newText)
{
    const auto changes = git::diffLines(oldText, newText);
    if (!changes)
        qFatal("%s", changes.error().message.c_str());
    return git::groupHunks("a.rs", *changes, oldText, newText);
}

git::Alignment align(const std::string &oldText, const std::string &newText)
{
    return git::alignRows(hunksOf(oldText, newText), oldText, newText);
}

/// One letter per row, as a reviewer sees them: = equal, ~ changed, - removed, + added.
std::string shape(const git::Alignment &alignment)
{
    std::string letters;
    for (const Row &row : alignment.rows)
        letters += "=~-+"[static_cast<int>(row.kind)];
    return letters;
}

} // namespace

class RowsTest : public QObject {
    Q_OBJECT

private slots:
    void splitsLinesAsGitDoes();
    void findsTheLineOfAByte();
    void pairsAChangedLineWithItself();
    void pairsWithoutCrossing();
    void keepsUnlikeLinesApart();
    void alignsEmptyTexts();
    void countsAMissingLineEndAsAChange();
    void groupsHunksAsGitDoes();
    void namesHunksByTheirContent();
    void tellsEqualHunksApart();
    void reproducesBothTexts();
    void countsAsGitDoes();
    void marksWordsOnlyInChangedRows();
    void saysWhatItDidNotCompare();
    void alignsALongFileInTime();
    void refusesTextsThatAreTooLarge();
};

void RowsTest::splitsLinesAsGitDoes()
{
    const git::Lines lines("a\r\n\nb\rc\nlast");
    QCOMPARE(lines.count(), std::size_t(4));
    QCOMPARE(lines[0], std::string_view("a"));
    QCOMPARE(lines.withEnd(0), std::string_view("a\r\n"));
    QCOMPARE(lines[1], std::string_view(""));
    QCOMPARE(lines[2], std::string_view("b\rc"));
    QCOMPARE(lines[3], std::string_view("last"));
    QCOMPARE(lines.slice({1, 3}), std::string_view("\nb\rc\n"));
    QCOMPARE(git::Lines("").count(), std::size_t(0));
    QCOMPARE(git::Lines("\n").count(), std::size_t(1));
}

void RowsTest::findsTheLineOfAByte()
{
    const git::Lines lines("ab\nc\n");
    QCOMPARE(lines.lineAt(0), std::size_t(0));
    QCOMPARE(lines.lineAt(2), std::size_t(0));
    QCOMPARE(lines.lineAt(3), std::size_t(1));
    QCOMPARE(lines.lineAt(5), std::size_t(1));
    QCOMPARE(lines.offset(2), std::size_t(5));
}

void RowsTest::pairsAChangedLineWithItself()
{
    const git::Alignment alignment = align("let a = 1;\nlet b = 2;\n", "let a = 1;\nlet b = 3;\n");
    QCOMPARE(shape(alignment), std::string("=~"));
    QCOMPARE(alignment.rows[1].oldLine, 1);
    QCOMPARE(alignment.rows[1].newLine, 1);
    QCOMPARE(alignment.rows[1].hunk, 0);
    QCOMPARE(alignment.rows[0].hunk, -1);
}

void RowsTest::pairsWithoutCrossing()
{
    const git::Alignment alignment =
        align("fn one(x: u32) {}\nfn two(y: u32) {}\n",
              "// a comment before\nfn one(x: u64) {}\nuse std::fmt;\nfn two(y: u64) {}\n");
    QCOMPARE(shape(alignment), std::string("+~+~"));
    QCOMPARE(alignment.rows[1].newLine, 1);
    QCOMPARE(alignment.rows[3].newLine, 3);
}

void RowsTest::keepsUnlikeLinesApart()
{
    QCOMPARE(shape(align("let total = sum(values);\n", "return Err(Broken);\n")), std::string("-+"));
}

void RowsTest::alignsEmptyTexts()
{
    QCOMPARE(shape(align("", "")), std::string());
    QCOMPARE(shape(align("", "a\nb\n")), std::string("++"));
    QCOMPARE(shape(align("a\nb", "")), std::string("--"));
    QCOMPARE(shape(align("a\n", "a\n")), std::string("="));
}

void RowsTest::countsAMissingLineEndAsAChange()
{
    QCOMPARE(shape(align("a\nb\n", "a\nb")), std::string("=~"));
    const git::Alignment alignment = align("a\r\n", "a\n");
    QCOMPARE(shape(alignment), std::string("~"));
    QVERIFY(alignment.rows[0].oldWords.empty());
}

void RowsTest::groupsHunksAsGitDoes()
{
    const TestRepository repository;
    RandomTexts random(7);
    for (int round = 0; round < 60; ++round) {
        const std::string before = random.text(120);
        const std::string after = random.edited(before, 4);
        repository.write("a.rs", before);
        repository.git({QStringLiteral("add"), QStringLiteral("a.rs")});
        repository.write("a.rs", after);
        const std::string patch =
            repository.git({QStringLiteral("diff"), QStringLiteral("-U3"), QStringLiteral("a.rs")});
        std::size_t expected = 0;
        for (std::size_t at = patch.find("\n@@ "); at != std::string::npos; at = patch.find("\n@@ ", at + 1))
            ++expected;
        QVERIFY2(hunksOf(before, after).size() == expected, qPrintable(random.describe(round)));
    }
}

void RowsTest::namesHunksByTheirContent()
{
    const std::string before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
    const std::string after = "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nK\nl\n";
    const auto hunks = hunksOf(before, after);
    QCOMPARE(hunks.size(), std::size_t(2));
    QVERIFY(hunks[0].id != hunks[1].id);
    const auto moved = hunksOf("new\nlines\n" + before, "new\nlines\n" + after);
    QCOMPARE(moved[0].id, hunks[0].id);
    QCOMPARE(moved[1].id, hunks[1].id);
    const auto changes = git::diffLines(before, after);
    QVERIFY(git::groupHunks("b.rs", *changes, before, after)[0].id != hunks[0].id);
}

void RowsTest::tellsEqualHunksApart()
{
    const std::string gap = "1\n2\n3\n4\n5\n6\n7\n8\n";
    const auto hunks = hunksOf("x\n" + gap + "x\n", "y\n" + gap + "y\n");
    QCOMPARE(hunks.size(), std::size_t(2));
    QVERIFY(hunks[0].id != hunks[1].id);
    QCOMPARE(hunksOf("x\n" + gap, "y\n" + gap)[0].id, hunks[0].id);
}

void RowsTest::reproducesBothTexts()
{
    RandomTexts random(11);
    for (int round = 0; round < 400; ++round) {
        const std::string before = random.text(60);
        const std::string after = random.edited(before, 6);
        const auto hunks = hunksOf(before, after);
        const git::Alignment alignment = git::alignRows(hunks, before, after);
        const git::Lines oldLines(before), newLines(after);
        std::string oldRead, newRead;
        for (const Row &row : alignment.rows) {
            const bool hasOld = row.oldLine != Row::gap, hasNew = row.newLine != Row::gap;
            if (hasOld)
                oldRead += oldLines.withEnd(static_cast<std::size_t>(row.oldLine));
            if (hasNew)
                newRead += newLines.withEnd(static_cast<std::size_t>(row.newLine));
            const bool same = hasOld && hasNew &&
                              oldLines.withEnd(static_cast<std::size_t>(row.oldLine)) ==
                                  newLines.withEnd(static_cast<std::size_t>(row.newLine));
            QVERIFY2((row.kind == RowKind::Equal) == same, qPrintable(random.describe(round)));
            QVERIFY((row.kind == RowKind::Removed) == !hasNew && (row.kind == RowKind::Added) == !hasOld);
            QVERIFY(row.kind == RowKind::Equal || row.hunk >= 0);
        }
        QVERIFY2(oldRead == before && newRead == after, qPrintable(random.describe(round)));
    }
}

void RowsTest::countsAsGitDoes()
{
    const TestRepository repository;
    RandomTexts random(13);
    std::vector<std::pair<std::string, std::string>> texts;
    for (int file = 0; file < 150; ++file) {
        const std::string before = random.text(200);
        texts.emplace_back(before, random.edited(before, 12));
        repository.write("f" + std::to_string(1000 + file), texts.back().first);
    }
    repository.commit();
    for (int file = 0; file < 150; ++file)
        repository.write("f" + std::to_string(1000 + file), texts[static_cast<std::size_t>(file)].second);
    for (int file = 0; file < 150; ++file) {
        const auto &[before, after] = texts[static_cast<std::size_t>(file)];
        const QString name = QStringLiteral("f%1").arg(1000 + file);
        const git::LineCounts counts = git::countLines(*git::diffLines(before, after));
        const std::string ours = std::to_string(counts.added) + '\t' + std::to_string(counts.removed) + '\t' +
                                 name.toStdString() + '\n';
        const std::string expected =
            repository.git({QStringLiteral("diff"), QStringLiteral("--text"), QStringLiteral("--numstat"),
                            QStringLiteral("HEAD"), QStringLiteral("--"), name});
        QVERIFY2(before == after || ours == expected, qPrintable(random.describe(file)));
    }
}

void RowsTest::marksWordsOnlyInChangedRows()
{
    const git::Alignment alignment =
        align("keep\nlet first = 1;\ngone entirely here\n", "keep\nlet second = 1;\n");
    for (const Row &row : alignment.rows)
        QCOMPARE(!row.oldWords.empty(), row.kind == RowKind::Changed);
    QCOMPARE(alignment.unmarkedBlocks, 0u);
}

void RowsTest::saysWhatItDidNotCompare()
{
    std::string before, after;
    for (int i = 0; i < 400; ++i) {
        before += "before " + std::to_string(i) + '\n';
        after += "after " + std::to_string(i) + '\n';
    }
    QCOMPARE(align(before, after).unmarkedBlocks, 1u);
    const std::string one = "let a = 1;\n", two = "let a = 2;\n";
    QCOMPARE(git::alignRows(hunksOf(one, two), one, two, 0).unmarkedBlocks, 1u);
}

void RowsTest::alignsALongFileInTime()
{
    std::string before, after;
    for (int i = 0; i < 100'000; ++i) {
        const std::string line =
            "    let value_" + std::to_string(i) + " = compute(" + std::to_string(i * 7) + ");\n";
        before += line;
        after += i % 33 == 0 ? "    let value_" + std::to_string(i) + " = compute_all(&input)?;\n" : line;
    }
    const auto hunks = hunksOf(before, after);
    QVERIFY(hunks.size() > 3000);
    QElapsedTimer timer;
    timer.start();
    const git::Alignment alignment = git::alignRows(hunks, before, after);
    qInfo("%d hunks in 100,000 lines aligned in %lld ms", static_cast<int>(hunks.size()), timer.elapsed());
    QCOMPARE(alignment.rows.size(), std::size_t(100'000));
    QVERIFY(timer.elapsed() <
            2000); // A guard against the wrong order of growth; the goal is 100 ms in a release build.
}

void RowsTest::refusesTextsThatAreTooLarge()
{
    const std::string large(git::maxTextBytes + 1, 'x');
    QCOMPARE(git::diffLines(large, "a").error().kind, git::ErrorKind::InvalidInput);
}

QTEST_GUILESS_MAIN(RowsTest)
#include "rows_test.moc"
