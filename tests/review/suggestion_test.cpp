// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/suggestion.h"

#include "git/lines.h"
#include "tests/support/test_repository.h"

#include <QElapsedTimer>
#include <QTest>

#include <map>
#include <optional>
#include <random>

using review::Location;
using review::Suggestion;

namespace {

/// A work tree in memory that can refuse the next write, as a full disk would.
class FakeTree : public git::WorkTree {
public:
    std::map<std::string, git::WorkFile> files;
    std::optional<git::Error> nextWrite;
    int writes = 0;

    git::Result<git::WorkFile> read(const std::string &path, std::uint64_t) override
    {
        if (const auto file = files.find(path); file != files.end())
            return file->second;
        return git::Error{git::ErrorKind::NotFound, path};
    }

    git::Result<void> replace(const std::string &path, std::string_view expected,
                              std::string_view bytes) override
    {
        if (nextWrite)
            return *std::exchange(nextWrite, std::nullopt);
        if (files[path].bytes != expected)
            return git::Error{git::ErrorKind::Conflict, path};
        files[path].bytes = bytes;
        ++writes;
        return {};
    }
};

Suggestion makeSuggestion(std::string_view text, git::LineRange lines, std::string replacement)
{
    return {"src/db.rs", lines, std::string(git::Lines(text).slice(lines)), std::move(replacement),
            review::Applicability::Machine};
}

review::Finding makeFinding(Suggestion suggestion)
{
    review::Finding finding;
    finding.id = "f1";
    finding.suggestion = std::move(suggestion);
    return finding;
}

const std::string reviewed = "fn a() {\n    one();\n}\n\nfn b() {\n    two();\n}\n";

} // namespace

class SuggestionTest : public QObject {
    Q_OBJECT

    static void expect(const Suggestion &suggestion, const std::string &current, Location::State state,
                       git::LineRange lines, const char *words)
    {
        const Location location = review::locate(suggestion, current);
        QCOMPARE(location.state, state);
        QVERIFY(location.lines == lines);
        QCOMPARE(review::toText(location, suggestion), std::string(words));
        const bool applies = state == Location::State::Clean || state == Location::State::Moved;
        const auto applied = review::applyTo(current, suggestion);
        QCOMPARE(applied.hasValue(), applies);
        if (!applied)
            QCOMPARE(applied.error().kind, git::ErrorKind::Conflict);
    }

private slots:
    void tellsWhereItStands()
    {
        using State = Location::State;
        const Suggestion suggestion = makeSuggestion(reviewed, {5, 6}, "    three();\n");
        expect(suggestion, reviewed, State::Clean, {5, 6}, "at its own lines");
        expect(suggestion, "//\n//\n" + reviewed, State::Moved, {7, 8}, "moved down by 2 lines");
        expect(suggestion, reviewed.substr(9), State::Moved, {4, 5}, "moved up by 1 line");
        expect(suggestion, *review::applyTo(reviewed, suggestion), State::AlreadyApplied, {5, 6},
               "already applied");
        expect(suggestion, "//\n    two();\n    two();\n", State::Ambiguous, {},
               "the lines it replaces stand at several places in the file");
        expect(suggestion, "fn b() {\n    two(1);\n}\n", State::Conflict, {},
               "the lines it replaces are no longer in the file");
        expect(suggestion, "", State::Conflict, {}, "the lines it replaces are no longer in the file");
        // Only whole lines count.
        expect(suggestion, "{    two();\n", State::Conflict, {},
               "the lines it replaces are no longer in the file");
    }

    void prefersItsOwnLinesToEqualOnes()
    {
        const std::string text = "}\n}\n}\n";
        const Suggestion suggestion = makeSuggestion(text, {1, 2}, "} // b\n");
        QCOMPARE(review::locate(suggestion, text).state, Location::State::Clean);
        QCOMPARE(*review::applyTo(text, suggestion), std::string("}\n} // b\n}\n"));
    }

    void knowsAnAddedLineAsApplied()
    {
        // The original stays in the text, as a part of what replaced it.
        const Suggestion suggestion =
            makeSuggestion(reviewed, {5, 6}, "    sync();\n    two();\n    two();\n");
        const auto once = review::applyTo(reviewed, suggestion);
        QVERIFY(once);
        QCOMPARE(review::locate(suggestion, *once).state, Location::State::AlreadyApplied);
        QCOMPARE(review::locate(suggestion, "//\n" + *once).state, Location::State::AlreadyApplied);
    }

    void removesLines()
    {
        const Suggestion suggestion = makeSuggestion(reviewed, {3, 7}, "");
        QCOMPARE(*review::applyTo(reviewed, suggestion), std::string("fn a() {\n    one();\n}\n"));
        QCOMPARE(review::locate(suggestion, *review::applyTo(reviewed, suggestion)).state,
                 Location::State::Conflict);
    }

