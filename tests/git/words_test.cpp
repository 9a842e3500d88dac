// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/display.h"
#include "git/rows.h"
#include "git/words.h"
#include "tests/support/random_texts.h"

#include <QTest>

namespace {

std::vector<std::string> cut(std::string_view line, const std::vector<git::ByteRange> &ranges)
{
    std::vector<std::string> parts;
    for (const git::ByteRange &range : ranges)
        parts.emplace_back(line.substr(range.begin, range.size()));
    return parts;
}

using Strings = std::vector<std::string>;

} // namespace

class WordsTest : public QObject {
    Q_OBJECT

private slots:
    void splitsCodeIntoWords();
    void neverSplitsACharacter();
    void marksWhatChanged();
    void joinsAcrossTinyEqualBits();
    void marksWhiteSpace();
    void marksNothingBetweenStrangers();
    void boundsItsCost();
    void staysInsideOfTheLines();
    void showsNamesSafely();
};

void WordsTest::splitsCodeIntoWords()
{
    const std::string_view line = "  foo_1.bar(x,\ty2)";
    QVERIFY(cut(line, git::splitWords(line)) ==
            (Strings{"  ", "foo_1", ".", "bar", "(", "x", ",", "\t", "y2", ")"}));
}

void WordsTest::neverSplitsACharacter()
{
    const std::string_view line = "größe→\xE2\x80\xAEx\xFF";
    QVERIFY(cut(line, git::splitWords(line)) == (Strings{"größe→", "\xE2\x80\xAE", "x", "\xFF"}));
}

void WordsTest::marksWhatChanged()
{
    const std::string before = "let guard = state.lock().unwrap();";
    const std::string after = "let guard = state.read().unwrap();";
    const git::ChangedWords words = git::compareWords(before, after);
    QVERIFY(cut(before, words.oldWords) == Strings{"lock"});
    QVERIFY(cut(after, words.newWords) == Strings{"read"});

    const std::string longer = "let guard = state.lock().await.unwrap();";
    const git::ChangedWords added = git::compareWords(before, longer);
    QVERIFY(added.oldWords.empty());
    QVERIFY(cut(longer, added.newWords) == Strings{".await"} ||
            cut(longer, added.newWords) == Strings{"await."});
}

void WordsTest::joinsAcrossTinyEqualBits()
{
    const std::string before = "commit(first, second, with a long tail that stays)";
    const std::string after = "commit(third, fourth, with a long tail that stays)";
    QVERIFY(cut(before, git::compareWords(before, after).oldWords) == Strings{"first, second"});
}

void WordsTest::marksWhiteSpace()
{
    const std::string before = "\tcall();";
    const std::string after = "    call();";
    QVERIFY(cut(after, git::compareWords(before, after).newWords) == Strings{"    "});
}

void WordsTest::marksNothingBetweenStrangers()
{
    const git::ChangedWords words =
        git::compareWords("let total = sum(values);", "return Err(Broken::Pipe)?");
    QVERIFY(words.oldWords.empty() && words.newWords.empty());
    const git::ChangedWords same = git::compareWords("same", "same");
    QVERIFY(same.oldWords.empty() && same.newWords.empty());
}

void WordsTest::boundsItsCost()
{
    std::string before, after;
    for (int i = 0; i < 900; ++i) {
        before += "a" + std::to_string(i) + ' ';
        after += "b" + std::to_string(i) + ' ';
    }
    const git::ChangedWords words = git::compareWords(before, after);
    QVERIFY(words.oldWords.empty() && words.newWords.empty());
    const git::ChangedWords huge = git::compareWords(std::string(1 << 20, 'x'), std::string(1 << 20, 'y'));
    QVERIFY(huge.oldWords.empty());
}

void WordsTest::staysInsideOfTheLines()
{
    tests::RandomTexts random(17);
    for (int round = 0; round < 3000; ++round) {
        const std::string before = random.line(), after = random.line();
        const git::ChangedWords words = git::compareWords(before, after);
        for (const auto &[ranges, text] :
             {std::pair(words.oldWords, before), std::pair(words.newWords, after)}) {
            std::uint32_t end = 0;
            for (const git::ByteRange &range : ranges) {
                QVERIFY2(range.begin >= end && range.begin < range.end && range.end <= text.size(),
                         qPrintable(random.describe(round)));
                end = range.end;
            }
        }
    }
}

void WordsTest::showsNamesSafely()
{
    QCOMPARE(git::displayName("src/größe.rs"), std::string("src/größe.rs"));
    QCOMPARE(git::displayName("a\xE9z"), std::string("a\\xE9z"));
    QCOMPARE(git::displayName("a\nb\x1B[31m"), std::string("a\\u{A}b\\u{1B}[31m"));
    QCOMPARE(git::displayName("x\xE2\x80\xAEgpj.rs"), std::string("x\\u{202E}gpj.rs"));
    QCOMPARE(git::displayName("\xED\xA0\x80\xC0\xAF"), std::string("\\xED\\xA0\\x80\\xC0\\xAF"));
    QCOMPARE(git::displayName(std::string_view("a\0b", 3)), std::string("a\\u{0}b"));
}

QTEST_GUILESS_MAIN(WordsTest)
#include "words_test.moc"
