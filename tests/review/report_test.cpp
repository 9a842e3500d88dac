// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/report.h"

#include "review/markdown.h"
#include "tests/support/json_schema.h"
#include "tests/support/random_session.h"

#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

using review::Finding;
using review::Session;

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

Finding deadlock()
{
    Finding finding;
    finding.id = "d1";
    finding.rule = "lock-held-across-await";
    finding.section = review::Section::Concurrency;
    finding.severity = review::Severity::High;
    finding.confidence = 0.85;
    finding.experts = {"embedded"};
    finding.place = {"src/db.rs", git::Side::New, {40, 43}};
    finding.item = "impl Store › fn commit";
    finding.title = "`session` is locked across `.await`";
    finding.why = "The guard lives until the end of the block.\n\n- first\n- second";
    finding.facts = {"resolved: `session` is a `std::sync::Mutex`"};
    finding.scenario = {"deadlock",
                        {{"task A", "takes `session`", {"src/db.rs", git::Side::New, {40, 41}}},
                         {"task B", "waits for it", {"src/net.rs", git::Side::New, {8, 9}}}},
                        "Neither goes on."};
    finding.evidence = {{{"src/db.rs", git::Side::New, {40, 41}}, "let s = session.lock();\n"}};
    finding.suggestion = review::Suggestion{"src/db.rs",
                                            {40, 43},
                                            "let s = session.lock();\nsend(&s).await;\n}\n",
                                            "send(&copy).await;\n",
                                            review::Applicability::Proposed};
    finding.dismissal = "the lock is an async one.";
    finding.references = {{"Mutex", "https://docs.rs/tokio/latest/tokio/sync/struct.Mutex.html"}};
    finding.reproduction =
        review::Reproduction{"fn main() {}\n", "2021", "https://play.rust-lang.org/?code=x"};
    return finding;
}

Session smallSession()
{
    Session session;
    session.scope = {"store", "main (1a2b3c4d5e6f)", "feature (2b3c4d5e6f7a)", "main..feature"};
    session.createdAt = 1'795'000'000;
    review::ReviewFile file;
    file.delta.newSide = {"src/db.rs", "22", 0100644};
    file.hunks = {git::Hunk{"h1", {40, 41}, {40, 43}, {}}, git::Hunk{"h2", {60, 61}, {60, 60}, {}}};
    file.chosen = {true, false};
    session.files = {file};
    session.findings = {deadlock()};
    session.ended = {{"embedded", review::Ended::State::Complete, ""}};
    session.coverage = {{"src/db.rs", "h1", {40, 43}, review::Coverage::State::Reviewed, ""}};
    return session;
}

} // namespace

class ReportTest : public QObject {
    Q_OBJECT

