// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/editor.h"
#include "ui/diff/styler.h"
#include "ui/diff/syntax_colors.h"
#include "ui/text_position.h"
#include "ui/theme.h"

#include <QSignalSpy>
#include <QTest>

using namespace ui;
using TextStyle = KSyntaxHighlighting::Theme::TextStyle;

namespace {

std::shared_ptr<const DiffPage> makePage(const std::string &path, const std::string &oldText,
                                         const std::string &newText)
{
    git::FileDelta delta;
    delta.oldSide = {path, "1", 0100644};
    delta.newSide = {path, "2", 0100644};
    const git::FileTexts texts{git::ContentKind::Text, git::ContentKind::Text, oldText, newText};
    return std::make_shared<const DiffPage>(models::makeFileView(delta, texts));
}

/// The style bytes of one side, one for each byte of its rows.
std::string styleOf(const std::shared_ptr<const DiffPage> &page, git::Side side)
{
    std::string styles(page->text(side).bytes().size() + 1, '\0');
    Styler styler;
    QSignalSpy finished(&styler, &Styler::finished);
    QObject::connect(&styler, &Styler::styled, &styler, [&](const std::shared_ptr<const StyledRows> &rows) {
        if (rows->side == side)
            styles.replace(page->text(side).rowStart(rows->rows.begin), rows->bytes.size(), rows->bytes);
    });
    styler.start(page);
    if (!finished.wait(20'000))
        return {};
    return styles;
}

TextStyle styleAt(const DiffPage &page, const std::string &styles, git::Side side, std::string_view word)
{
    return TextStyle(styles.at(page.text(side).bytes().find(word)));
}

} // namespace

class StylingTest : public QObject {
    Q_OBJECT

private slots:
    void unitsAndBytesOfALineMeet_data();
    void unitsAndBytesOfALineMeet();
    void rustIsStyledByItsName();
    void aGapInsideACommentDoesNotEndIt();
    void stylesFallOnTheirBytesBehindOtherScripts();
    void anOverlongLineStaysPlainAndTheNextIsStyled();
    void anUnknownKindOfFileIsPlain();
    void theLatestPageWins();
    void syntaxIsReadableOnEveryGround_data();
    void syntaxIsReadableOnEveryGround();
    void anotherThemeRecoloursWithoutStylingAgain();
};

void StylingTest::unitsAndBytesOfALineMeet_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<uint>>("bytesOfUnits");
    QTest::newRow("ascii") << QByteArray("fn x") << QStringLiteral("fn x") << QList<uint>{0, 1, 2, 3, 4};
    QTest::newRow("two bytes") << QByteArray("\xC3\xA9z") << QStringLiteral("éz") << QList<uint>{0, 2, 3};
    QTest::newRow("surrogate pair") << QByteArray("\xF0\x9F\xA6\x80!") << QStringLiteral("🦀!")
                                    << QList<uint>{0, 0, 4, 5};
    QTest::newRow("invalid bytes") << QByteArray("a\xFF\xC3(") << QStringLiteral("a\uFFFD\uFFFD(")
                                   << QList<uint>{0, 1, 2, 3, 4};
    QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << QStringLiteral("\uFFFD\uFFFD")
                                    << QList<uint>{0, 1, 2};
    QTest::newRow("half a surrogate")
        << QByteArray("\xED\xA0\x80") << QStringLiteral("\uFFFD\uFFFD\uFFFD") << QList<uint>{0, 1, 2, 3};
    QTest::newRow("cut off") << QByteArray("\xE2\x82") << QStringLiteral("\uFFFD\uFFFD")
                             << QList<uint>{0, 1, 2};
}

void StylingTest::unitsAndBytesOfALineMeet()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    QFETCH(QList<uint>, bytesOfUnits);
    const DecodedLine line({bytes.constData(), std::size_t(bytes.size())});
    QCOMPARE(line.text(), text);
    QList<uint> actual;
    for (qsizetype unit = 0; unit <= line.text().size(); ++unit)
        actual += line.byteAt(unit);
    QCOMPARE(actual, bytesOfUnits);
}

void StylingTest::rustIsStyledByItsName()
{
    const auto page = makePage("src/db.rs", "", "pub fn open() { let s = \"text\"; } // said\n");
    const std::string styles = styleOf(page, git::Side::New);
    QCOMPARE(styleAt(*page, styles, git::Side::New, "fn"), TextStyle::Keyword);
    QCOMPARE(styleAt(*page, styles, git::Side::New, "text"), TextStyle::String);
    QCOMPARE(styleAt(*page, styles, git::Side::New, "said"), TextStyle::Comment);
}

