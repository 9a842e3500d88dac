// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program.h"
#include "tests/support/test_repository.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using tests::Ended;

namespace {

/// The change loses a lock: `let _ =` drops the guard at once.
constexpr const char *goodCode = R"(use std::sync::Mutex;

pub struct Store {
    state: Mutex<Vec<u64>>,
}

impl Store {
    pub fn touch(&self) {
        let guard = self.state.lock().unwrap();
        drop(guard);
    }
}
)";

constexpr const char *badCode = R"(use std::sync::Mutex;

pub struct Store {
    state: Mutex<Vec<u64>>,
}

impl Store {
    pub fn touch(&self) {
        let _ = self.state.lock().unwrap();
        self.write_down();
    }

    fn write_down(&self) {}
}
)";

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY2(file.open(QIODevice::WriteOnly), qPrintable(path));
    file.write(bytes);
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Ended ferriscope(const QStringList &arguments, const QByteArray &input = {})
{
    return tests::run(QStringLiteral(FERRISCOPE_BINARY), arguments, {}, input);
}

QJsonObject parsed(const Ended &ended)
{
    return QJsonDocument::fromJson(ended.out).object();
}

} // namespace

class CommandsTest : public QObject {
    Q_OBJECT

private:
    /// Reviews the change with a session, and returns the first finding that has a suggestion.
    QJsonObject reviewIntoSession()
    {
        const Ended ended = ferriscope(
            {"review", "--repo", m_repository, "main..feature", "--format", "json", "--session", m_session});
        if (ended.status != 0)
            qFatal("%s", ended.err.constData());
        for (const QJsonValue &finding : parsed(ended)["findings"].toArray())
            if (finding["suggestion"].isObject())
                return finding.toObject();
        qFatal("no finding has a suggestion: %s", ended.out.constData());
    }

    QTemporaryDir m_folder;
    std::optional<tests::TestRepository> m_made;
    QString m_repository;
    QString m_session;
    QString m_file;

private slots:
    void init()
    {
        m_folder = QTemporaryDir();
        m_session = m_folder.filePath("review.ferriscope");
        m_made.emplace();
        m_repository = m_made->path();
        m_file = m_repository + "/src/lib.rs";
        QDir(m_repository).mkdir("src");
        write(m_repository + "/Cargo.toml",
              "[package]\nname = \"store\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
        write(m_file, goodCode);
        m_made->git({"add", "."});
        m_made->git({"commit", "-q", "-m", "base"});
        m_made->git({"checkout", "-q", "-b", "feature"});
        write(m_file, badCode);
        m_made->git({"commit", "-q", "-a", "-m", "change"});
    }

    void reviewWritesMarkdownToStandardOutput()
    {
        const Ended ended = ferriscope({"review", "--repo", m_repository, "main..feature"});
        QCOMPARE(ended.status, 0);
        QVERIFY(ended.out.contains("src/lib.rs"));
        QVERIFY(ended.out.contains("Concurrency Concerns"));
        QVERIFY2(ended.err.isEmpty(), ended.err);
    }

    void jsonQuotesTheLinesItNames()
    {
        const Ended ended =
            ferriscope({"review", "--repo", m_repository, "main..feature", "--format", "json"});
        QCOMPARE(ended.status, 0);
        const QJsonObject review = parsed(ended);
        QCOMPARE(review["schema"].toString(), "ferriscope.review/1");
        QCOMPARE(review["complete"].toBool(), true);
        QVERIFY(!review["findings"].toArray().isEmpty());
        const QList<QByteArray> lines = QByteArray(badCode).split('\n');
        for (const QJsonValue &finding : review["findings"].toArray())
            for (const QJsonValue &evidence : finding["evidence"].toArray()) {
                const int start = evidence["startLine"].toInt();
                const int end = evidence["endLine"].toInt();
                const QByteArray quoted = lines.mid(start - 1, end - start + 1).join('\n');
                QCOMPARE(evidence["text"].toString().trimmed(), QString::fromUtf8(quoted).trimmed());
            }
    }

    void theSameReviewTwiceIsTheSameText()
    {
        const QStringList arguments = {"review", "--repo", m_repository, "main..feature", "--format"};
        for (const char *format : {"markdown", "json", "sarif", "html"})
            QCOMPARE(ferriscope(arguments + QStringList{format}).out,
                     ferriscope(arguments + QStringList{format}).out);
    }

    void outputGoesToTheFile()
    {
        const QString report = m_folder.filePath("report.md");
        const Ended ended =
            ferriscope({"review", "--repo", m_repository, "main..feature", "--output", report});
        QCOMPARE(ended.status, 0);
        QVERIFY(ended.out.isEmpty());
        QVERIFY(read(report).contains("src/lib.rs"));
    }

    void failOnComparesSeverities()
    {
        const QStringList arguments = {"review", "--repo", m_repository, "main..feature", "--fail-on"};
        QCOMPARE(ferriscope(arguments + QStringList{"low"}).status, 1);
        const QStringList clean = {"review", "--repo", m_repository, "main..main", "--fail-on", "low"};
        QCOMPARE(ferriscope(clean).status, 0);
    }

    void pathsRestrictTheReview()
    {
        const Ended ended = ferriscope({"review", "--repo", m_repository, "main..feature", "--format", "json",
                                        "--fail-on", "low", "--", "docs"});
        QCOMPARE(ended.status, 0);
        QVERIFY(parsed(ended)["findings"].toArray().isEmpty());
    }

    void wrongInputIsNamed_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("repository") << QStringList{"review", "--repo", "/no/where"}
                                    << QByteArray("/no/where");
        QTest::newRow("revision") << QStringList{"review", "--repo", "REPOSITORY", "main..nosuch"}
                                  << QByteArray("nosuch");
        QTest::newRow("expert") << QStringList{"review", "--repo", "REPOSITORY", "--expert", "oracle"}
                                << QByteArray("oracle");
        QTest::newRow("session") << QStringList{"report", "/no/session"} << QByteArray("/no/session");
        QTest::newRow("not a session") << QStringList{"report", "FILE"} << QByteArray("lib.rs");
        QTest::newRow("patch") << QStringList{"review", "--patch", "/no/patch"} << QByteArray("/no/patch");
        QTest::newRow("rule") << QStringList{"rules", "show", "no-such-rule"} << QByteArray("no-such-rule");
        QTest::newRow("option") << QStringList{"review", "--fast"} << QByteArray("--help");
    }

