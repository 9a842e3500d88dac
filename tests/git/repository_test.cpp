// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/repository.h"
#include "tests/support/repository_diff.h"
#include "tests/support/test_repository.h"

#include <QTest>

using git::ResolvedEndpoint;
using tests::diffOf;
using tests::summary;
using tests::TestRepository;

namespace {

using Strings = std::vector<std::string>;

} // namespace

/// Opening a repository, and what it says of itself.
class RepositoryTest : public QObject {
    Q_OBJECT

private slots:
    void opensAFolderInsideOfTheWorkTree();
    void opensABareRepository();
    void opensABareFolderWithoutConfiguration();
    void opensALinkedWorkTree();
    void saysWhereThereIsNone();
    void namesHead();
    void listsReferences();
    void choosesTheRange();
    void choosesAgainstTheDefaultBranchForAPushedOne();
};

void RepositoryTest::opensAFolderInsideOfTheWorkTree()
{
    const TestRepository repository;
    repository.write("src/deep/a.rs", "fn a() {}\n");
    repository.commit();
    const auto opened = git::Repository::open(repository.root() + "/src/deep");
    QVERIFY(opened);
    QCOMPARE(opened->workTree(), repository.root());
    QCOMPARE(opened->path(), repository.root());
    QVERIFY(opened->warnings().empty());
}

void RepositoryTest::opensABareRepository()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    repository.git({QStringLiteral("clone"), QStringLiteral("-q"), QStringLiteral("--bare"),
                    QStringLiteral("."), repository.beside(QStringLiteral("bare.git"))});
    const std::string bare = repository.beside(QStringLiteral("bare.git")).toStdString();
    const auto opened = git::Repository::open(bare);
    QVERIFY(opened);
    QCOMPARE(opened->workTree(), std::string());
    QCOMPARE(opened->path(), bare);
    const auto diff = opened->diff(git::Range{});
    QVERIFY(diff);
    QCOMPARE(summary(*diff), (Strings{"A a"}));
    QCOMPARE(diff->repository, bare);
    QVERIFY(opened->diff(*git::parseRange("--worktree")).error().message.find("bare") != std::string::npos);
}

void RepositoryTest::opensABareFolderWithoutConfiguration()
{
    const TestRepository repository({QStringLiteral("--bare")});
    QVERIFY(QFile::remove(repository.filePath("config")));
    const auto opened = git::Repository::open(repository.root());
    QVERIFY(opened);
    QCOMPARE(opened->workTree(), std::string());
    QCOMPARE(opened->path(), repository.root());
}

void RepositoryTest::opensALinkedWorkTree()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    const QString linked = repository.beside(QStringLiteral("linked"));
    repository.git({QStringLiteral("worktree"), QStringLiteral("add"), QStringLiteral("-q"),
                    QStringLiteral("-b"), QStringLiteral("topic"), linked});
    QFile file(linked + QStringLiteral("/a"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("2\n");
    file.close();
    const auto opened = git::Repository::open(linked.toStdString());
    QVERIFY(opened);
    QCOMPARE(opened->workTree(), linked.toStdString());
    QCOMPARE(opened->headName(), std::string("topic"));
    QCOMPARE(summary(*opened->diff(*git::parseRange("--worktree"))), (Strings{"M a"}));
}

void RepositoryTest::saysWhereThereIsNone()
{
    const QTemporaryDir folder;
    const auto none = git::Repository::open(folder.path().toStdString());
    QVERIFY(!none);
    QCOMPARE(none.error().kind, git::ErrorKind::NotFound);
    QVERIFY(none.error().message.find(folder.path().toStdString()) != std::string::npos);
    QCOMPARE(git::Repository::open(folder.path().toStdString() + "/absent").error().kind,
             git::ErrorKind::NotFound);
    QVERIFY(!git::Repository::open(""));
}

void RepositoryTest::namesHead()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    const std::string id = repository.commit();
    const auto headName = [&] { return git::Repository::open(repository.root())->headName(); };
    QCOMPARE(headName(), std::string("main"));
    repository.git({QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("--detach")});
    QCOMPARE(headName(), "detached at " + id.substr(0, 7));
}

void RepositoryTest::listsReferences()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    const std::string id = repository.commit();
    repository.git({QStringLiteral("branch"), QStringLiteral("topic/x")});
    repository.git({QStringLiteral("tag"), QStringLiteral("-a"), QStringLiteral("-m"), QStringLiteral("one"),
                    QStringLiteral("v1")});
    repository.git(
        {QStringLiteral("update-ref"), QStringLiteral("refs/remotes/origin/main"), QStringLiteral("HEAD")});
    repository.git({QStringLiteral("symbolic-ref"), QStringLiteral("refs/remotes/origin/HEAD"),
                    QStringLiteral("refs/remotes/origin/main")});
    repository.git({QStringLiteral("pack-refs"), QStringLiteral("--all")});
    Strings names;
    for (const git::Reference &reference : git::Repository::open(repository.root())->references()) {
        names.push_back(reference.name);
        QCOMPARE(reference.id, id);
    }
    QCOMPARE(names, (Strings{"main", "topic/x", "origin/main", "v1"}));
}

void RepositoryTest::choosesTheRange()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    repository.write("b", "unlike the other\n");
    repository.commit();
    QCOMPARE(summary(diffOf(repository, "")), (Strings{"A b"})); // the last commit: nothing else is there
    repository.write("c", "dirty, and new\n");
    const git::Diff dirty = diffOf(repository, "");
    QCOMPARE(summary(dirty), (Strings{"A c"}));
    QCOMPARE(dirty.head.kind, ResolvedEndpoint::Kind::WorkTree);
    QCOMPARE(summary(diffOf(repository, "", {"b"})), Strings{}); // paths do not choose another range

    repository.git(
        {QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("topic")});
    repository.commit();
    repository.git({QStringLiteral("branch"), QStringLiteral("-f"), QStringLiteral("elsewhere"),
                    QStringLiteral("main")});
    repository.write("d", "dirty too, in words of its own\n");
    const git::Diff branch = diffOf(repository, "");
    QCOMPARE(summary(branch), (Strings{"A c", "A d"}));
    QCOMPARE(branch.base.name, std::string("main"));
    QCOMPARE(branch.head.name, std::string("work tree"));
}

void RepositoryTest::choosesAgainstTheDefaultBranchForAPushedOne()
{
    const TestRepository origin({QStringLiteral("--bare")});
    const TestRepository repository;
    repository.git(
        {QStringLiteral("remote"), QStringLiteral("add"), QStringLiteral("origin"), origin.path()});
    repository.write("a", "1\n");
    repository.commit();
    repository.git({QStringLiteral("push"), QStringLiteral("-q"), QStringLiteral("-u"),
                    QStringLiteral("origin"), QStringLiteral("main")});
    repository.write("b", "not pushed\n");
    repository.commit();
    const git::Diff ahead = diffOf(repository, "");
    QCOMPARE(summary(ahead), (Strings{"A b"}));
    QCOMPARE(ahead.base.name, std::string("origin/main"));

    repository.git(
        {QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("topic")});
    repository.write("c", "on a branch that is pushed\n");
    repository.commit();
    repository.git({QStringLiteral("push"), QStringLiteral("-q"), QStringLiteral("-u"),
                    QStringLiteral("origin"), QStringLiteral("topic")});
    const git::Diff pushed = diffOf(repository, "");
    QCOMPARE(summary(pushed), (Strings{"A b", "A c"}));
    QCOMPARE(pushed.base.name, std::string("origin/main"));
}

QTEST_GUILESS_MAIN(RepositoryTest)
#include "repository_test.moc"
