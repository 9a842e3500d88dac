// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff_view.h"

#include "ui/diff/diff_panes.h"
#include "ui/diff/search.h"
#include "ui/diff/search_bar.h"
#include "ui/message_bar.h"
#include "ui/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <random>

using namespace ui;
using Sci = QsciScintillaBase;

namespace {

std::shared_ptr<const models::FileView> makeView(const std::string &oldText, const std::string &newText,
                                                 const std::string &path = "src/db.rs")
{
    git::FileDelta delta;
    delta.oldSide = {path, "1", 0100644};
    delta.newSide = {path, "2", 0100644};
    return models::makeFileView(delta, {git::ContentKind::Text, git::ContentKind::Text, oldText, newText});
}

/// A line every reader can tell from its neighbours.
std::string line(int i)
{
    return "    let value_" + std::to_string(i) + " = store.read(" + std::to_string(i * 7919) + ");\n";
}

std::string lines(int begin, int end)
{
    std::string text;
    for (int i = begin; i < end; ++i)
        text += line(i);
    return text;
}

/// Two hunks far apart: three lines removed at 100, two added at 300.
std::shared_ptr<const models::FileView> makeTwoHunks()
{
    return makeView(lines(0, 400),
                    lines(0, 100) + lines(103, 300) + "    first();\n    second();\n" + lines(300, 400));
}

/// The view as a reader has it before him.
struct Window {
    DiffView view;
    DiffPanes *panes = nullptr;
    DiffEditor *before = nullptr;
    DiffEditor *after = nullptr;

    Window()
    {
        view.resize(1000, 600);
        static_cast<QWidget &>(view).show();
        panes = view.findChild<DiffPanes *>();
        const QList<DiffEditor *> editors = view.findChildren<DiffEditor *>();
        before = editors[0]->side() == git::Side::Old ? editors[0] : editors[1];
        after = editors[0]->side() == git::Side::Old ? editors[1] : editors[0];
    }

    bool isExposed() { return QTest::qWaitForWindowExposed(&view); }
};

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

void turnWheel(QWidget *target, int steps, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    const QPointF middle(target->width() / 2.0, target->height() / 2.0);
    QWheelEvent event(middle, target->mapToGlobal(middle), QPoint(), QPoint(0, -120 * steps), Qt::NoButton,
                      modifiers, Qt::NoScrollPhase, false);
    QApplication::sendEvent(target, &event);
}

} // namespace

class DiffViewTest : public QObject {
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
    void bothSidesScrollAsOne_data();
    void bothSidesScrollAsOne();
    void bothSidesZoomAsOne();
    void hunksAreChosenByKeyAndByClick();
    void changesAreReachedInBothDirections();
    void theReadersPlaceCountsNotAnOldCaret();
    void theSameFileKeepsTheReadersPlace();
    void marksAreFoundClickedAndMoveNobody();
    void theItemAtTheReadersPlaceIsNamed();
    void aLineIsBroughtToTheMiddle();
    void aClickOnTheStripGoesThere();
    void searchSeesBothSidesAndNoGaps();
    void searchStepsRoundTheEnd();
    void anExpressionThatIsNoneIsExplained();
    void whatCannotBeComparedIsExplained_data();
    void whatCannotBeComparedIsExplained();
    void aSideThatDoesNotExistLeavesItsRoom();
    void patchesShowTheRealLineNumbers();
    void overlongLinesAreCutAndSaidSo();
    void slowReadingIsSaid();
    void aVeryLongFileIsStyledWhereverOneGoes();
};

void DiffViewTest::equalLinesStandBesideEachOther()
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
    Window window;
    window.view.show(view);
    QCOMPARE(window.before->SendScintilla(Sci::SCI_GETLINECOUNT),
             window.after->SendScintilla(Sci::SCI_GETLINECOUNT));
}