    static QJsonObject parse(const std::string &json)
    {
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json), &error);
        if (error.error != QJsonParseError::NoError)
            qWarning("%s", qPrintable(error.errorString()));
        return document.object();
    }

    static tests::JsonSchema schema()
    {
        QFile file(QStringLiteral(FERRISCOPE_SOURCE_DIR "/resources/review.schema.json"));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("no schema");
        return tests::JsonSchema(QJsonDocument::fromJson(file.readAll()).object());
    }

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
        QCOMPARE(parse(review::renderJson(session)).value(QLatin1String("complete")).toBool(true), false);
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
        const QJsonObject finding =
            parse(review::renderJson(session)).value(QLatin1String("findings")).toArray()[0].toObject();
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

    void isTheJsonOfItsSchema()
    {
        const tests::JsonSchema schema = ReportTest::schema();
        for (unsigned seed = 1; seed <= 150; ++seed) {
            const Session session = tests::RandomSession(seed).session();
            const std::string json = review::renderJson(session);
            QCOMPARE(json, review::renderJson(session));
            QVERIFY(json.ends_with("}\n"));
            const QJsonObject object = parse(json);
            const QString failure = schema.check(object);
            QVERIFY2(failure.isEmpty(), qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(failure)));
            QCOMPARE(object.value(QLatin1String("findings")).toArray().size(),
                     static_cast<qsizetype>(session.findings.size()));
        }
        // The check is one: it sees what is wrong.
        QJsonObject broken = parse(review::renderJson(smallSession()));
        QVERIFY(schema.check(broken).isEmpty());
        QJsonArray findings = broken.value(QLatin1String("findings")).toArray();
        QJsonObject finding = findings[0].toObject();
        finding[QLatin1String("startLine")] = 0;
        findings[0] = finding;
        broken[QLatin1String("findings")] = findings;
        QCOMPARE(schema.check(broken), QStringLiteral("$.findings[0].startLine fails minimum"));
    }

    void writesTheKeysInTheirOrder()
    {
        const std::string json = review::renderJson(smallSession());
        std::size_t at = 0;
        for (const char *key : {"\"schema\": \"ferriscope.review/1\"",
                                "\"complete\": true",
                                "\"scope\"",
                                "\"repository\": \"store\"",
                                "\"base\"",
                                "\"head\"",
                                "\"files\": 1",
                                "\"hunks\": 1",
                                "\"findings\"",
                                "\"id\": \"d1\"",
                                "\"section\": \"concurrency\"",
                                "\"tier\": \"finding\"",
                                "\"severity\": \"high\"",
                                "\"confidence\": 0.85",
                                "\"rule\"",
                                "\"experts\"",
                                "\"origin\": \"introduced\"",
                                "\"path\"",
                                "\"side\": \"new\"",
                                "\"startLine\": 41",
                                "\"endLine\": 43",
                                "\"item\"",
                                "\"title\"",
                                "\"why\"",
                                "\"scenario\"",
                                "\"evidence\"",
                                "\"suggestion\"",
                                "\"references\"",
                                "\"reproduction\"",
                                "\"recommendations\"",
                                "\"coverage\""}) {
            at = json.find(key, at);
            QVERIFY2(at != std::string::npos, key);
        }
    }

    void writesSarif()
    {
        for (unsigned seed = 1; seed <= 100; ++seed) {
            Session session = tests::RandomSession(seed).session();
            session.findings.push_back(deadlock());
            const QJsonObject run =
                parse(review::renderSarif(session)).value(QLatin1String("runs")).toArray()[0].toObject();
            const QJsonArray results = run.value(QLatin1String("results")).toArray();
            const QJsonArray rules = run.value(QLatin1String("tool"))
                                         .toObject()
                                         .value(QLatin1String("driver"))
                                         .toObject()
                                         .value(QLatin1String("rules"))
                                         .toArray();
            QCOMPARE(results.size(), static_cast<qsizetype>(session.findings.size()));
            for (const QJsonValue &value : results) {
                const QJsonObject result = value.toObject();
                const int index = result.value(QLatin1String("ruleIndex")).toInt(-1);
                QCOMPARE(rules.at(index).toObject().value(QLatin1String("id")),
                         result.value(QLatin1String("ruleId")));
                const QJsonObject place = result.value(QLatin1String("locations"))
                                              .toArray()[0]
                                              .toObject()
                                              .value(QLatin1String("physicalLocation"))
                                              .toObject();
                const QString uri = place.value(QLatin1String("artifactLocation"))
                                        .toObject()
                                        .value(QLatin1String("uri"))
                                        .toString();
                static const QRegularExpression relative(
                    QStringLiteral("^([A-Za-z0-9._~/-]|%[0-9A-F]{2})*$"));
                QVERIFY2(relative.match(uri).hasMatch(), qPrintable(uri));
                const QJsonObject region = place.value(QLatin1String("region")).toObject();
                QVERIFY(region.value(QLatin1String("startLine")).toInt() >= 1);
                QVERIFY(region.value(QLatin1String("endLine")).toInt() >=
                        region.value(QLatin1String("startLine")).toInt());
                const double rank = result.value(QLatin1String("rank")).toDouble(-1);
                QVERIFY(rank >= 0 && rank <= 100);
            }
        }
        const QJsonObject result = parse(review::renderSarif(smallSession()))
                                       .value(QLatin1String("runs"))
                                       .toArray()[0]
                                       .toObject()
                                       .value(QLatin1String("results"))
                                       .toArray()[0]
                                       .toObject();
        const QJsonArray threads = result.value(QLatin1String("codeFlows"))
                                       .toArray()[0]
                                       .toObject()
                                       .value(QLatin1String("threadFlows"))
                                       .toArray();
        QCOMPARE(threads.size(), 2); // one for each task
        QCOMPARE(result.value(QLatin1String("level")).toString(), QStringLiteral("error"));
        const QJsonObject region = result.value(QLatin1String("fixes"))
                                       .toArray()[0]
                                       .toObject()
                                       .value(QLatin1String("artifactChanges"))
                                       .toArray()[0]
                                       .toObject()
                                       .value(QLatin1String("replacements"))
                                       .toArray()[0]
                                       .toObject()
                                       .value(QLatin1String("deletedRegion"))
                                       .toObject();
        QCOMPARE(region.value(QLatin1String("startLine")).toInt(), 41);
        QCOMPARE(region.value(QLatin1String("endLine")).toInt(), 44);
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

    void rewritesMarkdownSafely_data()
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

    void rewritesMarkdownSafely()
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

    void staysLinearOnHostileMarkdown()
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

QTEST_GUILESS_MAIN(ReportTest)
#include "report_test.moc"
