// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/diff_window.h"
#include "ui/message_bar.h"
#include "ui/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>

#include <random>

using namespace ui;
using namespace tests;
using Sci = QsciScintillaBase;

namespace {

std::string bytesOf(const DiffEditor &editor)
{
    const long size = editor.SendScintilla(Sci::SCI_GETLENGTH);
    const auto *bytes =
        static_cast<const char *>(editor.SendScintillaPtrResult(Sci::SCI_GETCHARACTERPOINTER));
    return {bytes, std::size_t(size)};
}

QByteArray copyOf(DiffEditor &editor, long begin, long end)
{
    QApplication::clipboard()->clear();
    editor.SendScintilla(Sci::SCI_SETSEL, begin, end);
    editor.copy();
    return QApplication::clipboard()->text().toUtf8();
}

QByteArray copyAll(DiffEditor &editor)
{
    return copyOf(editor, 0, editor.SendScintilla(Sci::SCI_GETLENGTH));
}

} // namespace

class DiffTextTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void equalLinesStandBesideEachOther();
    void anyBytesAreShownAndNoneIsLost();
    void copyingGivesTheFilesOwnLines();
    void whatIsCopiedIsPartOfTheFile();
    void aMissingFinalNewlineIsTold();
    void lineEndsAreMarkedOnlyWhereTheyDiffer();
    void charactersThatHideAreLabelled();
    void whatCannotBeComparedIsExplained_data();
    void whatCannotBeComparedIsExplained();
    void aSideThatDoesNotExistLeavesItsRoom();
    void patchesShowTheRealLineNumbers();
    void overlongLinesAreCutAndSaidSo();
    void slowReadingIsSaid();
    void aVeryLongFileIsStyledWhereverOneGoes();
};

void DiffTextTest::equalLinesStandBesideEachOther()
{
    const auto view = makeTwoHunks();
    const DiffPage page(view);
    int equal = 0;
    for (std::uint32_t row = 0; row < page.rowCount(); ++row) {
        const std::int32_t oldLine = page.text(git::Side::Old).lineOfRow(row);
        const std::int32_t newLine = page.text(git::Side::New).lineOfRow(row);
        if (page.row(row).kind == git::RowKind::Equal) {
            QCOMPARE(page.text(git::Side::Old).lines()[std::size_t(oldLine)],
                     page.text(git::Side::New).lines()[std::size_t(newLine)]);
            ++equal;
        }
    }
    QCOMPARE(equal, 397);
    DiffWindow window;
    window.view.show(view);
    QCOMPARE(window.before->SendScintilla(Sci::SCI_GETLINECOUNT),
             window.after->SendScintilla(Sci::SCI_GETLINECOUNT));
}

void DiffTextTest::anyBytesAreShownAndNoneIsLost()
{
    using namespace std::string_literals;
    const std::string text = "nul \0 here\nbad \xFF\xFE\xC3( bytes\nlone \r return\n\xF0\x9F\xA6\x80 crab\n"s;
    DiffWindow window;
    window.view.show(makeView("", text));
    const std::string shown = bytesOf(*window.after);
    QCOMPARE(shown.size(), text.size() - 1); // the last line end begins no row
    QCOMPARE(shown.substr(0, 10), "nul \0 here"s);
    QVERIFY(shown.find("bad \xFF\xFE\xC3( bytes") != std::string::npos);
    QCOMPARE(window.after->SendScintilla(Sci::SCI_GETLINECOUNT), 4L);
    const DiffPage page(makeView("", text));
    const RowText &rows = page.text(git::Side::New);
    QCOMPARE(rows.clean(0, std::uint32_t(rows.bytes().size())).toStdString() + "\n", text);
}

void DiffTextTest::copyingGivesTheFilesOwnLines()
{
    const std::string oldText = "one\r\ntwo\r\nthree\r\n";
    const std::string newText = "one\r\nnew\r\nlines\r\nhere\r\ntwo\r\nthree\r\n";
    DiffWindow window;
    window.view.show(makeView(oldText, newText));
    QCOMPARE(copyAll(*window.before) + "\r\n", QByteArray::fromStdString(oldText));
    QCOMPARE(copyAll(*window.after) + "\r\n", QByteArray::fromStdString(newText));
}

void DiffTextTest::whatIsCopiedIsPartOfTheFile()
{
    std::mt19937 random(20261122);
    qInfo("seed 20261122");
    const auto below = [&](std::size_t n) { return std::size_t(random() % n); };
    for (int round = 0; round < 300; ++round) {
        std::string texts[2];
        for (std::string &text : texts) {
            for (std::size_t i = below(12); i > 0; --i)
                text += std::string("abé\r", below(5)) + (below(3) ? "\n" : "\r\n");
            if (below(3) == 0)
                text += "end";
        }
        if (texts[0].empty() && texts[1].empty())
            continue;
        const DiffPage page(makeView(texts[0], texts[1]));
        for (const git::Side side : {git::Side::Old, git::Side::New}) {
            const RowText &rows = page.text(side);
            const auto size = std::uint32_t(rows.bytes().size());
            const auto begin = std::uint32_t(below(size + 1));
            const auto end = begin + std::uint32_t(below(size - begin + 1));
            const std::string &text = texts[side == git::Side::Old ? 0 : 1];
            QVERIFY(text.find(rows.clean(begin, end).toStdString()) != std::string::npos);
            // Two parts give the whole; its last line end is no part of any row but of the step to the next
            // one.
            const std::string whole = (rows.clean(0, begin) + rows.clean(begin, size)).toStdString();
            QVERIFY(text.starts_with(whole));
            QVERIFY(text.size() - whole.size() <= 2);
        }
    }
}

