// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"

#include <QTest>

using namespace app;

namespace {

template <typename Command>
Command parsed(const std::vector<std::string> &arguments)
{
    const auto line = parseCommandLine(arguments);
    if (!line)
        qFatal("%s", line.error().message.c_str());
    return std::get<Command>(line->command);
}

std::string failure(const std::vector<std::string> &arguments)
{
    const auto line = parseCommandLine(arguments);
    return line ? "" : line.error().message;
}

} // namespace

class CommandLineTest : public QObject {
    Q_OBJECT

private slots:
    void noArgumentsOpenTheStartPage() { QCOMPARE(parsed<WindowCommand>({}), WindowCommand{}); }

    void windowTakesATargetAndARange()
    {
        const auto command = parsed<WindowCommand>({"/", "main...feature"});
        QCOMPARE(command.target, std::string("/"));
        QVERIFY(command.range);
        QVERIFY(command.range->fromMergeBase);
    }

    void aLoneRangeMeansTheRepositoryHere()
    {
        const auto command = parsed<WindowCommand>({"main..feature"});
        QVERIFY(command.target.empty());
        QCOMPARE(git::toText(*command.range), std::string("main..feature"));
    }

    void aPathWithDotsThatExistsIsATarget()
    {
        const auto command = parsed<WindowCommand>({"/tmp/.."});
        QCOMPARE(command.target, std::string("/tmp/.."));
        QVERIFY(!command.range);
    }

    void reviewReadsEveryOption()
    {
        const auto command = parsed<ReviewCommand>(
            {"review", "--repo", "/r", "--expert=embedded", "--format", "json", "--output=o.json", "a..b",
             "--session", "s.ferriscope", "--fail-on", "high", "--whole-files", "--", "src", "--odd name"});
        QCOMPARE(command.repository, std::string("/r"));
        QCOMPARE(command.experts, std::vector<std::string>{"embedded"});
        QCOMPARE(command.output, (Output{Format::Json, "o.json"}));
        QCOMPARE(git::toText(command.range), std::string("a..b"));
        QCOMPARE(command.session, std::string("s.ferriscope"));
        QVERIFY(command.failOn == review::Severity::High);
        QVERIFY(command.wholeFiles && !command.allHunks);
        QCOMPARE(command.paths, (std::vector<std::string>{"src", "--odd name"}));
    }

    void stagedAndWorktreeAreRanges()
    {
        QVERIFY(parsed<ReviewCommand>({"review", "--staged"}).range.kind == git::Range::Kind::Staged);
        QVERIFY(parsed<ReviewCommand>({"review", "--worktree"}).range.kind == git::Range::Kind::WorkTree);
        QVERIFY(parsed<ReviewCommand>({"review"}).range.kind == git::Range::Kind::Automatic);
        QVERIFY(failure({"review", "a..b", "--staged"}).find("already a range") != std::string::npos);
    }

    void configIsTakenAnywhere()
    {
        const auto line = parseCommandLine({"rules", "--config", "/c", "list"});
        QVERIFY(line);
        QCOMPARE(line->configFolder, std::string("/c"));
        QCOMPARE(std::get<RulesCommand>(line->command), RulesCommand{});
    }

    void helpWinsAndKnowsItsCommand()
    {
        QCOMPARE(parsed<HelpCommand>({"review", "--nonsense", "--help"}).verb, std::string("review"));
        QCOMPARE(parsed<HelpCommand>({"--help"}).verb, std::string());
        for (const char *verb : {"", "review", "report", "apply", "rules"})
            QVERIFY(helpText(verb).find("Usage:") != std::string::npos);
    }

    void mistakesAreNamed_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("words");
        QTest::newRow("unknown option") << QStringList{"review", "--fast"} << "unknown option --fast";
        QTest::newRow("short option") << QStringList{"review", "-x"} << "unknown option -x";
        QTest::newRow("missing value") << QStringList{"review", "--repo"} << "--repo needs a value";
        QTest::newRow("empty value") << QStringList{"review", "--repo="} << "empty value";
        QTest::newRow("value of a flag")
            << QStringList{"review", "--sample=yes"} << "--sample takes no value";
        QTest::newRow("format") << QStringList{"report", "s", "--format", "pdf"}
                                << "markdown, json, sarif, html";
        QTest::newRow("severity") << QStringList{"review", "--fail-on", "bad"}
                                  << "low, medium, high and critical";
        QTest::newRow("two ranges") << QStringList{"review", "a..b", "c..d"} << "already a range";
        QTest::newRow("two inputs") << QStringList{"review", "--sample", "--patch", "p"} << "one of --repo";
        QTest::newRow("no session") << QStringList{"report"} << "which session";
        QTest::newRow("no finding") << QStringList{"apply", "s"} << "which finding";
        QTest::newRow("rules verb") << QStringList{"rules", "drop"} << "drop";
        QTest::newRow("rules show nothing") << QStringList{"rules", "show"} << "which rule";
        QTest::newRow("paths") << QStringList{"report", "s", "--", "p"} << "no paths";
        QTest::newRow("config") << QStringList{"--config"} << "--config";
        QTest::newRow("control bytes") << QStringList{"review", "--a\x1b[2J"} << "\\u{1B}[2J";
    }

    void mistakesAreNamed()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        std::vector<std::string> given;
        for (const QString &argument : arguments)
            given.push_back(argument.toStdString());
        const QString message = QString::fromStdString(failure(given));
        QVERIFY2(message.contains(words), qPrintable("the message is: " + message));
    }
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "command_line_test.moc"