    void saysNothingAboutAnEmptyOriginal()
    {
        Suggestion suggestion = makeSuggestion(reviewed, {2, 2}, "x\n");
        QCOMPARE(review::locate(suggestion, reviewed).state, Location::State::Conflict);
        QCOMPARE(review::toText({}, suggestion), std::string("it does not say which lines it replaces"));
        suggestion.original = suggestion.replacement = "fn a() {\n"; // nothing would change
        QVERIFY(!review::applyTo(reviewed, suggestion));
    }

    void keepsBytesThatAreNotItsOwn()
    {
        const std::string bom = "\xEF\xBB\xBF";
        const std::string text = bom + "a\r\nb\nc\r\n\r\n\xff\xfe"
                                       "d";
        const Suggestion last = makeSuggestion(text, {4, 5},
                                               "\xff\xfe"
                                               "e");
        QCOMPARE(*review::applyTo(text, last), bom + "a\r\nb\nc\r\n\r\n\xff\xfe"
                                                     "e");
        const Suggestion first = makeSuggestion(text, {1, 2}, "B\n");
        QCOMPARE(*review::applyTo(text, first), bom + "a\r\nB\nc\r\n\r\n\xff\xfe"
                                                      "d");
        // The last line has no end: with one it is another line.
        QCOMPARE(review::locate(last, text + "\n").state, Location::State::Conflict);
    }

    void takesTheLineEndsOfTheFile()
    {
        const Suggestion onlyLf{"a.rs", {1, 3}, "b\r\nc\r\n", "b\nx\ny\n", review::Applicability::Machine};
        QCOMPARE(*review::applyTo("a\r\nb\r\nc\r\n", onlyLf), std::string("a\r\nb\r\nx\r\ny\r\n"));
        const Suggestion converted{"a.rs", {1, 3}, "b\nc\n", "b\nx\n", review::Applicability::Machine};
        QCOMPARE(*review::applyTo("a\r\nb\r\nc\r\n", converted), std::string("a\r\nb\r\nx\r\n"));
        QCOMPARE(review::locate(converted, "a\r\nb\r\nx\r\n").state, Location::State::AlreadyApplied);
        // Mixed: a line that stays keeps its own end.
        const Suggestion mixed{
            "a.rs", {0, 3}, "a\r\nb\nc\r\n", "a\nb\nx\nc\n", review::Applicability::Machine};
        QCOMPARE(*review::applyTo("a\r\nb\nc\r\n", mixed), std::string("a\r\nb\nx\r\nc\r\n"));
    }

    void staysLinearOnHostileTexts()
    {
        const std::string lines(4u << 20, '\n');
        QElapsedTimer timer;
        timer.start();
        const Suggestion suggestion{
            "a.rs", {7, 9}, std::string(1u << 20, '\n') + "x\n", "y\n", review::Applicability::Machine};
        QCOMPARE(review::locate(suggestion, lines).state, Location::State::Conflict);
        const Suggestion everywhere{
            "a.rs", {3'000'000, 3'000'001}, "\n", "y\n", review::Applicability::Machine};
        QCOMPARE(review::locate(everywhere, lines).state, Location::State::Clean);
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    }

    void appliesUndoesAndRedoesEverySuggestion()
    {
        for (unsigned seed = 1; seed <= 400; ++seed) {
            std::mt19937 random(seed);
            const auto pick = [&](unsigned below) { return static_cast<std::uint32_t>(random() % below); };
            std::string text = pick(4) == 0 ? "\xEF\xBB\xBF" : "";
            const std::uint32_t count = 1 + pick(30);
            for (std::uint32_t i = 0; i < count; ++i) {
                text += pick(3) == 0 ? "}" : "line " + std::to_string(pick(40)) + "\xff";
                if (i + 1 < count || pick(2) == 0)
                    text += pick(3) == 0 ? "\r\n" : "\n";
            }
            const git::Lines lines(text);
            const auto begin = pick(static_cast<unsigned>(lines.count()));
            const git::LineRange range{begin, begin + 1 + pick(static_cast<unsigned>(lines.count()) - begin)};
            const bool hasEnd = range.end < lines.count() || text.ends_with('\n');
            Suggestion suggestion =
                makeSuggestion(text, range, "new " + std::to_string(seed) + "\r\nnew" + (hasEnd ? "\n" : ""));

            FakeTree tree;
            tree.files["src/db.rs"].bytes = text;
            review::Applier applier(tree, {"src/other.rs", "src/db.rs"});
            const std::string expected = text.substr(0, lines.offset(range.begin)) + suggestion.replacement +
                                         text.substr(lines.offset(range.end));
            auto change = applier.apply(makeFinding(suggestion));
            QVERIFY2(change.hasValue(), qPrintable(QStringLiteral("seed %1").arg(seed)));
            QCOMPARE(tree.files["src/db.rs"].bytes, expected);
            QVERIFY(!applier.apply(makeFinding(suggestion)));
            QVERIFY(applier.undo(*change));
            QCOMPARE(tree.files["src/db.rs"].bytes, text);
            QVERIFY(!applier.undo(*change));
            QVERIFY(applier.redo(*change));
            QCOMPARE(tree.files["src/db.rs"].bytes, expected);
        }
    }