void DiffTextTest::aMissingFinalNewlineIsTold()
{
    DiffWindow window;
    window.view.show(makeView("fn a() {}\n", "fn a() {}"));
    QVERIFY(bytesOf(*window.after).ends_with(RowText::noFinalNewline));
    QVERIFY(bytesOf(*window.before).find(RowText::noFinalNewline) == std::string::npos);
    QCOMPARE(copyAll(*window.after), QByteArray("fn a() {}"));
}

void DiffTextTest::lineEndsAreMarkedOnlyWhereTheyDiffer()
{
    DiffWindow window;
    window.view.show(makeView("a\r\nb\r\n", "a\nb\n"));
    QVERIFY(bytesOf(*window.before).starts_with(std::string("a") + RowText::lineEndMark));
    window.view.show(makeView("a\r\nb\r\n", "a\r\nc\r\n"));
    QVERIFY(bytesOf(*window.before).find(RowText::lineEndMark) == std::string::npos);
}

void DiffTextTest::charactersThatHideAreLabelled()
{
    DiffWindow window;
    const auto label = [&](const char *character) {
        char text[64] = {};
        window.after->SendScintilla(Sci::SCI_GETREPRESENTATION, std::uintptr_t(character), text);
        return QByteArray(text);
    };
    QCOMPARE(label("\xE2\x80\xAE"), QByteArray("RLO"));
    QCOMPARE(label("\xE2\x81\xA6"), QByteArray("LRI"));
    QCOMPARE(label("\xE2\x80\x8B"), QByteArray("ZWSP"));
    QCOMPARE(label("\xC2\xA0"), QByteArray("NBSP"));
    QCOMPARE(label("\xEF\xBB\xBF"), QByteArray("BOM"));
    QCOMPARE(label("\xF3\xA0\x81\xA1"), QByteArray("U+E0061"));
    QCOMPARE(label("x"), QByteArray());

    // A box takes room: the line is wider than the same without the character.
    window.view.show(makeView("", "ab\na\xE2\x80\x8B"
                                  "b\n"));
    QVERIFY(window.isExposed());
    const auto widthOf = [&](long row) {
        const long end =
            window.after->SendScintilla(Sci::SCI_GETLINEENDPOSITION, static_cast<unsigned long>(row));
        return window.after->SendScintilla(Sci::SCI_POINTXFROMPOSITION, 0UL, end);
    };
    QVERIFY(widthOf(1) > widthOf(0) + 10);
}

void DiffTextTest::whatCannotBeComparedIsExplained_data()
{
    using git::ContentKind;
    QTest::addColumn<ContentKind>("oldKind");
    QTest::addColumn<ContentKind>("newKind");
    QTest::addColumn<QString>("said");
    QTest::newRow("binary") << ContentKind::Binary << ContentKind::Binary << QStringLiteral("binary");
    QTest::newRow("too large") << ContentKind::Text << ContentKind::TooLarge << QStringLiteral("16 MiB");
    QTest::newRow("missing") << ContentKind::Missing << ContentKind::Text << QStringLiteral("Fetch");
    QTest::newRow("submodule") << ContentKind::Submodule << ContentKind::Submodule
                               << QStringLiteral("commit aaaaaaaaaaaa to bbbbbbbbbbbb");
    QTest::newRow("file to submodule")
        << ContentKind::Text << ContentKind::Submodule << QStringLiteral("is a submodule now");
    QTest::newRow("empty") << ContentKind::Absent << ContentKind::Text << QStringLiteral("empty");
}

void DiffTextTest::whatCannotBeComparedIsExplained()
{
    QFETCH(git::ContentKind, oldKind);
    QFETCH(git::ContentKind, newKind);
    QFETCH(QString, said);
    git::FileDelta delta;
    delta.oldSide = {"vendor/x", std::string(40, 'a'), 0100644};
    delta.newSide = {"vendor/x", std::string(40, 'b'), 0100644};
    DiffWindow window;
    window.view.show(models::makeFileView(delta, {oldKind, newKind, "", ""}));
    QVERIFY(!window.panes->isVisible());
    QStringList texts;
    for (const QLabel *label : window.view.findChildren<QLabel *>())
        texts += label->text();
    QVERIFY2(texts.join(QLatin1Char('\n')).contains(said), qPrintable(texts.join(QLatin1Char('\n'))));
}

