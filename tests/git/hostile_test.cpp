// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/config_check.h"
#include "git/repository.h"
#include "tests/support/test_repository.h"

#include <QDirIterator>
#include <QTest>

#include <map>

#include <sys/stat.h>
#include <unistd.h>

using git::ContentKind;
using tests::TestRepository;

namespace {

/// Every file below a folder with its kind, size, inode and times: equal before and after means that nothing
/// was written.
std::map<QString, QString> listing(const QString &folder)
{
    std::map<QString, QString> files;
    QDirIterator iterator(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                          QDirIterator::Subdirectories);
    while (iterator.hasNext()) {
        const QString path = iterator.next();
        struct stat status = {};
        lstat(QFile::encodeName(path).constData(), &status);
        files[path] = QStringLiteral("%1 %2 %3 %4.%5 %6.%7")
                          .arg(status.st_mode)
                          .arg(status.st_size)
                          .arg(status.st_ino)
                          .arg(status.st_mtim.tv_sec)
                          .arg(status.st_mtim.tv_nsec)
                          .arg(status.st_ctim.tv_sec)
                          .arg(status.st_ctim.tv_nsec);
    }
    return files;
}

/// Everything a review does with a repository.
std::string readEverything(const std::string &path)
{
    const auto repository = git::Repository::open(path);
    if (!repository)
        return repository.error().message;
    repository->headName();
    repository->references();
    for (const char *range : {"", "HEAD", "--staged", "--worktree"}) {
        const auto diff = repository->diff(*git::parseRange(range));
        if (!diff)
            return diff.error().message;
        for (const git::FileDelta &file : diff->files) {
            if (const auto texts = repository->texts(*diff, file); !texts)
                return texts.error().message;
        }
        if (const auto files = repository->files(diff->head); !files)
            return files.error().message;
    }
    return {};
}

std::string warningsOf(const std::string &path)
{
    const auto repository = git::Repository::open(path);
    std::string all;
    for (const std::string &warning : repository->warnings())
        all += warning + '\n';
    return all;
}

void configure(const TestRepository &repository, const char *name, const QString &value)
{
    repository.git({QStringLiteral("config"), QLatin1String(name), value});
}

} // namespace

class HostileTest : public QObject {
    Q_OBJECT

private slots:
    void runsNothingAndWritesNothing();
    void doesNotWaitForAFifo();
    void refusesPipesWhereFilesAreRead_data();
    void refusesPipesWhereFilesAreRead();
    void readsNoFileThroughALink();
    void ignoresAWorkTreeThatIsNotItsOwn();
    void warnsOfALinkInPlaceOfGit();
    void followsAGitFileOnlyIfItComesBack();
    void warnsOfIncludes();
    void refusesAConfigurationThatIsNoFile();
    void readsConfigurationsAsGitDoes();
    void survivesATreeThatNamesBillionsOfFiles();
    void acceptsHarmlessExtensions();
    void refusesOtherFormatsInWords();
    void refusesForeignOwnersInWords();
};

void HostileTest::runsNothingAndWritesNothing()
{
    const TestRepository repository;
    const QString canary = repository.beside(QStringLiteral("canary"));
    const QString script = repository.beside(QStringLiteral("script.sh"));
    QFile file(script);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\necho ran >> '" + QFile::encodeName(canary) + "'\ncat\n");
    file.close();
    QFile::setPermissions(script, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);

    repository.write("a.rs", "one\n");
    repository.write("touched.rs", "the same\n");
    repository.commit();
    repository.write(".gitattributes", "* filter=evil diff=evil merge=evil\n");
    repository.write("a.rs", "two\n");
    repository.write("touched.rs", "the same\n");
    repository.write("new.rs", "three\n");
    for (const char *name : {"core.fsmonitor", "core.pager", "core.sshCommand", "diff.external",
                             "diff.evil.textconv", "diff.evil.command", "filter.evil.clean",
                             "filter.evil.smudge", "filter.evil.process", "credential.helper"})
        configure(repository, name, script);
    configure(repository, "filter.evil.required", QStringLiteral("true"));
    for (const char *hook : {"post-index-change", "fsmonitor-watchman", "pre-commit", "post-checkout"})
        QFile::copy(script, repository.filePath(std::string(".git/hooks/") + hook));

    // The test can fail: git itself runs the script.
    repository.tryGit({QStringLiteral("status")});
    QVERIFY(QFile::exists(canary));
    QVERIFY(QFile::remove(canary));

    const auto before = listing(repository.path());
    QCOMPARE(readEverything(repository.root()), std::string());
    QVERIFY(!QFile::exists(canary));
    QVERIFY(listing(repository.path()) == before);
    const std::string warnings = warningsOf(repository.root());
    for (const char *name : {"core.fsmonitor", "filter.clean", "diff.textconv", "credential.helper"})
        QVERIFY2(warnings.find(name) != std::string::npos, name);
}

