// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/report.h"

#include "tests/support/random_session.h"
#include "tests/support/small_review.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

using review::Finding;
using review::Session;
using tests::deadlock;
using tests::smallSession;

namespace {

const QStringList sectionHeadings{
    QStringLiteral("## 1. Critical Issues"), QStringLiteral("## 2. Concurrency Concerns"),
    QStringLiteral("## 3. Performance Observations"), QStringLiteral("## 4. Rust Best Practices"),
    QStringLiteral("## 5. Recommendations")};

QString toQString(const std::string &text)
{
    return QString::fromStdString(text);
}

/// A report as CommonMark sees it: the lines outside of fences, with each fenced block as one line.
struct MarkdownView {
    QStringList lines;
    QStringList blocks; ///< contents of the fenced ones
    bool open = false;  ///< a fence was not closed

    explicit MarkdownView(const std::string &markdown)
    {
        static const QRegularExpression opening(QStringLiteral("^ {0,3}(`{3,}|~{3,})[^`]*$"));
        QString fence;
        for (const QString &line : toQString(markdown).split(QLatin1Char('\n'))) {
            const QString text = line.trimmed();
            if (!fence.isEmpty()) {
                const bool closes = text.size() >= fence.size() && text == QString(text.size(), fence.at(0));
                if (closes)
                    fence.clear();
                else
                    blocks.back() += line + QLatin1Char('\n');
            } else if (const auto match = opening.match(line); match.hasMatch()) {
                fence = match.captured(1);
                blocks << QString();
                lines << QStringLiteral("[code]");
            } else {
                lines << line;
            }
        }
        open = !fence.isEmpty();
    }

    QStringList headings(const QString &mark) const
    {
        QStringList found;
        for (const QString &line : lines) {
            if (line.startsWith(mark + QLatin1Char(' ')))
                found << line;
        }
        return found;
    }
};

} // namespace

/// The reports that people read: Markdown and HTML.
class ReportTest : public QObject {
    Q_OBJECT

private slots:
    void tellsEverythingAboutAFinding()
    {
        const std::string markdown = review::renderMarkdown(smallSession());
        const MarkdownView view(markdown);
        QCOMPARE(view.headings(QStringLiteral("##")), sectionHeadings);
        for (const char *part : {"# Review of `store`",
                                 "main..feature",
                                 "1 hunk in 1 file",
                                 "| complete |",
                                 "No correctness problem was found.",
                                 "### 2.1 `session` is locked across `.await`",
                                 "`src/db.rs:41-43` in `impl Store › fn commit`",
                                 "**high** · confidence 85 % · `lock-held-across-await` · introduced by this "
                                 "change · by embedded",
                                 "Status: open",
                                 "The guard lives until the end of the block.",
                                 "- first\n- second",
                                 "**How it fails** (deadlock)",
                                 "1. **task A** takes `session` (`src/db.rs:41`)",
                                 "2. **task B** waits for it (`src/net.rs:9`)",
                                 "Neither goes on.",
                                 "resolved: `session`",
                                 "**Before** (`src/db.rs:41-43`)",
                                 "```rust\nlet s = session.lock();\nsend(&s).await;\n}\n```",
                                 "**After** (proposed: read it before applying)",
                                 "```rust\nsend(&copy).await;\n```",
                                 "**Minimal reproduction** (edition 2021, [run it in the "
                                 "playground](https://play.rust-lang.org/?code=x))",
                                 "- [Mutex](https://docs.rs/tokio/latest/tokio/sync/struct.Mutex.html)",
                                 "**A false alarm if** the lock is an async one.",
                                 "Effort S; see 2.1."})
            QVERIFY2(markdown.find(part) != std::string::npos,
                     (std::string(part) + "\n---\n" + markdown).c_str());
        QCOMPARE(view.blocks.size(), 3); // the evidence is inside of what is replaced
    }

    void saysWhatIsMissing()
    {
        Session session = smallSession();
        session.findings.clear();
        session.ended = {{"embedded", review::Ended::State::Stopped, "by the reviewer"}};
        session.leftOut = {"3 Rust files of the same crates were not read."};
        session.coverage.push_back({"README.md", "x1", {2, 4}, review::Coverage::State::Skipped, "no Rust"});
        session.coverage.push_back({"README.md", "x2", {9, 10}, review::Coverage::State::Skipped, "no Rust"});
        session.coverage.push_back({"src/big.rs", "", {}, review::Coverage::State::Failed, "too large"});
        session.notes = {{"embedded", "types of 12 files were not read"}};
        session.rejected = {{"A guess", "its lines are not there"}};
        for (const std::string &report : {review::renderMarkdown(session), review::renderHtml(session)}) {
            for (const char *part :
                 {"not complete", "The review by embedded was stopped: by the reviewer.",
                  "1 part of the change could not be reviewed.",
                  "3 Rust files of the same crates were not read.", "README.md:3-4, 10: skipped: no Rust.",
                  "src/big.rs: failed: too large.", "types of 12 files were not read", "A guess",
                  "its lines are not there",
                  "No race, deadlock or synchronization problem was found. The review is not complete.",
                  "Nothing is left to be done."})
                QVERIFY2(report.find(part) != std::string::npos,
                         (std::string(part) + "\n---\n" + report).c_str());
        }
        QCOMPARE(tests::parseJson(review::renderJson(session)).value(QLatin1String("complete")).toBool(true),
                 false);
    }