void DiffTextTest::aSideThatDoesNotExistLeavesItsRoom()
{
    git::FileDelta added;
    added.status = git::FileStatus::Added;
    added.newSide = {"a.rs", "1", 0100644};
    DiffWindow window;
    window.view.show(
        models::makeFileView(added, {git::ContentKind::Absent, git::ContentKind::Text, "", lines(0, 9)}));
    QVERIFY(!window.before->isVisible());
    QVERIFY(window.after->isVisible());

    git::FileDelta deleted;
    deleted.status = git::FileStatus::Deleted;
    deleted.oldSide = {"b.rs", "1", 0100644};
    window.view.show(
        models::makeFileView(deleted, {git::ContentKind::Text, git::ContentKind::Absent, lines(0, 900), ""}));
    QVERIFY(window.before->isVisible());
    QVERIFY(!window.after->isVisible());
    QVERIFY(window.isExposed());
    window.view.goToLine(git::Side::Old, 500);
    QVERIFY(window.before->firstVisibleRow() > 400);
    QCOMPARE(window.hunkAtCaret(), QString::fromStdString(window.panes->page()->view().hunks[0].id));

    git::FileDelta unchanged;
    unchanged.status = git::FileStatus::Unchanged;
    unchanged.newSide = {"c.rs", "1", 0100644};
    window.view.show(
        models::makeFileView(unchanged, {git::ContentKind::Absent, git::ContentKind::Text, "", lines(0, 9)}));
    QVERIFY(!window.before->isVisible());
    QVERIFY(window.panes->page()->hunks().empty());
}

void DiffTextTest::patchesShowTheRealLineNumbers()
{
    git::FileDelta delta;
    delta.oldSide = {"a.rs", "", 0100644};
    delta.newSide = {"a.rs", "", 0100644};
    const std::string oldText = "a\nb\nc\nx\ny\nz\n";
    const std::string newText = "a\nb\nnew\nc\nx\nz\n";
    const DiffPage page(
        models::makeFileView(delta, {git::ContentKind::Text, git::ContentKind::Text, oldText, newText},
                             {{{0, 3}, {0, 4}, 9, 9}, {{3, 6}, {4, 6}, 699, 700}}));
    const auto numbers = [&](git::Side side) {
        QList<int> result;
        for (std::uint32_t row = 0; row < page.rowCount(); ++row)
            result += page.lineNumber(side, row) ? int(*page.lineNumber(side, row)) + 1 : 0;
        return result;
    };
    QCOMPARE(numbers(git::Side::Old), (QList<int>{10, 11, 0, 12, 700, 701, 702}));
    QCOMPARE(numbers(git::Side::New), (QList<int>{10, 11, 12, 13, 701, 0, 702}));
    QVERIFY(page.beginsExcerpt(4));
    QVERIFY(!page.beginsExcerpt(0));
}

void DiffTextTest::overlongLinesAreCutAndSaidSo()
{
    const std::string text = "x" + std::string(RowText::maxShownBytes * 3, 'y') + "\nnext\n";
    DiffWindow window;
    window.view.show(makeView("next\n", text));
    const std::string shown = bytesOf(*window.after);
    QVERIFY(shown.size() < RowText::maxShownBytes + 100);
    QVERIFY(shown.find(RowText::cutMark) != std::string::npos);
    QVERIFY(window.view.findChild<MessageBar *>()->text().contains(QLatin1String("20000 bytes")));
    QCOMPARE(copyAll(*window.after) + "\n", QByteArray::fromStdString(text));
}

void DiffTextTest::slowReadingIsSaid()
{
    DiffWindow window;
    window.view.show(makeTwoHunks());
    window.view.setBusy(QStringLiteral("Reading src/other.rs …"));
    QVERIFY(window.panes->isVisible());
    QTRY_VERIFY(!window.panes->isVisible());
    window.view.show(makeView("a\n", "b\n", "src/other.rs"));
    QVERIFY(window.panes->isVisible());
    // What arrives in time is shown without a flicker.
    window.view.setBusy(QStringLiteral("Reading src/db.rs …"));
    window.view.show(makeTwoHunks());
    QTest::qWait(150);
    QVERIFY(window.panes->isVisible());
}

void DiffTextTest::aVeryLongFileIsStyledWhereverOneGoes()
{
    const auto view =
        makeView(lines(0, 100'000), lines(0, 50'000) + "    added();\n" + lines(50'000, 100'000));
    DiffWindow window;
    window.view.show(view);
    QVERIFY(window.isExposed());
    window.view.goToLine(git::Side::New, 99'990);
    const std::uint32_t row = window.panes->page()->text(git::Side::New).rowOfLine(99'990);
    const std::uint32_t keyword = window.panes->page()->text(git::Side::New).rowStart(row) + 4;
    QTRY_VERIFY_WITH_TIMEOUT(
        window.after->SendScintilla(Sci::SCI_GETSTYLEAT, static_cast<unsigned long>(keyword)) != 0, 30'000);
    const std::uint32_t onTheOtherSide = window.panes->page()->text(git::Side::Old).rowStart(row) + 4;
    QTRY_VERIFY(
        window.before->SendScintilla(Sci::SCI_GETSTYLEAT, static_cast<unsigned long>(onTheOtherSide)) != 0);
}

QTEST_MAIN(DiffTextTest)
#include "diff_text_test.moc"