void HostileTest::doesNotWaitForAFifo()
{
    const TestRepository repository;
    repository.write("was_a_file", "1\n");
    repository.write("kept", "1\n");
    repository.commit();
    repository.remove("was_a_file");
    for (const char *name : {"was_a_file", "untracked"})
        QCOMPARE(mkfifo(QFile::encodeName(repository.filePath(name)).constData(), 0600), 0);
    const auto opened = git::Repository::open(repository.root());
    const auto diff = opened->diff(*git::parseRange("--worktree"));
    QVERIFY(diff);
    QCOMPARE(diff->files.size(), std::size_t(1));
    QCOMPARE(diff->files[0].status, git::FileStatus::Deleted);

    // And where it became one after it was listed.
    git::FileDelta later;
    later.newSide = {"untracked", {}, 0100644};
    QCOMPARE(opened->texts(*diff, later)->newKind, ContentKind::Missing);
}

void HostileTest::refusesPipesWhereFilesAreRead_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path :
         {".gitignore", "src/.gitignore", "new/.gitattributes", "new/deep/.gitignore", ".git/index",
          ".git/info/exclude", ".git/refs/heads/main", ".git/objects/info/alternates",
          ".git/objects/pack/multi-pack-index", ".git/packed-refs", "excludes"})
        QTest::newRow(path) << QByteArray(path);
}

void HostileTest::refusesPipesWhereFilesAreRead()
{
    QFETCH(QByteArray, path);
    const TestRepository repository;
    repository.write("src/a", "1\n");
    repository.commit();
    repository.write("src/a", "2\n");
    repository.write("new/deep/b", "1\n");
    if (path == "excludes")
        configure(repository, "core.excludesFile", repository.filePath("excludes"));
    repository.remove(path.toStdString());
    QCOMPARE(mkfifo(QFile::encodeName(repository.filePath(path.toStdString())).constData(), 0600), 0);
    // Reading one would wait for ever, and the test with it.
    const std::string message = readEverything(repository.root());
    QVERIFY2(message.find("pipe") != std::string::npos ||
                 message.find("no regular file") != std::string::npos,
             message.c_str());
}

void HostileTest::readsNoFileThroughALink()
{
    const TestRepository repository;
    repository.write("folder/secret", "1\n");
    repository.commit();
    QDir().mkdir(repository.beside(QStringLiteral("outside")));
    QFile secret(repository.beside(QStringLiteral("outside/secret")));
    QVERIFY(secret.open(QIODevice::WriteOnly));
    secret.write("of someone else\n");
    secret.close();
    QVERIFY(QDir(repository.filePath("folder")).removeRecursively());
    QVERIFY(QFile::link(QStringLiteral("../outside"), repository.filePath("folder")));
    const auto opened = git::Repository::open(repository.root());
    const auto diff = opened->diff(*git::parseRange("--worktree"));
    QVERIFY(diff);
    for (const char *path : {"folder/secret", "../outside/secret", "/etc/hostname", "folder/../kept"}) {
        git::FileDelta asked;
        asked.newSide = {path, {}, 0100644};
        const auto texts = opened->texts(*diff, asked);
        QVERIFY(texts);
        QCOMPARE(texts->newKind, ContentKind::Missing);
    }
}

void HostileTest::ignoresAWorkTreeThatIsNotItsOwn()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    QDir().mkdir(repository.beside(QStringLiteral("victim")));
    configure(repository, "core.worktree", repository.beside(QStringLiteral("victim")));
    const auto opened = git::Repository::open(repository.root());
    QVERIFY(opened);
    QCOMPARE(opened->workTree(), std::string());
    QVERIFY(warningsOf(repository.root()).find("victim") != std::string::npos);
    QVERIFY(opened->diff(*git::parseRange("HEAD")));
    QVERIFY(!opened->diff(*git::parseRange("--worktree")));
}

void HostileTest::warnsOfALinkInPlaceOfGit()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    QVERIFY(QFile::rename(repository.filePath(".git"), repository.beside(QStringLiteral("elsewhere"))));
    QVERIFY(QFile::link(QStringLiteral("../elsewhere"), repository.filePath(".git")));
    const auto opened = git::Repository::open(repository.root());
    QVERIFY(opened);
    QVERIFY(warningsOf(repository.root()).find("symbolic link") != std::string::npos);
}

void HostileTest::followsAGitFileOnlyIfItComesBack()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    QVERIFY(QFile::rename(repository.filePath(".git"), repository.beside(QStringLiteral("store"))));
    repository.write(".git", "gitdir: ../store\n");
    const auto opened = git::Repository::open(repository.root());
    QVERIFY(opened);
    QCOMPARE(opened->workTree(), repository.root());

    const auto store = git::Repository::open(repository.beside(QStringLiteral("store")).toStdString());
    QVERIFY(store);
    QCOMPARE(store->workTree(), std::string());
}