    void showsWhatTheReviewerDecided()
    {
        Session session = smallSession();
        Finding applied = deadlock();
        applied.id = "d2";
        applied.tier = review::Tier::Question;
        applied.suggestion.reset();
        applied.example = "let s = fixed();";
        session.findings.push_back(applied);
        session.decisions["d1"] = {review::Decision::State::Dismissed, "by design"};
        session.decisions["d2"] = {review::Decision::State::Applied, ""};
        session.reviewerNotes = {{"n1", {"src/db.rs", git::Side::New, {41, 42}}, "see #12"},
                                 {"n2", {"src/net.rs", git::Side::New, {1, 2}}, "elsewhere"}};
        const std::string markdown = review::renderMarkdown(session);
        for (const char *part :
             {"Status: dismissed: by design", "### Questions (1)", "#### 2.2 ", "Status: applied",
              "**Before** (`src/db.rs:41`)", "an example for this kind of defect", "let s = fixed();",
              "**Reviewer's note** see #12", "- `src/net.rs:2`: elsewhere", "Nothing is left to be done."})
            QVERIFY2(markdown.find(part) != std::string::npos,
                     (std::string(part) + "\n---\n" + markdown).c_str());
    }

    void printsTheLinesOfTheRealFile()
    {
        Session session = smallSession();
        session.files[0].excerpts = {{{0, 30}, {0, 30}, 500, 600}, {{30, 80}, {30, 80}, 1000, 2000}};
        const std::string markdown = review::renderMarkdown(session);
        QVERIFY(markdown.find("`src/db.rs:2011-2013`") != std::string::npos);
        QVERIFY(markdown.find("(`src/net.rs:9`)") != std::string::npos); // no patched file
        const QJsonObject finding = tests::parseJson(review::renderJson(session))
                                        .value(QLatin1String("findings"))
                                        .toArray()[0]
                                        .toObject();
        QCOMPARE(finding.value(QLatin1String("startLine")).toInt(), 2011);
        QCOMPARE(finding.value(QLatin1String("endLine")).toInt(), 2013);
    }

    void keepsItsStructureWhateverTheContent()
    {
        for (unsigned seed = 1; seed <= 300; ++seed) {
            const Session session = tests::RandomSession(seed).session();
            const std::string markdown = review::renderMarkdown(session);
            const auto hint = [&] {
                return qPrintable(QStringLiteral("seed %1\n").arg(seed) + toQString(markdown));
            };
            const MarkdownView view(markdown);
            QVERIFY2(!view.open, hint());
            QVERIFY2(view.headings(QStringLiteral("##")) == sectionHeadings, hint());
            QVERIFY2(view.headings(QStringLiteral("#")).size() == 1, hint());
            const auto questions =
                std::count_if(session.findings.begin(), session.findings.end(),
                              [](const Finding &f) { return f.tier == review::Tier::Question; });
            QVERIFY2(view.headings(QStringLiteral("####")).size() == questions, hint());
            for (QString line : view.lines) {
                // Code spans can hold anything; an odd rest would be a span that does not close.
                static const QRegularExpression spans(
                    QStringLiteral("(?<![`\\\\])(`+)(?!`)(.*?)(?<!`)\\1(?!`)"));
                line.remove(spans);
                static const QRegularExpression markup(
                    QStringLiteral("(?<!\\\\)(<|!\\[|\\]\\((?!https?://))|(?<!\\\\)`"));
                QVERIFY2(!markup.match(line).hasMatch(),
                         qPrintable(line + QStringLiteral(" in seed %1").arg(seed)));
            }
            for (const char c : markdown)
                QVERIFY2(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t', hint());
        }
    }

    void givesNoCommandsToBuildServices()
    {
        static const QRegularExpression command(
            QStringLiteral("^\\s*::(add-path|error|add-mask)|##\\[command"),
            QRegularExpression::MultilineOption);
        for (unsigned seed = 1; seed <= 100; ++seed) {
            const Session session = tests::RandomSession(seed).session();
            for (const std::string &report : {review::renderMarkdown(session), review::renderJson(session),
                                              review::renderSarif(session), review::renderHtml(session)})
                QVERIFY2(!command.match(toQString(report)).hasMatch(), report.c_str());
        }
        Session session = smallSession();
        session.findings[0].suggestion->replacement = "::add-path::/tmp\n::std::mem::drop(x);\n";
        const std::string markdown = review::renderMarkdown(session);
        QVERIFY(markdown.find("\n::std::mem::drop(x);\n") != std::string::npos); // Rust stays Rust
    }

    void writesAPageThatLoadsNothing()
    {
        static const QRegularExpression voidElements(QStringLiteral("<(meta [^>]*|br)>"));
        static const QRegularExpression active(
            QStringLiteral("<(script|img|iframe|object|embed|link|svg|base|form)\\b|<[^>]*\\b(src|on[a-z]+)"
                           "\\s*=|url\\(|@import"),
            QRegularExpression::CaseInsensitiveOption);
        for (unsigned seed = 1; seed <= 150; ++seed) {
            const std::string html = review::renderHtml(tests::RandomSession(seed).session());
            QString page = toQString(html);
            QVERIFY2(!active.match(page).hasMatch(), qPrintable(active.match(page).captured()));
            for (const QString &href : page.split(QStringLiteral("href=\"")).mid(1))
                QVERIFY(href.startsWith(QLatin1String("https://")) || href.startsWith(QLatin1String("#f")));
            // Well formed as XML but for elements without an end: no content has opened or closed one.
            page.replace(voidElements, QStringLiteral("<\\1/>"));
            page.remove(QStringLiteral("<!DOCTYPE html>"));
            QXmlStreamReader reader(page);
            while (!reader.atEnd())
                reader.readNext();
            QVERIFY2(!reader.hasError(), qPrintable(QStringLiteral("seed %1: %2, line %3")
                                                        .arg(seed)
                                                        .arg(reader.errorString())
                                                        .arg(reader.lineNumber())));
        }
    }
};

QTEST_GUILESS_MAIN(ReportTest)
#include "report_test.moc"
