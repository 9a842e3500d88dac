// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/diff_window.h"
#include "ui/diff/search.h"
#include "ui/diff/search_bar.h"
#include "ui/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QWheelEvent>

using namespace ui;
using namespace tests;
using Sci = QsciScintillaBase;

namespace {

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
    void aFlashingLineStaysReadable();
    void aClickOnTheStripGoesThere();
    void searchSeesBothSidesAndNoGaps();
    void searchStepsRoundTheEnd();
    void anExpressionThatIsNoneIsExplained();
};

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
        DiffWindow window;
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
    DiffWindow window;
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
    DiffWindow window;
    window.view.show(view);
    QVERIFY(window.isExposed());
    QSignalSpy toggled(&window.view, &DiffView::hunkToggled);
    QCOMPARE(window.hunkAtCaret(), first);
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
    DiffWindow window;
    window.view.show(view);
    QVERIFY(window.isExposed());
    QCOMPARE(window.hunkAtCaret(), QString::fromStdString(view->hunks[0].id));
    QVERIFY(!window.view.goToPreviousChange());
    QVERIFY(window.view.goToNextChange());
    QCOMPARE(window.hunkAtCaret(), QString::fromStdString(view->hunks[1].id));
    const std::uint32_t row = window.panes->page()->hunks()[1].begin;
    QVERIFY(row >= window.after->firstVisibleRow());
    QVERIFY(row < window.after->firstVisibleRow() + window.after->visibleRowCount());
    QVERIFY(!window.view.goToNextChange());
    QVERIFY(window.view.goToPreviousChange());
    QCOMPARE(window.hunkAtCaret(), QString::fromStdString(view->hunks[0].id));
    window.view.show(nullptr);
    QVERIFY(!window.view.goToNextChange());
}

void DiffViewTest::theReadersPlaceCountsNotAnOldCaret()
{
    const auto view = makeTwoHunks();
    DiffWindow window;
    window.view.show(view);
    QVERIFY(window.isExposed());
    // The caret stays at the first change while the reader scrolls past the second one.
    window.after->verticalScrollBar()->setValue(360);
    QTest::qWait(40);
    QVERIFY(!window.view.goToNextChange());
    QVERIFY(window.view.goToPreviousChange());
    QCOMPARE(window.hunkAtCaret(), QString::fromStdString(view->hunks[1].id));
}

void DiffViewTest::theSameFileKeepsTheReadersPlace()
{
    DiffWindow window;
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
    DiffWindow window;
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
    window.view.goToLine(git::Side::New, 150);
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
    DiffWindow window;
    const auto isNamed = [&](const QString &item) {
        for (const ElidedLabel *label : window.view.findChildren<ElidedLabel *>())
            if (label->text().contains(item))
                return true;
        return false;
    };
    window.view.show(makeView(head + tail, head + "        self.flush();\n" + tail));
    QVERIFY(isNamed(QStringLiteral("commit")));
    window.view.goToLine(git::Side::New, 1);
    QVERIFY(!isNamed(QStringLiteral("commit")));
}

void DiffViewTest::aLineIsBroughtToTheMiddle()
{
    DiffWindow window;
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

void DiffViewTest::aFlashingLineStaysReadable()
{
    applyTheme(*qApp, ThemeChoice::Light);
    DiffWindow window;
    window.view.show(makeTwoHunks());
    QVERIFY(window.isExposed());
    const auto darkestAndGround = [&] {
        const int top = window.after->rowTop(window.panes->caretRow());
        const QRect row(0, top, window.after->viewport()->width(), window.after->rowHeight());
        const QImage image = window.after->viewport()->grab(row).toImage();
        int darkest = 255;
        for (int y = 0; y < image.height(); ++y)
            for (int x = image.width() / 4; x < image.width(); ++x)
                darkest = std::min(darkest, image.pixelColor(x, y).lightness());
        return std::pair(darkest, image.pixelColor(image.width() - 20, image.height() / 2));
    };
    window.view.goToLine(git::Side::New, 200);
    const auto [darkest, ground] = darkestAndGround();
    QTest::qWait(1200);
    const auto [later, groundLater] = darkestAndGround();
    QVERIFY(ground != groundLater); // it did flash
    QVERIFY2(std::abs(darkest - later) <= 2, qPrintable(QStringLiteral("%1 %2").arg(darkest).arg(later)));
}

void DiffViewTest::aClickOnTheStripGoesThere()
{
    DiffWindow window;
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
    DiffWindow window;
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

QTEST_MAIN(DiffViewTest)
#include "diff_view_test.moc"