void HostileTest::warnsOfIncludes()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    configure(repository, "include.path", QStringLiteral("../../more"));
    QVERIFY(warningsOf(repository.root()).find("../../more") != std::string::npos);
    QCOMPARE(mkfifo(QFile::encodeName(repository.beside(QStringLiteral("more"))).constData(), 0600), 0);
    const auto refused = git::Repository::open(repository.root());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, git::ErrorKind::InvalidInput);
    // The same pipe, one file further; and files without an end.
    repository.write(".git/config", "[core]\n\tbare = false\n[include]\n\tpath = one\n");
    repository.write(".git/one", "[include]\n\tpath = ../../more # the pipe\n");
    QVERIFY(!git::Repository::open(repository.root()));
    repository.write(".git/one", "[include]\n\tpath = one\n");
    QVERIFY(!git::Repository::open(repository.root()));
    repository.write(".git/one", "[user]\n\tname = me\n");
    QVERIFY(git::Repository::open(repository.root()));
}

void HostileTest::refusesAConfigurationThatIsNoFile()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    repository.remove(".git/config");
    QCOMPARE(mkfifo(QFile::encodeName(repository.filePath(".git/config")).constData(), 0600), 0);
    QVERIFY(!git::Repository::open(repository.root()));
    repository.remove(".git/config");
    repository.write(".git/config", std::string(2 << 20, '\n'));
    QVERIFY(!git::Repository::open(repository.root()));
}

void HostileTest::readsConfigurationsAsGitDoes()
{
    const git::ConfigFacts facts = git::readConfigFacts("[CORE] FSMonitor = x\n"
                                                        "; [core] pager = no\n"
                                                        "[filter \"a b.c]\"]\n\tClean=x\n"
                                                        "[diff.old]\n  textconv = y # why\n"
                                                        "[includeIf \"gitdir:/x\"] path = \"~/z\"\n"
                                                        "[includeIf \"a]b\"] path = \"a;b\"c\\\\d ; why\n"
                                                        "[include]\n path = one\\\n/two # why\n"
                                                        "[branch \"core\"]\n editor = x\n[broken\n");
    const std::vector<std::string> commands = {"core.fsmonitor", "filter.clean", "diff.textconv"};
    QVERIFY(facts.commands == commands);
    const std::vector<std::string> files = {"~/z", "a;bc\\d", "one/two"};
    QVERIFY(facts.files == files);
}

void HostileTest::survivesATreeThatNamesBillionsOfFiles()
{
    const TestRepository repository;
    std::string entry =
        "100644 blob " +
        repository
            .git({QStringLiteral("hash-object"), QStringLiteral("-w"), QStringLiteral("--stdin")}, "x\n")
            .substr(0, 40);
    for (int depth = 0; depth < 10; ++depth) {
        std::string entries;
        for (char name = 'a'; name < 'k'; ++name)
            entries += entry + '\t' + name + '\n';
        entry = "040000 tree " + repository.git({QStringLiteral("mktree")}, entries).substr(0, 40);
    }
    const std::string tree = entry.substr(12);
    const auto opened = git::Repository::open(repository.root());
    const auto diff = opened->diff(*git::parseRange("4b825dc642cb6eb9a060e54bf8d69288fbee4904.." + tree));
    QVERIFY(!diff);
    QVERIFY2(diff.error().message.find("million") != std::string::npos, diff.error().message.c_str());
    QVERIFY(!opened->files({git::ResolvedEndpoint::Kind::Tree, tree, {}}));
}

void HostileTest::acceptsHarmlessExtensions()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    configure(repository, "core.repositoryformatversion", QStringLiteral("1"));
    configure(repository, "extensions.preciousObjects", QStringLiteral("true"));
    configure(repository, "extensions.worktreeConfig", QStringLiteral("true"));
    configure(repository, "extensions.partialClone", QStringLiteral("origin"));
    QCOMPARE(readEverything(repository.root()), std::string());
}

void HostileTest::refusesOtherFormatsInWords()
{
    const TestRepository repository({QStringLiteral("--object-format=sha256")});
    const auto opened = git::Repository::open(repository.root());
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, git::ErrorKind::InvalidInput);
    QVERIFY2(opened.error().message.find("SHA-256") != std::string::npos, opened.error().message.c_str());
    QVERIFY(opened.error().message.find(repository.root()) != std::string::npos);
}

void HostileTest::refusesForeignOwnersInWords()
{
    if (geteuid() != 0)
        QSKIP("Only root can give a repository away.");
    const TestRepository repository;
    for (const QString &path : {repository.path(), repository.filePath(".git")})
        QCOMPARE(lchown(QFile::encodeName(path).constData(), 65534, 65534), 0);
    const auto opened = git::Repository::open(repository.root());
    QVERIFY(!opened);
    QVERIFY2(opened.error().message.find("safe.directory") != std::string::npos,
             opened.error().message.c_str());
    QVERIFY(opened.error().message.find(repository.root()) != std::string::npos);
}

QTEST_GUILESS_MAIN(HostileTest)
#include "hostile_test.moc"
