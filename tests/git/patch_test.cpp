// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/lines.h"
#include "git/patch.h"
#include "git/repository.h"
#include "tests/support/random_texts.h"
#include "tests/support/test_repository.h"

#include <QTest>

#include <sys/stat.h>

using git::ContentKind;
using git::FileSide;
using git::FileStatus;
using tests::RandomTexts;
using tests::TestRepository;

namespace {

const FileSide regular{"a.rs", {}, 0100644};

git::Patch parsed(std::string_view bytes)
{
    auto patch = git::parsePatch(bytes, "test.patch");
    if (!patch)
        qFatal("%s", patch.error().message.c_str());
    return *patch;
}

std::string messageOf(std::string_view bytes)
{
    const auto patch = git::parsePatch(bytes, "test.patch");
    return patch ? std::string("no error") : patch.error().message;
}

/// What `git apply` says of a patch; empty when it applied.
std::string gitApply(const TestRepository &repository, const std::string &patch)
{
    const tests::GitResult result = repository.tryGit(
        {QStringLiteral("apply"), QStringLiteral("--whitespace=nowarn"), QStringLiteral("-")}, patch);
    return result.ok() ? std::string() : result.messages + patch;
}

/// One hunk of a patch as git wrote it.
struct GitHunk {
    int oldFirst = 0, oldCount = 1, newFirst = 0, newCount = 1;
    std::string body;
};

std::vector<GitHunk> gitHunks(const std::string &patch)
{
    std::vector<GitHunk> hunks;
    const git::Lines lines(patch);
    for (std::size_t i = 0; i < lines.count(); ++i) {
        const std::string line(lines.withEnd(i));
        if (line.starts_with("@@ -")) {
            GitHunk hunk;
            if (std::sscanf(line.c_str(), "@@ -%d,%d", &hunk.oldFirst, &hunk.oldCount) < 2)
                hunk.oldCount = 1;
            const std::string rest = line.substr(line.find('+'));
            if (std::sscanf(rest.c_str(), "+%d,%d", &hunk.newFirst, &hunk.newCount) < 2)
                hunk.newCount = 1;
            hunks.push_back(hunk);
        } else if (!hunks.empty()) {
            hunks.back().body += line;
        }
    }
    return hunks;
}

/// A patch of some of git's hunks, their new line numbers as if the others were not there.
std::string patchOf(const std::vector<GitHunk> &hunks, const std::vector<bool> &chosen)
{
    std::string patch = "--- a/a.rs\n+++ b/a.rs\n";
    int shift = 0;
    for (std::size_t i = 0; i < hunks.size(); ++i) {
        if (!chosen[i])
            continue;
        const GitHunk &hunk = hunks[i];
        const int empties = (hunk.oldCount == 0 ? 1 : 0) - (hunk.newCount == 0 ? 1 : 0);
        patch += QStringLiteral("@@ -%1,%2 +%3,%4 @@\n")
                     .arg(hunk.oldFirst)
                     .arg(hunk.oldCount)
                     .arg(hunk.oldFirst + shift + empties)
                     .arg(hunk.newCount)
                     .toStdString() +
                 hunk.body;
        shift += hunk.newCount - hunk.oldCount;
    }
    return patch;
}

} // namespace

class PatchTest : public QObject {
    Q_OBJECT

private slots:
    void rendersWhatGitApplies();
    void rendersNewAndDeletedFiles();
    void rendersModesRenamesAndTypes();
    void rendersOddNames();
    void rendersNothingForNoChange();
    void appliesChosenHunksAsGitDoes();
    void readsWhatGitWrites();
    void readsRenamesCopiesAndModes();
    void readsQuotedNames();
    void readsBinaryPatches();
    void readsPlainDiffs();
    void readsMails();
    void readsCrlfPatches();
    void readsMissingLineEnds();
    void keepsTheRealLineNumbers();
    void refusesDamage_data();
    void refusesDamage();
    void survivesRandomDamage();
};

void PatchTest::rendersWhatGitApplies()
{
    const TestRepository repository;
    RandomTexts random(23);
    for (int round = 0; round < 150; ++round) {
        const std::string before = random.text(60);
        const std::string after = random.edited(before, 5);
        const std::string patch = git::renderPatch(regular, before, regular, after);
        QCOMPARE(patch.empty(), before == after);
        repository.write("a.rs", before);
        if (patch.empty())
            continue;
        QCOMPARE(gitApply(repository, patch), std::string());
        QVERIFY2(repository.read("a.rs") == after, qPrintable(random.describe(round)));
    }
}

