// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/hunks.h"
#include "git/repository.h"
#include "tests/support/random_texts.h"
#include "tests/support/test_repository.h"

#include <QTest>

#include <sys/stat.h>

using git::ContentKind;
using git::FileStatus;
using git::ResolvedEndpoint;
using tests::TestRepository;

namespace {

git::Diff diffOf(const TestRepository &repository, std::string_view range,
                 const std::vector<std::string> &paths = {})
{
    const auto opened = git::Repository::open(repository.root());
    if (!opened)
        qFatal("%s", opened.error().message.c_str());
    auto diff = opened->diff(*git::parseRange(range), paths);
    if (!diff)
        qFatal("%s", diff.error().message.c_str());
    return *diff;
}

git::FileTexts textsOf(const TestRepository &repository, const git::Diff &diff, std::size_t file = 0)
{
    auto texts = git::Repository::open(repository.root())->texts(diff, diff.files.at(file));
    if (!texts)
        qFatal("%s", texts.error().message.c_str());
    return *texts;
}

git::Error errorOf(const TestRepository &repository, std::string_view range)
{
    auto diff = git::Repository::open(repository.root())->diff(*git::parseRange(range));
    return diff ? git::Error{git::ErrorKind::Internal, "no error"} : diff.error();
}

/// The list as `git diff --raw -z` gives it: "M a.rs", "R090 a.rs b.rs".
std::vector<std::string> summary(const git::Diff &diff)
{
    constexpr std::string_view letters = "ADMRCTU";
    std::vector<std::string> lines;
    for (const git::FileDelta &file : diff.files) {
        std::string line(1, letters[static_cast<std::size_t>(file.status)]);
        if (file.status == FileStatus::Renamed)
            line += QStringLiteral("%1 ").arg(file.similarity, 3, 10, QLatin1Char('0')).toStdString() +
                    file.oldSide.path;
        lines.push_back(line + ' ' + file.path());
    }
    return lines;
}

std::vector<std::string> gitSummary(const TestRepository &repository, const QStringList &arguments)
{
    std::string raw = repository.git(QStringList{QStringLiteral("diff"), QStringLiteral("--name-status"),
                                                 QStringLiteral("-z"), QStringLiteral("-M")} +
                                     arguments);
    std::vector<std::string> lines;
    const auto take = [&raw] {
        const std::string part = raw.substr(0, raw.find('\0'));
        raw.erase(0, part.size() + 1);
        return part;
    };
    while (!raw.empty()) {
        std::string line = take();
        const bool renamed = line.front() == 'R';
        line += ' ' + take();
        lines.push_back(renamed ? line + ' ' + take() : line);
    }
    return lines;
}

std::string someLines(int count, const std::string &word = "line")
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += word + ' ' + std::to_string(i) + " of the file\n";
    return text;
}

using Strings = std::vector<std::string>;

} // namespace

class RepositoryTest : public QObject {
    Q_OBJECT

private slots:
    void opensAFolderInsideOfTheWorkTree();
    void opensABareRepository();
    void opensABareFolderWithoutConfiguration();
    void opensALinkedWorkTree();
    void saysWhereThereIsNone();
    void listsAddedDeletedModified();
    void showsTheFirstCommitAgainstNothing();
    void findsRenamesAsGitDoes();
    void keepsFolderAndFileOfOneNameApart();
    void tellsModesAndTypes();
    void tellsBinaryFiles();
    void readsLinksAsTheirTarget();
    void neverOpensSubmodules();
    void keepsBytesAsTheyAre();
    void keepsNamesAsTheyAre();
    void startsFromTheMergeBase();
    void comparesTrees();
    void knowsTheEmptyTreeByItsId();
    void showsStagedAndUnstagedApart();
    void comparesContentsWhereTheIndexDiffers();
    void listsTheWorkTreeAsGitWouldAddIt();
    void leavesIgnoredFilesOut();
    void showsConflicts();
    void limitsToPaths();
    void worksWithoutACommit();
    void namesHead();
    void listsReferences();
    void choosesTheRange();
    void choosesAgainstTheDefaultBranchForAPushedOne();
    void listsTheFilesOfEachSide();
    void readsAFileOfASide();
    void refusesWhatIsTooLarge();
    void reviewsAPartialClone();
    void reviewsASparseCheckout();
    void normalisesLineEndsOfTheWorkTree();
    void stopsWhenAsked();
    void saysWhichRevisionIsUnknown();
    void refusesWhatAShallowCloneCannotTell();
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

void RepositoryTest::listsAddedDeletedModified()
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

void RepositoryTest::showsTheFirstCommitAgainstNothing()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    const git::Diff diff = diffOf(repository, "HEAD");
    QCOMPARE(summary(diff), (Strings{"A a"}));
    QCOMPARE(diff.base.kind, ResolvedEndpoint::Kind::EmptyTree);
}

