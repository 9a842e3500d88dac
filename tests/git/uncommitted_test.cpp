// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/repository.h"
#include "tests/support/random_texts.h"
#include "tests/support/repository_diff.h"
#include "tests/support/test_repository.h"

#include <QTest>

using tests::diffOf;
using tests::errorOf;
using tests::gitSummary;
using tests::summary;
using tests::TestRepository;
using tests::textsOf;

namespace {

using Strings = std::vector<std::string>;

} // namespace

/// The index and the work tree as sides of a comparison.
class UncommittedTest : public QObject {
    Q_OBJECT

private slots:
    void showsStagedAndUnstagedApart();
    void comparesContentsWhereTheIndexDiffers();
    void listsTheWorkTreeAsGitWouldAddIt();
    void leavesIgnoredFilesOut();
    void showsConflicts();
    void worksWithoutACommit();
    void reviewsASparseCheckout();
    void normalisesLineEndsOfTheWorkTree();
};

void UncommittedTest::showsStagedAndUnstagedApart()
{
    const TestRepository repository;
    repository.write("both", "1\n");
    repository.write("staged", "1\n");
    repository.write("unstaged", "1\n");
    repository.commit();
    repository.write("both", "2\n");
    repository.write("staged", "2\n");
    repository.git({QStringLiteral("add"), QStringLiteral("-A")});
    repository.write("both", "3\n");
    repository.write("unstaged", "2\n");
    repository.write("untracked", "1\n");

    const git::Diff staged = diffOf(repository, "--staged");
    QCOMPARE(summary(staged), (Strings{"M both", "M staged"}));
    QCOMPARE(textsOf(repository, staged).newText, std::string("2\n"));
    const git::Diff all = diffOf(repository, "--worktree");
    QCOMPARE(summary(all), (Strings{"M both", "M staged", "M unstaged", "A untracked"}));
    QCOMPARE(textsOf(repository, all, 0).newText, std::string("3\n"));
    QVERIFY(all.files[0].newSide.id.empty());
    QVERIFY(!all.files[1].newSide.id.empty());

    git::Range sinceIndex;
    sinceIndex.kind = git::Range::Kind::Two;
    sinceIndex.base.kind = git::Endpoint::Kind::Index;
    sinceIndex.head.kind = git::Endpoint::Kind::WorkTree;
    const auto rest = git::Repository::open(repository.root())->diff(sinceIndex);
    QCOMPARE(summary(*rest), (Strings{"M both", "M unstaged", "A untracked"}));
    QCOMPARE(textsOf(repository, *rest).oldText, std::string("2\n"));
}

void UncommittedTest::comparesContentsWhereTheIndexDiffers()
{
    const TestRepository repository;
    repository.write("back", "1\n");
    repository.write("removed", "1\n");
    repository.write("restored", "the same again\n");
    repository.commit();
    repository.write("back", "2\n");
    repository.write("brief", "new\n");
    repository.git({QStringLiteral("add"), QStringLiteral("-A")});
    repository.git(
        {QStringLiteral("rm"), QStringLiteral("-q"), QStringLiteral("--cached"), QStringLiteral("restored")});
    repository.write("back", "1\n");
    repository.remove("brief");
    repository.remove("removed");
    QCOMPARE(summary(diffOf(repository, "--worktree")), (Strings{"D removed"}));

    repository.write("intended", "to be added some day\n");
    repository.git({QStringLiteral("add"), QStringLiteral("-N"), QStringLiteral("intended")});
    QCOMPARE(summary(diffOf(repository, "--staged")), (Strings{"M back", "A brief", "D restored"}));
    QCOMPARE(summary(diffOf(repository, "--worktree")), (Strings{"A intended", "D removed"}));
}

/// After random edits, some staged, the oracle is what git finds once everything is added.
void UncommittedTest::listsTheWorkTreeAsGitWouldAddIt()
{
    const TestRepository repository;
    tests::RandomTexts random(41);
    const auto name = [&random] {
        static const Strings folders = {"", "src/", "src/deep/", "new/", "x y/"};
        return folders[static_cast<std::size_t>(random.number(5))] + "f" + std::to_string(random.number(6));
    };
    const auto text = [&random] {
        std::string lines = "x\n";
        for (int i = random.number(30); i > 0; --i)
            lines += "line " + std::to_string(random.number(40)) + " of some text\n";
        return lines;
    };
    for (int i = 0; i < 12; ++i)
        repository.write(name(), text());
    repository.commit();
    for (int round = 0; round < 25; ++round) {
        for (int i = 3 + random.number(6); i > 0; --i) {
            const std::string one = name();
            const QString file = repository.filePath(one);
            const int what = random.number(5);
            if (what < 2)
                repository.write(one, text());
            else if (what == 2)
                repository.remove(one);
            else if (what == 3 && QFile::exists(file))
                QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
            else if (const std::string other = name();
                     QFile::exists(file) && !QFile::exists(repository.filePath(other)))
                repository.write(other, repository.read(one) + "moved\n"), repository.remove(one);
            if (random.chance(30))
                repository.git({QStringLiteral("add"), QStringLiteral("-A")});
        }
        const Strings ours = summary(diffOf(repository, "--worktree"));
        repository.git({QStringLiteral("add"), QStringLiteral("-A")});
        QVERIFY2(ours == gitSummary(repository, {QStringLiteral("--cached"), QStringLiteral("HEAD")}),
                 qPrintable(random.describe(round)));
        QCOMPARE(summary(diffOf(repository, "--worktree")), ours);
        QCOMPARE(summary(diffOf(repository, "--staged")), ours);
        if (random.chance(50))
            repository.commit();
    }
}