void PatchTest::rendersNewAndDeletedFiles()
{
    const TestRepository repository;
    const FileSide script{"deep/script.sh", {}, 0100755};
    QCOMPARE(gitApply(repository, git::renderPatch({}, "", script, "#!/bin/sh\nexit")), std::string());
    QCOMPARE(repository.read("deep/script.sh"), std::string("#!/bin/sh\nexit"));
    QVERIFY(QFileInfo(repository.filePath("deep/script.sh")).isExecutable());
    QCOMPARE(gitApply(repository, git::renderPatch(script, "#!/bin/sh\nexit", {}, "")), std::string());
    QVERIFY(!QFile::exists(repository.filePath("deep/script.sh")));

    QCOMPARE(gitApply(repository, git::renderPatch({}, "", {"empty", {}, 0100644}, "")), std::string());
    QCOMPARE(repository.read("empty"), std::string());
    QCOMPARE(gitApply(repository, git::renderPatch({"empty", {}, 0100644}, "", {}, "")), std::string());
    QVERIFY(!QFile::exists(repository.filePath("empty")));
}

void PatchTest::rendersModesRenamesAndTypes()
{
    const TestRepository repository;
    repository.write("a.rs", "one\n");
    QCOMPARE(gitApply(repository, git::renderPatch(regular, "one\n", {"a.rs", {}, 0100755}, "one\n")),
             std::string());
    QVERIFY(QFileInfo(repository.filePath("a.rs")).isExecutable());
    QCOMPARE(gitApply(repository,
                      git::renderPatch({"a.rs", {}, 0100755}, "one\n", {"b/c d.rs", {}, 0100644}, "two\n")),
             std::string());
    QCOMPARE(repository.read("b/c d.rs"), std::string("two\n"));
    QVERIFY(!QFile::exists(repository.filePath("a.rs")));
    QCOMPARE(gitApply(repository, git::renderPatch({"b/c d.rs", {}, 0100644}, "two\n",
                                                   {"b/c d.rs", {}, 0120000}, "target")),
             std::string());
    QCOMPARE(QFile::symLinkTarget(repository.filePath("b/c d.rs")), repository.filePath("b/target"));
}

void PatchTest::rendersOddNames()
{
    const TestRepository repository;
    for (const char *odd : {"a b", "-x", "tab\tin", "line\nend", "quote\"s", "back\\slash", "umlaut-\xC3\xBC",
                            "c d/e  f", " lead", "a/b/a/b"}) {
        const std::string name = odd;
        const FileSide side{name, {}, 0100644};
        QCOMPARE(gitApply(repository, git::renderPatch({}, "", side, "one\n")), std::string());
        QCOMPARE(repository.read(name), std::string("one\n"));
        const std::string patch = git::renderPatch(side, "one\n", side, "two\n");
        QCOMPARE(gitApply(repository, patch), std::string());
        QCOMPARE(repository.read(name), std::string("two\n"));
        QCOMPARE(parsed(patch).files.at(0).delta.newSide.path, name);
    }
}

void PatchTest::rendersNothingForNoChange()
{
    QCOMPARE(git::renderPatch(regular, "same\n", regular, "same\n"), std::string());
    QCOMPARE(git::renderPatch({}, "", {}, ""), std::string());
}

void PatchTest::appliesChosenHunksAsGitDoes()
{
    const TestRepository repository;
    RandomTexts random(29);
    int compared = 0;
    for (int round = 0; round < 120; ++round) {
        const std::string before = random.text(150);
        const std::string after = random.edited(before, 8);
        repository.write("a.rs", before);
        repository.git({QStringLiteral("add"), QStringLiteral("a.rs")});
        repository.write("a.rs", after);
        const auto theirs = gitHunks(
            repository.git({QStringLiteral("diff"), QStringLiteral("--text"), QStringLiteral("a.rs")}));
        const auto ours = git::groupHunks("a.rs", *git::diffLines(before, after), before, after);
        QVERIFY2(theirs.size() == ours.size(), qPrintable(random.describe(round)));
        std::vector<bool> chosen;
        for (std::size_t i = 0; i < ours.size(); ++i)
            chosen.push_back(random.chance(50));
        const std::string selected = git::applyHunks(ours, chosen, before, after);
        QCOMPARE(git::applyHunks(ours, std::vector<bool>(ours.size(), true), before, after), after);
        QCOMPARE(git::applyHunks(ours, std::vector<bool>(ours.size(), false), before, after), before);
        if (std::find(chosen.begin(), chosen.end(), true) == chosen.end())
            continue;
        repository.write("a.rs", before);
        QCOMPARE(gitApply(repository, patchOf(theirs, chosen)), std::string());
        QVERIFY2(repository.read("a.rs") == selected, qPrintable(random.describe(round)));
        ++compared;
    }
    QVERIFY(compared > 50);
}

