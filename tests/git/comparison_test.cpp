// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/repository.h"
#include "tests/support/repository_diff.h"
#include "tests/support/test_repository.h"

#include <QTest>

using git::ContentKind;
using git::FileStatus;
using git::ResolvedEndpoint;
using tests::diffOf;
using tests::errorOf;
using tests::gitSummary;
using tests::someLines;
using tests::summary;
using tests::TestRepository;
using tests::textsOf;

namespace {

using Strings = std::vector<std::string>;

} // namespace

/// What a range compares, and what is listed of it.
class ComparisonTest : public QObject {
    Q_OBJECT

private slots:
    void listsAddedDeletedModified();
    void showsTheFirstCommitAgainstNothing();
    void findsRenamesAsGitDoes();
    void keepsFolderAndFileOfOneNameApart();
    void startsFromTheMergeBase();
    void comparesTrees();
    void knowsTheEmptyTreeByItsId();
    void limitsToPaths();
    void stopsWhenAsked();
    void saysWhichRevisionIsUnknown();
    void refusesWhatAShallowCloneCannotTell();
};

void ComparisonTest::listsAddedDeletedModified()
{
    const TestRepository repository;
    repository.write("gone", "1\n");
    repository.write("kept", "1\n");
    repository.write("src/changed", "1\n");
    repository.commit();
    repository.remove("gone");
    repository.write("src/changed", "2\n");
    repository.write("src/born", "entirely new\n");
    repository.commit();
    const git::Diff diff = diffOf(repository, "HEAD~1..HEAD");
    QCOMPARE(summary(diff), (Strings{"D gone", "A src/born", "M src/changed"}));
    QCOMPARE(diff.base.kind, ResolvedEndpoint::Kind::Commit);
    QCOMPARE(diff.head.name, std::string("HEAD"));
    QCOMPARE(diff.head.id, repository.gitLine({QStringLiteral("rev-parse"), QStringLiteral("HEAD")}));

    const git::FileTexts gone = textsOf(repository, diff, 0);
    QCOMPARE(gone.oldText, std::string("1\n"));
    QCOMPARE(gone.newKind, ContentKind::Absent);
    QVERIFY(gone.comparable());
    const git::FileTexts changed = textsOf(repository, diff, 2);
    QCOMPARE(changed.oldText, std::string("1\n"));
    QCOMPARE(changed.newText, std::string("2\n"));
}

void ComparisonTest::showsTheFirstCommitAgainstNothing()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    const git::Diff diff = diffOf(repository, "HEAD");
    QCOMPARE(summary(diff), (Strings{"A a"}));
    QCOMPARE(diff.base.kind, ResolvedEndpoint::Kind::EmptyTree);
}

void ComparisonTest::findsRenamesAsGitDoes()
{
    const TestRepository repository;
    repository.write("exact", someLines(30, "exact"));
    repository.write("edited", someLines(40, "edited"));
    repository.write("rewritten", someLines(40, "rewritten"));
    repository.write("old/name.rs", someLines(60, "name"));
    repository.write("twin1", someLines(10, "twin"));
    repository.write("twin2", someLines(10, "twin"));
    repository.commit();
    for (const char *name : {"exact", "edited", "rewritten", "old/name.rs", "twin1", "twin2"})
        repository.remove(name);
    repository.write("moved/exact", someLines(30, "exact"));
    repository.write("edited2", someLines(40, "edited") + "and more\n");
    repository.write("rewritten2", someLines(4, "rewritten") + someLines(40, "other"));
    repository.write("new/name.rs", someLines(52, "name"));
    repository.write("second/twin2", someLines(10, "twin"));
    repository.write("second/other", someLines(10, "twin"));
    repository.commit();
    const git::Diff diff = diffOf(repository, "HEAD");
    QCOMPARE(summary(diff), gitSummary(repository, {QStringLiteral("HEAD~1"), QStringLiteral("HEAD")}));
    QVERIFY(diff.renamesComplete);
    QCOMPARE(std::count_if(diff.files.begin(), diff.files.end(),
                           [](const git::FileDelta &file) { return file.status == FileStatus::Renamed; }),
             5);
}

void ComparisonTest::keepsFolderAndFileOfOneNameApart()
{
    const TestRepository repository;
    repository.write("thing", "a file\n");
    repository.write("other/inner", "a folder\n");
    repository.commit();
    repository.remove("thing");
    repository.write("thing/inner", "now a folder, and quite different\n");
    repository.remove("other/inner");
    QDir(repository.path()).rmdir(QStringLiteral("other"));
    repository.write("other", "now a file with words of its own\n");
    repository.commit();
    QCOMPARE(summary(diffOf(repository, "HEAD")),
             gitSummary(repository, {QStringLiteral("HEAD~1"), QStringLiteral("HEAD")}));
}