void StylingTest::aGapInsideACommentDoesNotEndIt()
{
    const auto page =
        makePage("a.rs", "/* one\n   two */ fn x() {}\n", "/* one\n   new\n   lines\n   two */ fn x() {}\n");
    const std::string styles = styleOf(page, git::Side::Old);
    QCOMPARE(page->text(git::Side::Old).lineOfRow(1), git::Row::gap);
    QCOMPARE(styleAt(*page, styles, git::Side::Old, "two"), TextStyle::Comment);
    QCOMPARE(styleAt(*page, styles, git::Side::Old, "fn"), TextStyle::Keyword);
}

void StylingTest::stylesFallOnTheirBytesBehindOtherScripts()
{
    const auto page = makePage("a.rs", "", "/* é🦀\xFF */ fn x() { 12 }\n");
    const std::string styles = styleOf(page, git::Side::New);
    QCOMPARE(styleAt(*page, styles, git::Side::New, "fn"), TextStyle::Keyword);
    QCOMPARE(styleAt(*page, styles, git::Side::New, "12"), TextStyle::DecVal);
    QCOMPARE(styleAt(*page, styles, git::Side::New, " fn"), TextStyle::Normal);
}

void StylingTest::anOverlongLineStaysPlainAndTheNextIsStyled()
{
    const auto page =
        makePage("a.rs", "", "// " + std::string(Styler::maxStyledBytes, 'x') + "\nfn y() {}\n");
    const std::string styles = styleOf(page, git::Side::New);
    QCOMPARE(styleAt(*page, styles, git::Side::New, "// "), TextStyle::Normal);
    QCOMPARE(styleAt(*page, styles, git::Side::New, "fn"), TextStyle::Keyword);
}

void StylingTest::anUnknownKindOfFileIsPlain()
{
    const auto page = makePage("data.nobody-knows", "", "fn let struct\n");
    QCOMPARE(styleOf(page, git::Side::New), std::string(page->text(git::Side::New).bytes().size() + 1, '\0'));
}

void StylingTest::theLatestPageWins()
{
    std::string longText;
    for (int i = 0; i < 20'000; ++i)
        longText += "fn f" + std::to_string(i) + "() {}\n";
    Styler styler;
    QSignalSpy finished(&styler, &Styler::finished);
    styler.start(makePage("long.rs", "", longText));
    const auto page = makePage("short.rs", "", "fn x() {}\n");
    std::uint32_t lastRow = 0;
    connect(&styler, &Styler::styled, this, [&](const std::shared_ptr<const StyledRows> &rows) {
        lastRow = std::max(lastRow, rows->rows.end);
    });
    styler.start(page);
    QVERIFY(finished.wait(20'000));
    QCOMPARE(lastRow, page->rowCount());
    QCOMPARE(finished.size(), 1);
}

void StylingTest::syntaxIsReadableOnEveryGround_data()
{
    QTest::addColumn<ThemeChoice>("choice");
    QTest::newRow("light") << ThemeChoice::Light;
    QTest::newRow("dark") << ThemeChoice::Dark;
    QTest::newRow("high contrast") << ThemeChoice::HighContrast;
}

void StylingTest::syntaxIsReadableOnEveryGround()
{
    QFETCH(ThemeChoice, choice);
    applyTheme(*qApp, choice);
    const Theme &theme = themeFor(qApp->palette());
    for (int style = 0; style < syntaxStyleCount; ++style) {
        const QColor color = syntaxStyle(TextStyle(style), theme).color;
        for (const QColor &ground : {theme.editor, theme.currentLine, theme.addedLine, theme.addedWord,
                                     theme.removedLine, theme.removedWord, theme.searchHit, theme.flash})
            QVERIFY2(contrast(color, ground) >= 4.5, qPrintable(QStringLiteral("style %1: %2 on %3 gives %4")
                                                                    .arg(style)
                                                                    .arg(color.name(), ground.name())
                                                                    .arg(contrast(color, ground))));
    }
}

void StylingTest::anotherThemeRecoloursWithoutStylingAgain()
{
    using Sci = QsciScintillaBase;
    applyTheme(*qApp, ThemeChoice::Light);
    DiffEditor editor(git::Side::New);
    const auto keywordColor = [&] {
        return editor.SendScintilla(Sci::SCI_STYLEGETFORE, int(TextStyle::Keyword));
    };
    const long light = keywordColor();
    applyTheme(*qApp, ThemeChoice::Dark);
    QTRY_VERIFY(keywordColor() != light);
    const QColor ground = themeFor(editor.palette()).editor;
    const long expected = ground.red() | ground.green() << 8 | ground.blue() << 16;
    QCOMPARE(editor.SendScintilla(Sci::SCI_STYLEGETBACK, int(TextStyle::Keyword)), expected);
}

QTEST_MAIN(StylingTest)
#include "styling_test.moc"