void PatchTest::readsWhatGitWrites()
{
    const TestRepository repository;
    RandomTexts random(31);
    std::vector<std::string> befores, afters;
    for (int file = 0; file < 40; ++file) {
        befores.push_back(random.text(80));
        afters.push_back(random.edited(befores.back(), 5));
        repository.write("f" + std::to_string(100 + file), befores.back());
    }
    repository.commit();
    for (int file = 0; file < 40; ++file)
        repository.write("f" + std::to_string(100 + file), afters[static_cast<std::size_t>(file)]);
    const git::Patch patch = parsed(repository.git({QStringLiteral("diff"), QStringLiteral("--text")}));
    for (const git::PatchedFile &file : patch.files) {
        const auto index = static_cast<std::size_t>(std::stoi(file.delta.path().substr(1)) - 100);
        const git::Lines oldReal(befores[index]), newReal(afters[index]);
        const git::Lines oldShown(file.texts.oldText), newShown(file.texts.newText);
        for (const auto &excerpt : file.excerpts) {
            const auto at = [](std::uint32_t first, git::LineRange range) {
                return git::LineRange{first, first + range.size()};
            };
            QVERIFY(oldShown.slice(excerpt.oldLines) ==
                    oldReal.slice(at(excerpt.oldFirstLine, excerpt.oldLines)));
            QVERIFY(newShown.slice(excerpt.newLines) ==
                    newReal.slice(at(excerpt.newFirstLine, excerpt.newLines)));
        }
        QVERIFY(file.texts.comparable());
    }
    QVERIFY(patch.files.size() > 25);
    QCOMPARE(patch.diff.files.size(), patch.files.size());
    QCOMPARE(patch.diff.head.kind, git::ResolvedEndpoint::Kind::Patch);
}

