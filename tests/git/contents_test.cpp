// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/repository.h"
#include "tests/support/repository_diff.h"
#include "tests/support/test_repository.h"

#include <QTest>

using git::ContentKind;
using git::ResolvedEndpoint;
using tests::diffOf;
using tests::someLines;
using tests::summary;
using tests::TestRepository;
using tests::textsOf;

namespace {

using Strings = std::vector<std::string>;

} // namespace

/// The bytes and the kinds of files.
class ContentsTest : public QObject {
    Q_OBJECT

private slots:
    void tellsModesAndTypes();
    void tellsBinaryFiles();
    void readsLinksAsTheirTarget();
    void neverOpensSubmodules();
    void keepsBytesAsTheyAre();
    void keepsNamesAsTheyAre();
    void listsTheFilesOfEachSide();
    void readsAFileOfASide();
    void refusesWhatIsTooLarge();
    void reviewsAPartialClone();
};

void ContentsTest::tellsModesAndTypes()
{
    const TestRepository repository;
    repository.write("script", "#!/bin/sh\n");
    repository.write("file", "text\n");
    repository.commit();
    QFile::setPermissions(repository.filePath("script"),
                          QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    repository.remove("file");
    QVERIFY(QFile::link(QStringLiteral("script"), repository.filePath("file")));

    for (const char *range : {"--worktree", "HEAD"}) {
        if (range == std::string_view("HEAD"))
            repository.commit();
        const git::Diff diff = diffOf(repository, range);
        QCOMPARE(summary(diff), (Strings{"T file", "M script"}));
        QCOMPARE(diff.files[0].newSide.mode, 0120000u);
        QCOMPARE(diff.files[1].oldSide.mode, 0100644u);
        QCOMPARE(diff.files[1].newSide.mode, 0100755u);
        const git::FileTexts link = textsOf(repository, diff, 0);
        QCOMPARE(link.newKind, ContentKind::Symlink);
        QCOMPARE(link.newText, std::string("script"));
    }
}

void ContentsTest::tellsBinaryFiles()
{
    const TestRepository repository;
    repository.write("early", std::string("a\0b", 3));
    repository.write("late", std::string(8000, 'x') + std::string("\0", 1));
    repository.commit();
    const git::Diff diff = diffOf(repository, "HEAD");
    const git::FileTexts early = textsOf(repository, diff, 0);
    QCOMPARE(early.newKind, ContentKind::Binary);
    QVERIFY(early.newText.empty());
    QVERIFY(!early.comparable());
    QCOMPARE(textsOf(repository, diff, 1).newKind, ContentKind::Text);
}

void ContentsTest::readsLinksAsTheirTarget()
{
    const TestRepository repository;
    QVERIFY(QFile::link(QStringLiteral("/etc/hostname"), repository.filePath("link")));
    const git::Diff diff = diffOf(repository, "--worktree");
    QCOMPARE(summary(diff), (Strings{"A link"}));
    const git::FileTexts texts = textsOf(repository, diff);
    QCOMPARE(texts.newKind, ContentKind::Symlink);
    QCOMPARE(texts.newText, std::string("/etc/hostname"));
}

void ContentsTest::neverOpensSubmodules()
{
    const TestRepository inner;
    inner.write("a", "1\n");
    const std::string first = inner.commit();
    const TestRepository repository;
    repository.git({QStringLiteral("-c"), QStringLiteral("protocol.file.allow=always"),
                    QStringLiteral("submodule"), QStringLiteral("--quiet"), QStringLiteral("add"),
                    inner.path(), QStringLiteral("sub")});
    repository.commit();
    const git::Diff diff = diffOf(repository, "HEAD");
    QCOMPARE(summary(diff), (Strings{"A .gitmodules", "A sub"}));
    QCOMPARE(diff.files[1].newSide.mode, 0160000u);
    QCOMPARE(diff.files[1].newSide.id, first);
    QCOMPARE(textsOf(repository, diff, 1).newKind, ContentKind::Submodule);

    repository.write("sub/a", "changed inside\n");
    QCOMPARE(summary(diffOf(repository, "--worktree")), Strings{});
    QDir(repository.filePath("sub")).removeRecursively();
    QDir().mkdir(repository.filePath("sub"));
    QCOMPARE(summary(diffOf(repository, "--worktree")), Strings{});
}

void ContentsTest::keepsBytesAsTheyAre()
{
    const TestRepository repository;
    const std::string before = "one\r\ntwo\r\n\xFF\xFE latin \xE9\n";
    const std::string after = "one\r\ntwo\nthree";
    repository.write("a", before);
    repository.commit();
    repository.write("a", after);
    const git::FileTexts texts = textsOf(repository, diffOf(repository, "--worktree"));
    QCOMPARE(texts.oldText, before);
    QCOMPARE(texts.newText, after);
}

void ContentsTest::keepsNamesAsTheyAre()
{
    const TestRepository repository;
    const Strings names = {"-x",      "a b", "line\nend", "quote\"back\\slash", "tab\t", "umlaut-\xC3\xBC",
                           "wild*[a]"};
    for (const std::string &name : names)
        repository.write(name, name + " has text of its own: " + name + "\n");
    repository.commit();
    const git::Diff diff = diffOf(repository, "HEAD");
    Strings listed;
    for (std::size_t i = 0; i < diff.files.size(); ++i) {
        listed.push_back(diff.files[i].path());
        QVERIFY(textsOf(repository, diff, i).newText.starts_with(diff.files[i].path()));
    }
    QCOMPARE(listed, names);
    QCOMPARE(summary(diffOf(repository, "HEAD", {"wild*[a]"})), (Strings{"A wild*[a]"}));

    // Names that are not UTF-8 come through a tree, whatever the test machine's locale is.
    const std::string blob = repository.gitLine({QStringLiteral("rev-parse"), QStringLiteral("HEAD:-x")});
    const std::string tree = repository.git({QStringLiteral("mktree"), QStringLiteral("-z")},
                                            "100644 blob " + blob + "\tlatin-\xE9" + std::string("\0", 1));
    const git::Diff latin =
        diffOf(repository, "4b825dc642cb6eb9a060e54bf8d69288fbee4904.." + tree.substr(0, 40));
    QCOMPARE(summary(latin), (Strings{"A latin-\xE9"}));
}

void ContentsTest::listsTheFilesOfEachSide()
{
    const TestRepository repository;
    repository.write("a.rs", "1\n");
    repository.write("src/b.rs", "2\n");
    repository.write("src.x", "3\n");
    repository.commit();
    repository.remove("a.rs");
    repository.write("new.rs", "4\n");
    const auto opened = git::Repository::open(repository.root());
    const git::Diff diff = diffOf(repository, "--worktree");
    const auto names = [&](const ResolvedEndpoint &endpoint) {
        Strings paths;
        const auto listed = opened->files(endpoint);
        for (const git::TreeFile &file : *listed)
            paths.push_back(file.path);
        return paths;
    };
    QCOMPARE(names(diff.base), (Strings{"a.rs", "src.x", "src/b.rs"}));
    QCOMPARE(names(diff.head), (Strings{"new.rs", "src.x", "src/b.rs"}));
    QCOMPARE(names(diffOf(repository, "--staged").head), (Strings{"a.rs", "src.x", "src/b.rs"}));
    QCOMPARE(names({ResolvedEndpoint::Kind::EmptyTree, {}, {}}), Strings{});
}

void ContentsTest::readsAFileOfASide()
{
    const TestRepository repository;
    repository.write("a.rs", "committed\n");
    repository.commit();
    repository.write("a.rs", "changed\n");
    repository.write("new.rs", "new\n");
    const auto opened = git::Repository::open(repository.root());
    const git::Diff diff = diffOf(repository, "--worktree");
    QCOMPARE(*opened->read(diff.base, opened->files(diff.base)->at(0)), std::string("committed\n"));
    QCOMPARE(*opened->read(diff.head, opened->files(diff.head)->at(0)), std::string("changed\n"));
    QCOMPARE(*opened->read(diff.head, opened->files(diff.head)->at(1)), std::string("new\n"));
    const auto large = opened->read(diff.head, opened->files(diff.head)->at(1), 3);
    QCOMPARE(large.error().kind, git::ErrorKind::InvalidInput);
    QVERIFY(large.error().message.find("new.rs") != std::string::npos);
}

void ContentsTest::refusesWhatIsTooLarge()
{
    const TestRepository repository;
    repository.write("a", "123456789\n");
    repository.commit();
    repository.write("a", "1234567890\n");
    const git::Diff diff = diffOf(repository, "--worktree");
    const auto texts = git::Repository::open(repository.root())->texts(diff, diff.files[0], 10);
    QCOMPARE(texts->oldKind, ContentKind::Text);
    QCOMPARE(texts->newKind, ContentKind::TooLarge);
    QVERIFY(texts->newText.empty());
}

void ContentsTest::reviewsAPartialClone()
{
    const TestRepository repository;
    repository.git(
        {QStringLiteral("config"), QStringLiteral("uploadpack.allowFilter"), QStringLiteral("true")});
    repository.write("here", someLines(30, "here"));
    repository.write("away", someLines(30, "away"));
    repository.commit();
    repository.remove("here");
    repository.write("moved", someLines(30, "here") + "one more\n");
    repository.write("away", someLines(31, "away"));
    repository.commit();
    const QString clone = repository.beside(QStringLiteral("partial"));
    repository.git({QStringLiteral("clone"), QStringLiteral("-q"), QStringLiteral("--bare"),
                    QStringLiteral("--filter=blob:none"), QStringLiteral("file://") + repository.path(),
                    clone});
    const auto opened = git::Repository::open(clone.toStdString());
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    const auto diff = opened->diff(*git::parseRange("HEAD"));
    QVERIFY2(diff, diff ? "" : diff.error().message.c_str());
    QCOMPARE(summary(*diff), (Strings{"M away", "D here", "A moved"}));
    QVERIFY(!diff->renamesComplete);
    QCOMPARE(opened->texts(*diff, diff->files[0])->newKind, ContentKind::Missing);
}

QTEST_GUILESS_MAIN(ContentsTest)
#include "contents_test.moc"