void ComparisonTest::startsFromTheMergeBase()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    const std::string base = repository.commit();
    repository.git(
        {QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("topic")});
    repository.write("topic", "of the topic\n");
    repository.commit();
    repository.git({QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("main")});
    repository.write("main", "of the main branch\n");
    repository.commit();
    QCOMPARE(summary(diffOf(repository, "main..topic")), (Strings{"D main", "A topic"}));
    const git::Diff three = diffOf(repository, "main...topic");
    QCOMPARE(summary(three), (Strings{"A topic"}));
    QCOMPARE(three.base.id, base);

    repository.git({QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("--orphan"),
                    QStringLiteral("alone")});
    repository.commit();
    const git::Error none = errorOf(repository, "main...alone");
    QCOMPARE(none.kind, git::ErrorKind::NotFound);
    QVERIFY(none.message.find("no common ancestor") != std::string::npos);
}

void ComparisonTest::comparesTrees()
{
    const TestRepository repository;
    repository.write("src/a", "1\n");
    repository.commit();
    repository.write("src/a", "2\n");
    repository.commit();
    const git::Diff diff = diffOf(repository, "HEAD~1^{tree}..HEAD:");
    QCOMPARE(summary(diff), (Strings{"M src/a"}));
    QCOMPARE(diff.base.kind, ResolvedEndpoint::Kind::Tree);
    QCOMPARE(summary(diffOf(repository, "HEAD~1:src..HEAD:src")), (Strings{"M a"}));
    QCOMPARE(errorOf(repository, "HEAD:src").kind, git::ErrorKind::InvalidInput);
    QCOMPARE(errorOf(repository, "HEAD:src/a..HEAD").kind, git::ErrorKind::InvalidInput);
}

void ComparisonTest::knowsTheEmptyTreeByItsId()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    QCOMPARE(summary(diffOf(repository, "4b825dc642cb6eb9a060e54bf8d69288fbee4904..HEAD")), (Strings{"A a"}));
    QCOMPARE(summary(diffOf(repository, "HEAD..4b825dc642")), (Strings{"D a"}));
}

void ComparisonTest::limitsToPaths()
{
    const TestRepository repository;
    repository.write("src/a.rs", "1\n");
    repository.write("src2/b.rs", "two\n");
    repository.write("c.rs", "three\n");
    repository.commit();
    QCOMPARE(summary(diffOf(repository, "HEAD", {"src"})), (Strings{"A src/a.rs"}));
    QCOMPARE(summary(diffOf(repository, "HEAD", {"src/", "./c.rs"})), (Strings{"A c.rs", "A src/a.rs"}));
    QCOMPARE(summary(diffOf(repository, "HEAD", {"."})).size(), std::size_t(3));
    QCOMPARE(summary(diffOf(repository, "HEAD", {"absent"})), Strings{});
}

void ComparisonTest::stopsWhenAsked()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    std::stop_source stop;
    stop.request_stop();
    const auto opened = git::Repository::open(repository.root());
    QCOMPARE(opened->diff(*git::parseRange("HEAD"), {}, stop.get_token()).error().kind,
             git::ErrorKind::Cancelled);
    const git::Diff diff = diffOf(repository, "HEAD");
    QCOMPARE(opened->files(diff.head, stop.get_token()).error().kind, git::ErrorKind::Cancelled);
}

void ComparisonTest::saysWhichRevisionIsUnknown()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    const git::Error error = errorOf(repository, "HEAD..no-such-branch");
    QCOMPARE(error.kind, git::ErrorKind::NotFound);
    QVERIFY(error.message.find("no-such-branch") != std::string::npos);
    QVERIFY(error.message.find(repository.root()) != std::string::npos);
}

void ComparisonTest::refusesWhatAShallowCloneCannotTell()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.write("b", "1\n");
    repository.commit();
    repository.git({QStringLiteral("branch"), QStringLiteral("other")});
    repository.write("a", "2\n");
    repository.commit();
    repository.git({QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("other")});
    repository.write("b", "2\n");
    repository.commit();
    const QString clone = repository.beside(QStringLiteral("shallow"));
    repository.git({QStringLiteral("clone"), QStringLiteral("-q"), QStringLiteral("--depth=1"),
                    QStringLiteral("--no-single-branch"), QStringLiteral("file://") + repository.path(),
                    clone});
    const auto opened = git::Repository::open(clone.toStdString());
    QVERIFY(opened);
    // Without its parent the last commit would pass for one that adds every file.
    for (const char *range : {"HEAD", "origin/main...HEAD", "HEAD~1..HEAD"}) {
        const auto diff = opened->diff(*git::parseRange(range));
        QVERIFY(!diff);
        QVERIFY2(diff.error().message.find("shallow") != std::string::npos, diff.error().message.c_str());
    }
    const auto diff = opened->diff(*git::parseRange("origin/main..HEAD"));
    QVERIFY(diff);
    QCOMPARE(summary(*diff), (Strings{"M a", "M b"}));
}

QTEST_GUILESS_MAIN(ComparisonTest)
#include "comparison_test.moc"