void RepositoryTest::findsRenamesAsGitDoes()
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

void RepositoryTest::keepsFolderAndFileOfOneNameApart()
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

void RepositoryTest::tellsModesAndTypes()
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

void RepositoryTest::tellsBinaryFiles()
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

void RepositoryTest::readsLinksAsTheirTarget()
{
    const TestRepository repository;
    QVERIFY(QFile::link(QStringLiteral("/etc/hostname"), repository.filePath("link")));
    const git::Diff diff = diffOf(repository, "--worktree");
    QCOMPARE(summary(diff), (Strings{"A link"}));
    const git::FileTexts texts = textsOf(repository, diff);
    QCOMPARE(texts.newKind, ContentKind::Symlink);
    QCOMPARE(texts.newText, std::string("/etc/hostname"));
}

void RepositoryTest::neverOpensSubmodules()
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

void RepositoryTest::keepsBytesAsTheyAre()
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

void RepositoryTest::keepsNamesAsTheyAre()
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

void RepositoryTest::startsFromTheMergeBase()
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

void RepositoryTest::comparesTrees()
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

void RepositoryTest::knowsTheEmptyTreeByItsId()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    QCOMPARE(summary(diffOf(repository, "4b825dc642cb6eb9a060e54bf8d69288fbee4904..HEAD")), (Strings{"A a"}));
    QCOMPARE(summary(diffOf(repository, "HEAD..4b825dc642")), (Strings{"D a"}));
}

void RepositoryTest::showsStagedAndUnstagedApart()
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

void RepositoryTest::comparesContentsWhereTheIndexDiffers()
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
void RepositoryTest::listsTheWorkTreeAsGitWouldAddIt()
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

void RepositoryTest::leavesIgnoredFilesOut()
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

void RepositoryTest::showsConflicts()
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

void RepositoryTest::limitsToPaths()
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

void RepositoryTest::worksWithoutACommit()
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

void RepositoryTest::listsTheFilesOfEachSide()
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

void RepositoryTest::readsAFileOfASide()
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

void RepositoryTest::refusesWhatIsTooLarge()
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

void RepositoryTest::reviewsAPartialClone()
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

void RepositoryTest::reviewsASparseCheckout()
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

void RepositoryTest::normalisesLineEndsOfTheWorkTree()
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

void RepositoryTest::stopsWhenAsked()
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

void RepositoryTest::saysWhichRevisionIsUnknown()
{
    const TestRepository repository;
    repository.write("a", "1\n");
    repository.commit();
    const git::Error error = errorOf(repository, "HEAD..no-such-branch");
    QCOMPARE(error.kind, git::ErrorKind::NotFound);
    QVERIFY(error.message.find("no-such-branch") != std::string::npos);
    QVERIFY(error.message.find(repository.root()) != std::string::npos);
}

void RepositoryTest::refusesWhatAShallowCloneCannotTell()
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

QTEST_GUILESS_MAIN(RepositoryTest)
#include "repository_test.moc"