void DiffViewTest::anyBytesAreShownAndNoneIsLost()
{
    using namespace std::string_literals;
    const std::string text = "nul \0 here\nbad \xFF\xFE\xC3( bytes\nlone \r return\n\xF0\x9F\xA6\x80 crab\n"s;
    Window window;
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

void DiffViewTest::copyingGivesTheFilesOwnLines()
{
    const std::string oldText = "one\r\ntwo\r\nthree\r\n";
    const std::string newText = "one\r\nnew\r\nlines\r\nhere\r\ntwo\r\nthree\r\n";
    Window window;
    window.view.show(makeView(oldText, newText));
    QCOMPARE(copyAll(*window.before) + "\r\n", QByteArray::fromStdString(oldText));
    QCOMPARE(copyAll(*window.after) + "\r\n", QByteArray::fromStdString(newText));
}

void DiffViewTest::whatIsCopiedIsPartOfTheFile()
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

void DiffViewTest::aMissingFinalNewlineIsTold()
{
    Window window;
    window.view.show(makeView("fn a() {}\n", "fn a() {}"));
    QVERIFY(bytesOf(*window.after).ends_with(RowText::noFinalNewline));
    QVERIFY(bytesOf(*window.before).find(RowText::noFinalNewline) == std::string::npos);
    QCOMPARE(copyAll(*window.after), QByteArray("fn a() {}"));
}

void DiffViewTest::lineEndsAreMarkedOnlyWhereTheyDiffer()
{
    Window window;
    window.view.show(makeView("a\r\nb\r\n", "a\nb\n"));
    QVERIFY(bytesOf(*window.before).starts_with(std::string("a") + RowText::lineEndMark));
    window.view.show(makeView("a\r\nb\r\n", "a\r\nc\r\n"));
    QVERIFY(bytesOf(*window.before).find(RowText::lineEndMark) == std::string::npos);
}

void DiffViewTest::charactersThatHideAreLabelled()
{
    Window window;
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

void DiffViewTest::bothSidesScrollAsOne_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"wheel", "scroll bar", "page down", "end of file", "arrow keys", "go to line",
                            "first visible", "sideways", "strip"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

void DiffViewTest::bothSidesScrollAsOne()
{
    QFETCH(QString, how);
    for (const bool fromOld : {true, false}) {
        Window window;
        window.view.show(makeView(lines(0, 500) + std::string(600, 'x') + "\n", lines(20, 500)));
        QVERIFY(window.isExposed());
        QTest::qWait(20);
        DiffEditor &moved = fromOld ? *window.before : *window.after;
        moved.setFocus();
        const auto place = [](const DiffEditor &editor) {
            return std::pair(editor.SendScintilla(Sci::SCI_GETFIRSTVISIBLELINE),
                             editor.SendScintilla(Sci::SCI_GETXOFFSET));
        };
        const auto start = place(moved);
        if (how == QLatin1String("wheel"))
            turnWheel(moved.viewport(), 5);
        else if (how == QLatin1String("scroll bar"))
            moved.verticalScrollBar()->setValue(200);
        else if (how == QLatin1String("page down"))
            QTest::keyClick(&moved, Qt::Key_PageDown);
        else if (how == QLatin1String("end of file"))
            QTest::keyClick(&moved, Qt::Key_End, Qt::ControlModifier);
        else if (how == QLatin1String("arrow keys"))
            for (int i = 0; i < 80; ++i)
                QTest::keyClick(&moved, Qt::Key_Down);
        else if (how == QLatin1String("go to line"))
            moved.SendScintilla(Sci::SCI_GOTOLINE, 300UL);
        else if (how == QLatin1String("first visible"))
            moved.SendScintilla(Sci::SCI_SETFIRSTVISIBLELINE, 123UL);
        else if (how == QLatin1String("sideways"))
            moved.SendScintilla(Sci::SCI_SETXOFFSET, 200UL);
        else
            QTest::mouseClick(window.view.findChild<DiffStrip *>(), Qt::LeftButton, {}, QPoint(8, 300));
        QTest::qWait(60);
        QVERIFY(place(moved) != start);
        QCOMPARE(place(*window.before), place(*window.after));
        // And it stays: a late report of the other side does not bounce back.
        const auto there = place(moved);
        QTest::qWait(60);
        QCOMPARE(place(moved), there);
    }
}

void DiffViewTest::bothSidesZoomAsOne()
{
    Window window;
    window.view.show(makeTwoHunks());
    QVERIFY(window.isExposed());
    const int height = window.before->rowHeight();
    window.before->zoomIn(4);
    QTest::qWait(30);
    QVERIFY(window.before->rowHeight() > height);
    QCOMPARE(window.after->rowHeight(), window.before->rowHeight());
}

void DiffViewTest::hunksAreChosenByKeyAndByClick()
{
    const auto view = makeTwoHunks();
    const QString first = QString::fromStdString(view->hunks[0].id);
    const QString second = QString::fromStdString(view->hunks[1].id);
    Window window;
    window.view.show(view);
    QVERIFY(window.isExposed());
    QSignalSpy toggled(&window.view, &DiffView::hunkToggled);
    QCOMPARE(window.view.currentHunk(), first);
    QTest::keyClick(window.after, Qt::Key_Space);
    QCOMPARE(toggled.takeFirst(), QVariantList({first, true}));

    window.view.setChosenHunks({first});
    QTest::keyClick(window.after, Qt::Key_Space);
    QCOMPARE(toggled.takeFirst(), QVariantList({first, false}));

    window.view.goToLastChange();
    auto *gutter = window.view.findChild<HunkGutter *>();
    const std::uint32_t row = window.panes->page()->hunks()[1].begin;
    QTest::mouseClick(gutter, Qt::LeftButton, {}, QPoint(14, window.after->rowTop(row) + 5));
    QCOMPARE(toggled.takeFirst(), QVariantList({second, true}));
    QTest::mouseClick(gutter, Qt::LeftButton, {}, QPoint(14, window.after->rowTop(row + 6) + 5));
    QVERIFY(toggled.isEmpty());
}

void DiffViewTest::changesAreReachedInBothDirections()
{
    const auto view = makeTwoHunks();
    Window window;
    window.view.show(view);
    QVERIFY(window.isExposed());
    QCOMPARE(window.view.currentHunk(), QString::fromStdString(view->hunks[0].id));
    QVERIFY(!window.view.goToPreviousChange());
    QVERIFY(window.view.goToNextChange());
    QCOMPARE(window.view.currentHunk(), QString::fromStdString(view->hunks[1].id));
    const std::uint32_t row = window.panes->page()->hunks()[1].begin;
    QVERIFY(row >= window.after->firstVisibleRow());
    QVERIFY(row < window.after->firstVisibleRow() + window.after->visibleRowCount());
    QVERIFY(!window.view.goToNextChange());
    QVERIFY(window.view.goToPreviousChange());
    QCOMPARE(window.view.currentHunk(), QString::fromStdString(view->hunks[0].id));
    window.view.show(nullptr);
    QVERIFY(!window.view.goToNextChange());
}

void DiffViewTest::theReadersPlaceCountsNotAnOldCaret()
{
    const auto view = makeTwoHunks();
    Window window;
    window.view.show(view);
    QVERIFY(window.isExposed());
    // The caret stays at the first change while the reader scrolls past the second one.
    window.after->verticalScrollBar()->setValue(360);
    QTest::qWait(40);
    QVERIFY(!window.view.goToNextChange());
    QVERIFY(window.view.goToPreviousChange());
    QCOMPARE(window.view.currentHunk(), QString::fromStdString(view->hunks[1].id));
}

void DiffViewTest::theSameFileKeepsTheReadersPlace()
{
    Window window;
    window.view.show(makeTwoHunks());
    QVERIFY(window.isExposed());
    window.after->verticalScrollBar()->setValue(200);
    QTest::qWait(40);
    const std::int32_t top =
        window.panes->page()->text(git::Side::New).lineOfRow(window.after->firstVisibleRow());
    // The base moved: ten lines more are removed above.
    window.view.show(makeView(lines(-10, 400), lines(0, 100) + lines(103, 300) +
                                                   "    first();\n    second();\n" + lines(300, 400)));
    QTest::qWait(40);
    QCOMPARE(window.panes->page()->text(git::Side::New).lineOfRow(window.after->firstVisibleRow()), top);
    QCOMPARE(window.before->firstVisibleRow(), window.after->firstVisibleRow());
}

void DiffViewTest::marksAreFoundClickedAndMoveNobody()
{
    Window window;
    window.view.show(makeTwoHunks());
    QVERIFY(window.isExposed());
    const std::uint32_t top = window.after->firstVisibleRow();
    window.view.setFindingMarks(
        {{QStringLiteral("low"), git::Side::New, 150, review::Severity::Low, QStringLiteral("b")},
         {QStringLiteral("deadlock"), git::Side::New, 150, review::Severity::Critical,
          QStringLiteral("Lock order <a> & b")},
         {QStringLiteral("old"), git::Side::Old, 101, review::Severity::High, QStringLiteral("c")}});
    QTest::qWait(40);
    QCOMPARE(window.after->firstVisibleRow(), top);

    QSignalSpy activated(&window.view, &DiffView::findingActivated);
    QVERIFY(window.view.goToNextFinding());
    QCOMPARE(activated.takeFirst().at(0).toString(), QStringLiteral("old"));
    QVERIFY(window.view.goToNextFinding());
    QCOMPARE(activated.takeFirst().at(0).toString(), QStringLiteral("deadlock"));
    QVERIFY(!window.view.goToNextFinding());
    QVERIFY(window.view.goToPreviousFinding());
    QVERIFY(!window.view.goToPreviousFinding());

    window.view.goToLine(git::Side::New, 150);
    activated.clear();
    const std::uint32_t row = window.panes->page()->text(git::Side::New).rowOfLine(150);
    const QPoint mark(10, window.after->rowTop(row) + window.after->rowHeight() / 2);
    QTest::mouseClick(window.after->viewport(), Qt::LeftButton, {}, mark);
    QTest::mouseClick(window.after->viewport(), Qt::LeftButton, {}, mark);
    QCOMPARE(activated.size(), 2);
    QCOMPARE(activated.at(0).at(0).toString(), QStringLiteral("deadlock"));
    QCOMPARE(activated.at(1).at(0).toString(), QStringLiteral("low"));
}

void DiffViewTest::theItemAtTheReadersPlaceIsNamed()
{
    const std::string head = "struct Store;\n\nimpl Store {\n    fn commit(&self) {\n";
    const std::string tail = "    }\n}\n";
    Window window;
    QSignalSpy named(&window.view, &DiffView::currentItemChanged);
    window.view.show(makeView(head + tail, head + "        self.flush();\n" + tail));
    QVERIFY(!named.isEmpty());
    QVERIFY(named.last().at(0).toString().contains(QLatin1String("commit")));
    window.view.goToLine(git::Side::New, 1);
    QCOMPARE(named.last().at(0).toString(), QString());
}

void DiffViewTest::aLineIsBroughtToTheMiddle()
{
    Window window;
    window.view.show(makeTwoHunks());
    QVERIFY(window.isExposed());
    window.view.goToLine(git::Side::Old, 200);
    const std::uint32_t row = window.panes->page()->text(git::Side::Old).rowOfLine(200);
    const auto middle = int(window.before->firstVisibleRow() + window.before->visibleRowCount() / 2);
    QVERIFY(std::abs(int(row) - middle) <= 1);
    QCOMPARE(window.after->firstVisibleRow(), window.before->firstVisibleRow());
    // A line beyond the end gives the last one.
    window.view.goToLine(git::Side::Old, 100'000);
    QCOMPARE(window.panes->caretRow(), window.panes->page()->rowCount() - 1);
}

void DiffViewTest::aClickOnTheStripGoesThere()
{
    Window window;
    window.view.show(makeTwoHunks());
    QVERIFY(window.isExposed());
    auto *strip = window.view.findChild<DiffStrip *>();
    QTest::mouseClick(strip, Qt::LeftButton, {}, QPoint(8, strip->height() / 2));
    const auto middle = int(window.after->firstVisibleRow() + window.after->visibleRowCount() / 2);
    QVERIFY(std::abs(middle - int(window.panes->page()->rowCount() / 2)) <= 3);
}

void DiffViewTest::searchSeesBothSidesAndNoGaps()
{
    const DiffPage page(
        makeView("shared needle\nold needle\n", "shared needle\nnew NEEDLE\nmore\nlast needle é needle\n"));
    const auto count = [&](const SearchQuery &query) { return search(page, query, {}).hits.size(); };
    QCOMPARE(count({.pattern = QStringLiteral("needle")}), 5U);
    QCOMPARE(count({.pattern = QStringLiteral("needle"), .matchCase = true}), 4U);
    QCOMPARE(count({.pattern = QStringLiteral("^\\w+ n"), .isRegularExpression = true}), 4U);
    QCOMPARE(count({.pattern = QStringLiteral("^")}), 0U);
    QCOMPARE(count({.pattern = QStringLiteral("^$"), .isRegularExpression = true}), 0U);
    const SearchHit last = search(page, {.pattern = QStringLiteral("needle")}, {}).hits.back();
    QCOMPARE(last.bytes, (git::ByteRange{15, 21})); // bytes: é takes two
}

void DiffViewTest::searchStepsRoundTheEnd()
{
    Window window;
    window.view.show(makeTwoHunks());
    QVERIFY(window.isExposed());
    window.view.openSearch();
    auto *pattern = window.view.findChild<SearchBar *>()->findChild<QLineEdit *>();
    QVERIFY(pattern->isVisible());
    QTest::keyClicks(pattern, QStringLiteral("value_35"));
    QTRY_COMPARE(window.panes->selectedLineText(), QStringLiteral("value_35"));
    const auto line = [&] {
        return window.panes->page()->text(git::Side::New).nearestLine(window.panes->caretRow());
    };
    QTRY_COMPARE(line(), 349U); // value_350: three lines less, two more
    for (int i = 0; i < 9; ++i)
        QTest::keyClick(pattern, Qt::Key_Return);
    QCOMPARE(line(), 358U);
    QTest::keyClick(pattern, Qt::Key_Return);
    QCOMPARE(line(), 35U);
    QTest::keyClick(pattern, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(line(), 358U);
    QTest::keyClick(pattern, Qt::Key_Escape);
    QVERIFY(!pattern->isVisible());
}

void DiffViewTest::anExpressionThatIsNoneIsExplained()
{
    const DiffPage page(makeView("a\n", "b\n"));
    const SearchResult result =
        search(page, {.pattern = QStringLiteral("(a"), .isRegularExpression = true}, {});
    QVERIFY(result.hits.empty());
    QVERIFY(!result.error.isEmpty());
    QCOMPARE(search(page, {.pattern = QStringLiteral("(a")}, {}).error, QString());
}

void DiffViewTest::whatCannotBeComparedIsExplained_data()
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

void DiffViewTest::whatCannotBeComparedIsExplained()
{
    QFETCH(git::ContentKind, oldKind);
    QFETCH(git::ContentKind, newKind);
    QFETCH(QString, said);
    git::FileDelta delta;
    delta.oldSide = {"vendor/x", std::string(40, 'a'), 0100644};
    delta.newSide = {"vendor/x", std::string(40, 'b'), 0100644};
    Window window;
    window.view.show(models::makeFileView(delta, {oldKind, newKind, "", ""}));
    QVERIFY(!window.panes->isVisible());
    QStringList texts;
    for (const QLabel *label : window.view.findChildren<QLabel *>())
        texts += label->text();
    QVERIFY2(texts.join(QLatin1Char('\n')).contains(said), qPrintable(texts.join(QLatin1Char('\n'))));
}

void DiffViewTest::aSideThatDoesNotExistLeavesItsRoom()
{
    git::FileDelta added;
    added.status = git::FileStatus::Added;
    added.newSide = {"a.rs", "1", 0100644};
    Window window;
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
    QCOMPARE(window.view.currentHunk(), QString::fromStdString(window.panes->page()->view().hunks[0].id));

    git::FileDelta unchanged;
    unchanged.status = git::FileStatus::Unchanged;
    unchanged.newSide = {"c.rs", "1", 0100644};
    window.view.show(
        models::makeFileView(unchanged, {git::ContentKind::Absent, git::ContentKind::Text, "", lines(0, 9)}));
    QVERIFY(!window.before->isVisible());
    QVERIFY(window.panes->page()->hunks().empty());
}

void DiffViewTest::patchesShowTheRealLineNumbers()
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

void DiffViewTest::overlongLinesAreCutAndSaidSo()
{
    const std::string text = "x" + std::string(RowText::maxShownBytes * 3, 'y') + "\nnext\n";
    Window window;
    window.view.show(makeView("next\n", text));
    const std::string shown = bytesOf(*window.after);
    QVERIFY(shown.size() < RowText::maxShownBytes + 100);
    QVERIFY(shown.find(RowText::cutMark) != std::string::npos);
    QVERIFY(window.view.findChild<MessageBar *>()->text().contains(QLatin1String("20000 bytes")));
    QCOMPARE(copyAll(*window.after) + "\n", QByteArray::fromStdString(text));
}

void DiffViewTest::slowReadingIsSaid()
{
    Window window;
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

void DiffViewTest::aVeryLongFileIsStyledWhereverOneGoes()
{
    const auto view =
        makeView(lines(0, 100'000), lines(0, 50'000) + "    added();\n" + lines(50'000, 100'000));
    Window window;
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

QTEST_MAIN(DiffViewTest)
#include "diff_view_test.moc"