void PatchTest::readsRenamesCopiesAndModes()
{
    const TestRepository repository;
    const auto lines = [](const std::string &word) {
        std::string text;
        for (int i = 0; i < 20; ++i)
            text += word + std::to_string(i) + '\n';
        return text;
    };
    repository.write("old name", lines("a"));
    repository.write("mode", "m\n");
    repository.write("gone", lines("g"));
    repository.write("becomes-link", "text\n");
    repository.commit();
    QVERIFY(QFile::rename(repository.filePath("old name"), repository.filePath("new name")));
    repository.write("new name", lines("a") + "more\n");
    QFile::setPermissions(repository.filePath("mode"),
                          QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    repository.remove("gone");
    repository.write("born", "b\n");
    repository.remove("becomes-link");
    QVERIFY(QFile::link(QStringLiteral("mode"), repository.filePath("becomes-link")));
    repository.commit();
    const git::Patch patch = parsed(
        repository.git({QStringLiteral("show"), QStringLiteral("--full-index"), QStringLiteral("-M")}));
    const auto diff = git::Repository::open(repository.root())->diff(*git::parseRange("HEAD"));

    // git writes a change of type as a deletion and an addition; all else is what the repository says.
    std::vector<git::FileDelta> expected;
    for (const git::FileDelta &file : diff->files) {
        if (file.status == FileStatus::TypeChanged) {
            expected.push_back({FileStatus::Deleted, file.oldSide, {}, 0});
            expected.push_back({FileStatus::Added, {}, file.newSide, 0});
        } else {
            expected.push_back(file);
        }
    }
    for (git::FileDelta &file : expected) {
        if (file.path() == "mode") // without a change of text there is no index line, so no id
            file.oldSide.id = file.newSide.id = {};
    }
    QCOMPARE(patch.diff.files.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY2(patch.diff.files[i] == expected[i], expected[i].path().c_str());
    QCOMPARE(patch.files[1].texts.newKind, ContentKind::Symlink);
}

void PatchTest::readsQuotedNames()
{
    const git::Patch patch =
        parsed("diff --git \"a/t\\303\\274r \\\"x\\\"\\t\" \"b/t\\303\\274r \\\"x\\\"\\t\"\n"
               "index 1..2 100644\n"
               "--- \"a/t\\303\\274r \\\"x\\\"\\t\"\n+++ \"b/t\\303\\274r \\\"x\\\"\\t\"\n"
               "@@ -1 +1 @@\n-a\n+b\n"
               "diff --git a/a b/a b b/a b/a b\nold mode 100644\nnew mode 100755\n");
    QCOMPARE(patch.files.size(), std::size_t(2));
    QCOMPARE(patch.files[0].delta.path(), std::string("t\xC3\xBCr \"x\"\t"));
    QCOMPARE(patch.files[1].delta.path(), std::string("a b/a b"));
}

void PatchTest::readsBinaryPatches()
{
    const TestRepository repository;
    repository.write("image", std::string("\0\1\2", 3));
    repository.write("text", "t\n");
    repository.commit();
    repository.write("image", std::string("\0\1\3\4", 4));
    repository.write("text", "u\n");
    for (const char *option : {"--binary", "--patch"}) {
        const git::Patch patch = parsed(repository.git({QStringLiteral("diff"), QLatin1String(option)}));
        QCOMPARE(patch.files.size(), std::size_t(2));
        QCOMPARE(patch.files[0].texts.newKind, ContentKind::Binary);
        QCOMPARE(patch.files[0].delta.status, FileStatus::Modified);
        QCOMPARE(patch.files[1].texts.newText, std::string("u\n"));
    }
}

void PatchTest::readsPlainDiffs()
{
    const git::Patch patch = parsed("Only in b: nothing\n"
                                    "--- src/a.rs.orig\t2026-01-02 03:04:05.000000000 +0000\n"
                                    "+++ src/a.rs\t2026-01-02 03:04:06.000000000 +0000\n"
                                    "@@ -3,2 +3,2 @@ fn main() {\n context\n-old\n+new\n"
                                    "--- /dev/null\n+++ b/new.rs\n@@ -0,0 +1 @@\n+-- not a header\n"
                                    "--- a/gone.rs\n+++ /dev/null\n@@ -1 +0,0 @@\n--- a/x\n");
    QCOMPARE(patch.files.size(), std::size_t(3));
    QCOMPARE(patch.files[0].delta.path(), std::string("src/a.rs"));
    QCOMPARE(patch.files[0].texts.newText, std::string("context\nnew\n"));
    QCOMPARE(patch.files[1].delta.status, FileStatus::Added);
    QCOMPARE(patch.files[1].delta.path(), std::string("new.rs"));
    QCOMPARE(patch.files[1].texts.newText, std::string("-- not a header\n"));
    QCOMPARE(patch.files[2].delta.status, FileStatus::Deleted);
    QCOMPARE(patch.files[2].texts.oldText, std::string("-- a/x\n"));
}

void PatchTest::readsMails()
{
    const TestRepository repository;
    repository.write("a.rs", "one\n");
    repository.commit();
    repository.write("a.rs", "two\n");
    repository.commit(QStringLiteral("Say two\n\n--- a look alike\n+++ in the text\n"));
    const git::Patch patch = parsed(
        repository.git({QStringLiteral("format-patch"), QStringLiteral("--stdout"), QStringLiteral("-1")}));
    QCOMPARE(patch.files.size(), std::size_t(1));
    QCOMPARE(patch.files[0].texts.newText, std::string("two\n"));
}

void PatchTest::readsCrlfPatches()
{
    const git::Patch content = parsed("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\r\n-two\r\n+three\r\n");
    QCOMPARE(content.files[0].texts.newText, std::string("one\r\nthree\r\n"));
    const git::Patch whole = parsed(
        "diff --git a/x b/x\r\nindex 1..2 100644\r\n--- a/x\r\n+++ b/x\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n");
    QCOMPARE(whole.files[0].delta.path(), std::string("x"));
    QCOMPARE(whole.files[0].delta.newSide.mode, 0100644u);
}

void PatchTest::readsMissingLineEnds()
{
    const git::Patch patch =
        parsed("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n");
    QCOMPARE(patch.files[0].texts.oldText, std::string("one\ntwo"));
    QCOMPARE(patch.files[0].texts.newText, std::string("one\ntwo\n"));
    const git::Patch both =
        parsed("--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-one\n two\n\\ No newline at end of file\n");
    QCOMPARE(both.files[0].texts.newText, std::string("two"));
    const git::Patch cut = parsed("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-one\n+two\n\n");
    QCOMPARE(cut.files[0].texts.newText, std::string("two\n\n"));
    QCOMPARE(parsed("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-one\n+two").files[0].texts.newText,
             std::string("two\n"));
}

void PatchTest::keepsTheRealLineNumbers()
{
    const git::Patch patch =
        parsed("--- a/x\n+++ b/x\n@@ -10,2 +12,3 @@\n a\n+b\n c\n@@ -50,1 +53,0 @@\n-d\n");
    const auto &excerpts = patch.files[0].excerpts;
    QCOMPARE(excerpts.size(), std::size_t(2));
    QCOMPARE(excerpts[0].oldFirstLine, 9u);
    QCOMPARE(excerpts[0].newFirstLine, 11u);
    QVERIFY((excerpts[1].oldLines == git::LineRange{2, 3}));
    QVERIFY((excerpts[1].newLines == git::LineRange{3, 3}));
    QCOMPARE(excerpts[1].newFirstLine, 53u);
}

void PatchTest::refusesDamage_data()
{
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QByteArray>("words");
    const QByteArray head = "--- a/x\n+++ b/x\n";
    QTest::newRow("no diff") << QByteArray("Hello\n") << QByteArray("no unified diff");
    QTest::newRow("empty") << QByteArray() << QByteArray("no unified diff");
    QTest::newRow("too short") << head + "@@ -1,3 +1,3 @@\n a\n" << QByteArray("line 5");
    QTest::newRow("odd line") << head + "@@ -1,3 +1,3 @@\n a\n?b\n" << QByteArray("line 5");
    QTest::newRow("too many") << head + "@@ -1,1 +1,2 @@\n a\n-b\n+c\n" << QByteArray("line 5");
    QTest::newRow("bad numbers") << head + "@@ -1,99999999999 +1 @@\n a\n" << QByteArray("hunk header");
    QTest::newRow("both nothing") << QByteArray("--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n")
                                  << QByteArray("/dev/null");
    QTest::newRow("merge") << QByteArray(
                                  "diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1,1 -1,1 +1,1 @@@\n")
                           << QByteArray("merge");
    QTest::newRow("NUL in a name") << QByteArray("diff --git \"a/\\000\" \"b/\\000\"\nold mode 100644\n")
                                   << QByteArray("name");
    QTest::newRow("odd mode") << QByteArray("diff --git a/x b/x\nold mode 40000\nnew mode 100644\n")
                              << QByteArray("mode");
    QTest::newRow("a series") << head + "@@ -1 +1 @@\n-a\n+b\n" + head + "@@ -1 +1 @@\n-b\n+c\n"
                              << QByteArray("second time");
    QTest::newRow("after the end")
        << head + "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n@@ -9 +9 @@\n-c\n+d\n"
        << QByteArray("last one");
}

void PatchTest::refusesDamage()
{
    QFETCH(QByteArray, patch);
    QFETCH(QByteArray, words);
    const std::string message = messageOf(patch.toStdString());
    QVERIFY2(message.find(words.toStdString()) != std::string::npos, message.c_str());
    QVERIFY(message.find("test.patch") != std::string::npos);
}

void PatchTest::survivesRandomDamage()
{
    RandomTexts random(37);
    const std::string before = random.text(60), after = random.edited(before, 6);
    const std::string whole = git::renderPatch(regular, before, {"b \xC3\xBC.rs", {}, 0100755}, after);
    for (int round = 0; round < 3000; ++round) {
        std::string damaged = whole;
        for (int i = 1 + random.number(4); i > 0; --i) {
            const auto at = static_cast<std::size_t>(random.number(static_cast<int>(damaged.size())));
            if (random.chance(50))
                damaged[at] = static_cast<char>(random.number(256));
            else
                damaged.erase(at, static_cast<std::size_t>(random.number(40)));
        }
        const auto patch = git::parsePatch(damaged, "damaged");
        if (!patch)
            continue;
        for (const git::PatchedFile &file : patch->files) {
            QVERIFY2(!file.delta.path().empty(), qPrintable(random.describe(round)));
            const git::Lines oldLines(file.texts.oldText), newLines(file.texts.newText);
            for (const auto &excerpt : file.excerpts)
                QVERIFY2(!file.texts.comparable() || (excerpt.oldLines.end <= oldLines.count() &&
                                                      excerpt.newLines.end <= newLines.count()),
                         qPrintable(random.describe(round)));
        }
    }
}

QTEST_GUILESS_MAIN(PatchTest)
#include "patch_test.moc"