void UncommittedTest::leavesIgnoredFilesOut()
{
    const TestRepository repository;
    repository.write(".gitignore", "*.log\ntarget/\n");
    repository.commit();
    repository.write("x.log", "1\n");
    repository.write("target/debug/x", "1\n");
    repository.write("deep/folder/new", "1\n");
    repository.write("deep/target/debug/x", "1\n");
    repository.write("deep/.gitignore", "local*\n!local-kept\n");
    repository.write("deep/folder/local", "1\n");
    repository.write("deep/folder/local-kept", "entirely different\n");
    repository.write("only-ignored/x.log", "1\n");
    const Strings expected = {"A deep/.gitignore", "A deep/folder/local-kept", "A deep/folder/new"};
    QCOMPARE(summary(diffOf(repository, "--worktree")), expected);
    QCOMPARE(summary(diffOf(repository, "--worktree", {"deep/folder/new"})), (Strings{"A deep/folder/new"}));

    // What git would add is the oracle; a repository inside is left out.
    const TestRepository inner;
    QVERIFY(QFile::rename(inner.path(), repository.filePath("inner")));
    repository.write("inner/file", "1\n");
    const std::string theirs = repository.git(
        {QStringLiteral("ls-files"), QStringLiteral("--others"), QStringLiteral("--exclude-standard")});
    QCOMPARE(theirs, std::string("deep/.gitignore\ndeep/folder/local-kept\ndeep/folder/new\ninner/\n"));
    QCOMPARE(summary(diffOf(repository, "--worktree")), expected);
}

void UncommittedTest::showsConflicts()
{
    const TestRepository repository;
    repository.write("a", "base\n");
    repository.commit();
    repository.git(
        {QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("topic")});
    repository.write("a", "theirs\n");
    repository.commit();
    repository.git({QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("main")});
    repository.write("a", "ours\n");
    repository.commit();
    QVERIFY(
        !repository.tryGit({QStringLiteral("merge"), QStringLiteral("-q"), QStringLiteral("topic")}).ok());
    const git::Diff diff = diffOf(repository, "--worktree");
    QCOMPARE(summary(diff), (Strings{"U a"}));
    const git::FileTexts texts = textsOf(repository, diff);
    QCOMPARE(texts.oldText, std::string("ours\n"));
    QVERIFY(texts.newText.starts_with("<<<<<<<"));
    QCOMPARE(summary(diffOf(repository, "--staged")), (Strings{"U a"}));
}

void UncommittedTest::worksWithoutACommit()
{
    const TestRepository repository;
    const auto opened = git::Repository::open(repository.root());
    QVERIFY(opened);
    QCOMPARE(opened->headName(), std::string("main (no commit yet)"));
    QVERIFY(opened->references().empty());
    QCOMPARE(summary(diffOf(repository, "")), Strings{});
    repository.write("a", "1\n");
    QCOMPARE(summary(diffOf(repository, "")), (Strings{"A a"}));
    repository.git({QStringLiteral("add"), QStringLiteral("a")});
    QCOMPARE(summary(diffOf(repository, "--staged")), (Strings{"A a"}));
    QCOMPARE(summary(diffOf(repository, "--worktree")), (Strings{"A a"}));
    const git::Error none = errorOf(repository, "HEAD");
    QCOMPARE(none.kind, git::ErrorKind::NotFound);
    QVERIFY(none.message.find("no commit yet") != std::string::npos);
}

void UncommittedTest::reviewsASparseCheckout()
{
    const TestRepository repository;
    repository.write("kept/a", "1\n");
    repository.write("left/b", "1\n");
    repository.commit();
    repository.git({QStringLiteral("sparse-checkout"), QStringLiteral("set"), QStringLiteral("kept")});
    QVERIFY(!QFile::exists(repository.filePath("left/b")));
    repository.write("kept/a", "2\n");
    QCOMPARE(summary(diffOf(repository, "--worktree")), (Strings{"M kept/a"}));
}

void UncommittedTest::normalisesLineEndsOfTheWorkTree()
{
    const TestRepository repository;
    repository.write("a.rs", "one\ntwo\n");
    repository.commit();
    repository.git({QStringLiteral("config"), QStringLiteral("core.autocrlf"), QStringLiteral("true")});
    repository.write("a.rs", "one\r\ntwo\r\n");
    QCOMPARE(summary(diffOf(repository, "--worktree")), Strings{});
    repository.write("a.rs", "one\r\ntwo\r\nthree\r\n");
    const git::FileTexts texts = textsOf(repository, diffOf(repository, "--worktree"));
    QCOMPARE(texts.newText, std::string("one\ntwo\nthree\n"));
}

QTEST_GUILESS_MAIN(UncommittedTest)
#include "uncommitted_test.moc"
