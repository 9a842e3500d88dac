// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/markdown.h"

#include <QElapsedTimer>
#include <QTest>

#include <string>

namespace {

QString toQString(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

/// Experts' Markdown is rewritten, so that nothing of it can break or fake a report.
class MarkdownTest : public QObject {
    Q_OBJECT

private slots:
    void rewritesTextSafely_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *given, const char *expected) {
            QTest::newRow(given) << QString::fromUtf8(given) << QString::fromUtf8(expected);
        };
        row("plain text.", "plain text.");
        row("`a` and ``b`c``", "`a` and ``b`c``");
        row("an open ` tick", "an open \\` tick");
        row("**strong** *soft* 2 * 3", "**strong** *soft* 2 \\* 3");
        row("Vec<T> & <b>", "Vec\\<T> \\& \\<b>");
        row("`Vec<T>`", "`Vec<T>`");
        row("[docs](https://a.b/c)", "[docs](https://a.b/c)");
        row("[docs](javascript:x)", "\\[docs\\](javascript:x)");
        row("![i](https://a.b/c)", "\\![i](https://a.b/c)");
        row("# no heading", "\\# no heading");
        row("1. item", "1\\. item");
        row("snake_case and _soft_", "snake_case and \\_soft\\_");
        row("HEAD~5", "HEAD~5");
        row("~no~", "\\~no\\~");
        row("a\nb", "a b");
    }

    void rewritesTextSafely()
    {
        QFETCH(const QString, given);
        QFETCH(const QString, expected);
        QCOMPARE(toQString(review::safeInline(given.toStdString())), expected);
    }

    void keepsBlocksApart()
    {
        QCOMPARE(toQString(review::safeBlocks("a\nb\n\n- x\n- y\n\n```\nlet a = `1`;\n```\n# c")),
                 QStringLiteral("a b\n\n- x\n- y\n\n```rust\nlet a = `1`;\n```\n\n\\# c\n"));
        QCOMPARE(toQString(review::safeBlocks("```\nnever closed")),
                 QStringLiteral("```rust\nnever closed\n```\n"));
        QCOMPARE(toQString(review::fencedCode("a ```` b", "rust")),
                 QStringLiteral("`````rust\na ```` b\n`````\n"));
        QCOMPARE(toQString(review::inlineCode("`")), QStringLiteral("`` ` ``"));
    }

    void staysLinearOnHostileText()
    {
        QElapsedTimer timer;
        timer.start();
        for (const char *part : {"[", "`", "*", "**a", "](", "` ``", "_"}) {
            std::string text;
            while (text.size() < 60'000)
                text += part;
            QVERIFY(!review::safeBlocks(text).empty());
        }
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(MarkdownTest)
#include "markdown_test.moc"