    void writesNothingItMayNot()
    {
        FakeTree tree;
        tree.files["src/db.rs"].bytes = reviewed;
        tree.files["src/linked.rs"] = {reviewed, 0644, 2};
        tree.files["secret"].bytes = reviewed;
        review::Applier applier(tree, {"src/db.rs", "src/linked.rs", "src/gone.rs"});
        Suggestion suggestion = makeSuggestion(reviewed, {1, 2}, "    x();\n");
        for (const char *path : {"secret", "../src/db.rs", "src/linked.rs", ""}) {
            suggestion.path = path;
            QCOMPARE(applier.apply(makeFinding(suggestion)).error().kind, git::ErrorKind::InvalidInput);
        }
        suggestion.path = "src/gone.rs";
        QCOMPARE(applier.apply(makeFinding(suggestion)).error().kind, git::ErrorKind::NotFound);
        QCOMPARE(applier.apply(review::Finding()).error().kind, git::ErrorKind::InvalidInput);
        suggestion.path = "src/db.rs";
        suggestion.original = "gone\n";
        QCOMPARE(applier.apply(makeFinding(suggestion)).error().kind, git::ErrorKind::Conflict);
        // A saved session could claim that a suggestion was applied anywhere.
        review::AppliedChange claimed{"f", "secret", "mine", reviewed, false};
        QCOMPARE(applier.undo(claimed).error().kind, git::ErrorKind::InvalidInput);
        claimed = {"f", "secret", reviewed, "mine", true};
        QCOMPARE(applier.redo(claimed).error().kind, git::ErrorKind::InvalidInput);
        QCOMPARE(tree.writes, 0);
    }

    void leavesALocalEditAlone()
    {
        FakeTree tree;
        std::string &bytes = tree.files["src/db.rs"].bytes;
        bytes = reviewed;
        review::Applier applier(tree, {"src/db.rs"});
        auto change = applier.apply(makeFinding(makeSuggestion(reviewed, {1, 2}, "    x();\n")));
        QVERIFY(change);
        bytes += "// mine\n";
        QCOMPARE(applier.undo(*change).error().kind, git::ErrorKind::Conflict);
        QVERIFY(!change->undone);
        QVERIFY(bytes.ends_with("// mine\n"));
        bytes = change->after;
        tree.nextWrite = git::Error{git::ErrorKind::Io, "the disk is full"};
        QCOMPARE(applier.undo(*change).error().kind, git::ErrorKind::Io);
        QVERIFY(!change->undone);
        QVERIFY(applier.undo(*change));
        QCOMPARE(bytes, reviewed);
        bytes += "// mine\n";
        QCOMPARE(applier.redo(*change).error().kind, git::ErrorKind::Conflict);
        QVERIFY(change->undone);
    }

    void becomesAPatchThatGitApplies()
    {
        const std::string odd = "\xEF\xBB\xBF"
                                "a\r\nb\r\nc\nd\ne\nf\ng\nh\nlast";
        const tests::TestRepository repository;
        for (const git::LineRange range :
             {git::LineRange{1, 2}, git::LineRange{8, 9}, git::LineRange{0, 9}}) {
            repository.write("src/db.rs", odd);
            const Suggestion suggestion = makeSuggestion(odd, range, range.end == 9 ? "x\r\ny" : "x\r\n");
            const std::string patch = review::renderSuggestionPatch(suggestion, odd, 0100644);
            QVERIFY(!patch.empty());
            const auto applied = repository.tryGit({QStringLiteral("apply"), QStringLiteral("-")}, patch);
            QVERIFY2(applied.ok(), applied.messages.c_str());
            QCOMPARE(repository.read("src/db.rs"), *review::applyTo(odd, suggestion));
        }
        QVERIFY(
            review::renderSuggestionPatch(makeSuggestion(odd, {1, 2}, "x\n"), "other\n", 0100644).empty());
    }
};

QTEST_GUILESS_MAIN(SuggestionTest)
#include "suggestion_test.moc"