    void wrongInputIsNamed()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, words);
        arguments.replaceInStrings("REPOSITORY", m_repository).replaceInStrings("FILE", m_file);
        const Ended ended = ferriscope(arguments);
        QCOMPARE(ended.status, 2);
        QVERIFY2(ended.err.contains(words), ended.err);
        QVERIFY(ended.out.isEmpty());
    }

    void aProgramOfTheUsersCanBeAnExpert()
    {
        // What speaks the protocol best is Ferriscope itself.
        QJsonObject mine{{"kind", "command"}};
        mine["command"] = QJsonArray{QStringLiteral(FERRISCOPE_BINARY), "expert", "embedded"};
        write(m_folder.filePath("experts.json"), QJsonDocument(QJsonObject{{"mine", mine}}).toJson());
        const QStringList review{"review",     "--config",      m_folder.path(), "--repo",
                                 m_repository, "main..feature", "--format",      "json"};
        const Ended embedded = ferriscope(review);
        const Ended ended = ferriscope(review + QStringList{"--expert", "mine"});
        QCOMPARE(ended.status, 0);
        const QJsonArray findings = parsed(ended)["findings"].toArray();
        QVERIFY(!findings.isEmpty());
        QCOMPARE(findings.size(), parsed(embedded)["findings"].toArray().size());
        QCOMPARE(findings[0]["experts"].toArray(), QJsonArray{"mine"});
        QCOMPARE(parsed(ended)["coverage"].toArray(), parsed(embedded)["coverage"].toArray());
    }

    void aProgramThatFailsLeavesTheReviewIncomplete()
    {
        write(m_folder.filePath("experts.json"),
              R"({"mine": {"kind": "command", "command": ["sh", "-c", "echo No key >&2; exit 1"]}})");
        const Ended ended = ferriscope({"review", "--config", m_folder.path(), "--repo", m_repository,
                                        "main..feature", "--expert", "mine"});
        QCOMPARE(ended.status, 3);
        QVERIFY2(ended.out.contains("No key"), ended.out);
    }

    void aReportThatCannotBeWrittenIsNotCompleted()
    {
        const Ended ended =
            ferriscope({"review", "--repo", m_repository, "main..feature", "--output", "/dev/full"});
        QCOMPARE(ended.status, 3);
        QVERIFY2(ended.err.contains("/dev/full"), ended.err);
    }

    void aSessionGivesTheSameReport()
    {
        for (const char *format : {"markdown", "json"}) {
            QFile::remove(m_session);
            const Ended direct = ferriscope({"review", "--repo", m_repository, "main..feature", "--format",
                                             format, "--session", m_session});
            QCOMPARE(direct.status, 0);
            QVERIFY(QDir(m_repository).rename(m_repository, m_repository + "-away"));
            const Ended saved = ferriscope({"report", m_session, "--format", format});
            QVERIFY(QDir(m_repository).rename(m_repository + "-away", m_repository));
            QCOMPARE(saved.status, 0);
            QCOMPARE(saved.out, direct.out);
        }
    }

    void anExistingSessionIsNotOverwritten()
    {
        write(m_session, "precious");
        const Ended ended =
            ferriscope({"review", "--repo", m_repository, "main..feature", "--session", m_session});
        QCOMPARE(ended.status, 2);
        QCOMPARE(read(m_session), QByteArray("precious"));
    }

    void applyWritesAndUndoRestoresEveryByte()
    {
        const QString id = reviewIntoSession()["id"].toString();
        const Ended applied = ferriscope({"apply", m_session, "--finding", id});
        QVERIFY2(applied.status == 0, applied.err);
        QVERIFY(applied.out.contains(id.toUtf8()));
        const QByteArray changed = read(m_file);
        QVERIFY(changed != badCode);

        const Ended again = ferriscope({"apply", m_session, "--finding", id});
        QCOMPARE(again.status, 3);
        QVERIFY2(again.err.contains("already"), again.err);
        QCOMPARE(read(m_file), changed);

        const Ended undone = ferriscope({"apply", m_session, "--finding", id, "--undo"});
        QVERIFY2(undone.status == 0, undone.err);
        QCOMPARE(read(m_file), QByteArray(badCode));
        QCOMPARE(ferriscope({"apply", m_session, "--finding", id, "--undo"}).status, 3);
    }

    void dryRunPrintsAPatchThatGitTakes()
    {
        const QString id = reviewIntoSession()["id"].toString();
        const Ended patch = ferriscope({"apply", m_session, "--finding", id, "--dry-run"});
        QVERIFY2(patch.status == 0, patch.err);
        QCOMPARE(read(m_file), QByteArray(badCode));
        const tests::GitResult check =
            tests::runGit(m_repository, {"apply", "--check", "-"}, patch.out.toStdString());
        QVERIFY2(check.ok(), check.messages.c_str());
    }

    void aChangedFileIsAConflictAndStaysAsItIs()
    {
        const QString id = reviewIntoSession()["id"].toString();
        const QByteArray other = QByteArray(badCode).replace("let _ =", "let  _ =");
        write(m_file, other);
        const Ended ended = ferriscope({"apply", m_session, "--finding", id});
        QCOMPARE(ended.status, 3);
        QVERIFY2(ended.err.contains(id.toUtf8()), ended.err);
        QCOMPARE(read(m_file), other);
    }

    void aPatchNeedsNoRepository()
    {
        const tests::GitResult diff = tests::runGit(m_repository, {"diff", "main..feature"});
        const Ended ended = ferriscope({"review", "--patch", "-", "--format", "json"},
                                       QByteArray::fromStdString(diff.output));
        QVERIFY2(ended.status == 0 || ended.status == 3, ended.err);
        QCOMPARE(parsed(ended)["schema"].toString(), "ferriscope.review/1");
        QCOMPARE(parsed(ended)["coverage"].toArray().first()["path"].toString(), "src/lib.rs");
    }

    void theSampleHasFindingsInEverySection()
    {
        const Ended ended = ferriscope({"review", "--sample", "--format", "json", "--fail-on", "critical"});
        QVERIFY2(ended.status == 1, ended.err);
        QSet<QString> sections;
        for (const QJsonValue &finding : parsed(ended)["findings"].toArray())
            sections.insert(finding["section"].toString());
        QCOMPARE(sections, (QSet<QString>{"critical", "concurrency", "performance", "practices"}));
    }

    void rulesAreListedAndShown()
    {
        const Ended list = ferriscope({"rules", "--format", "json"});
        QCOMPARE(list.status, 0);
        const QJsonArray rules = QJsonDocument::fromJson(list.out).array();
        QVERIFY(rules.size() >= 24);
        for (const QJsonValue &rule : rules) {
            const Ended card = ferriscope({"rules", "show", rule["id"].toString()});
            QCOMPARE(card.status, 0);
            QVERIFY(card.out.startsWith("# " + rule["title"].toString().toUtf8()));
        }
        QVERIFY(ferriscope({"rules"}).out.contains("Critical Issues\n"));
    }

    /// A team writes a card, tries it, and has it listed; then a review asks it, by the base's cards only.
    void aTeamsCardIsTriedListedAndAsked()
    {
        const QByteArray card =
            "---\nsection: critical\nseverity: high\n---\n# The store is emptied\n"
            "## Why it matters\nNobody can tell why.\n## Query\n```query\n"
            "((call_expression function: (field_expression field: (field_identifier) @_m)) @at"
            " (#eq? @_m \"clear\"))\n```\n## Example\n```rust\nfn f(s: &mut Store) {\n"
            "    s.clear(); //~ team/no-clear\n}\n```\n## Instead\n```rust\nfn f() {}\n```\n";
        tests::TestRepository repository;
        repository.write(".ferriscope/rules/no_clear.md", card.toStdString());
        repository.write("src/lib.rs", "pub fn a() {}\n");
        repository.commit();
        const QString file = repository.filePath(".ferriscope/rules/no_clear.md");

        const Ended tried = ferriscope({"rules", "test", file});
        QCOMPARE(tried.status, 0);
        QCOMPARE(tried.out, QByteArray("team/no-clear: 2 cases, 1 with findings; all as marked\n"));
        const Ended list = ferriscope({"rules", "list", "--repo", repository.path()});
        QVERIFY(list.out.contains("team/no-clear"));
        QVERIFY(!ferriscope({"rules", "list"}).out.contains("team/no-clear"));
        QVERIFY(ferriscope({"rules", "show", "team/no-clear", "--repo", repository.path()})
                    .out.contains("no hit on real code was read yet"));

        repository.write("src/lib.rs", "pub fn a(s: &mut Vec<u8>) {\n    s.clear();\n}\n");
        repository.remove(".ferriscope/rules/no_clear.md");
        repository.commit();
        const Ended ended = ferriscope(
            {"review", "--repo", repository.path(), "HEAD~1..HEAD", "--format", "json", "--fail-on", "high"});
        QCOMPARE(ended.status, 1);
        QCOMPARE(parsed(ended)["findings"].toArray().first()["rule"].toString(), "team/no-clear");

        QByteArray wrong = card;
        write(file,
              wrong.replace("\n    s.clear(); //~ team/no-clear", " //~ team/no-clear\n    s.clear();"));
        const Ended failed = ferriscope({"rules", "test", file});
        QCOMPARE(failed.status, 1);
        QVERIFY2(failed.out.contains("no_clear.md, line 15: a finding that no mark expects"), failed.out);
        QVERIFY2(failed.out.contains("no_clear.md, line 14: a finding is marked here, and there is none"),
                 failed.out);
        write(file, QByteArray(card).replace("call_expression", "call_expr"));
        const Ended bad = ferriscope({"rules", "test", file});
        QCOMPARE(bad.status, 2);
        QVERIFY2(bad.err.contains("no_clear.md:10: in the query, line 1, column 3"), bad.err);
    }

    void helpAndVersionNeedNoDisplay()
    {
        QVERIFY(ferriscope({"--help"}).out.contains("Usage:"));
        QVERIFY(ferriscope({"--version"}).out.startsWith("ferriscope "));
    }
};

QTEST_GUILESS_MAIN(CommandsTest)
#include "commands_test.moc"
