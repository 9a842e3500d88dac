// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/file_io.h"
#include "git/safe_file.h"
#include "git/work_tree.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

using git::ErrorKind;

namespace {

constexpr std::uint64_t plenty = 1 << 20;

/// A folder with a work tree "tree" in it, and room beside that.
class Place {
public:
    Place()
    {
        QDir(m_folder.path()).mkpath(QStringLiteral("tree/src"));
        auto opened = git::openWorkTree(path("tree"));
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        m_tree = std::move(*opened);
    }

    /// Qt cannot remove names that are not UTF-8.
    ~Place() { std::filesystem::remove_all(path("tree")); }

    std::string path(const std::string &name) const { return m_folder.path().toStdString() + '/' + name; }
    git::WorkTree &tree() { return *m_tree; }

    void write(const std::string &name, std::string_view bytes) const
    {
        const int file = open(path(name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (file < 0 || ::write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
            qFatal("Cannot write %s", name.c_str());
        close(file);
    }

    std::string read(const std::string &name) const
    {
        const auto bytes = git::readFile(path(name), plenty);
        return bytes ? *bytes : "(" + bytes.error().message + ")";
    }

    QStringList names(const char *folder) const
    {
        return QDir(QString::fromStdString(path(folder)))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<git::WorkTree> m_tree;
};

ErrorKind kindOf(const git::Result<void> &result)
{
    return result ? ErrorKind::Internal : result.error().kind;
}

} // namespace

class WorkTreeTest : public QObject {
    Q_OBJECT

private slots:
    void readsAFile();
    void replacesExactBytes();
    void keepsPermissionsAndAttributes();
    void reportsAFileThatChanged();
    void refusesPaths_data();
    void refusesPaths();
    void acceptsPathsThatOnlyLookAlike_data();
    void acceptsPathsThatOnlyLookAlike();
    void followsNoLink();
    void refusesWhatIsNoRegularFile();
    void writesOnlyOneNameOfAHardLink();
    void leavesTheFileWhereItCannotWrite();
    void losesNoEditInARace();
    void losesNoSaveOfAFastEditor();
    void leavesAFileThatIsBeingWritten();
    void neverLeavesTheTreeInARace();
    void opensPartByPartJustAsSafely();
    void saysWhatIsMissing();
    void writesFilesDurablyElsewhere();
    void readsFilesWithinBounds();
};

void WorkTreeTest::readsAFile()
{
    Place place;
    place.write("tree/src/a.rs", std::string("one\r\n\0two", 9));
    const auto file = place.tree().read("src/a.rs", plenty);
    QVERIFY(file);
    QCOMPARE(file->bytes, std::string("one\r\n\0two", 9));
    QCOMPARE(file->permissions & 0700u, 0600u);
    QCOMPARE(file->links, std::uint64_t(1));
    QCOMPARE(place.tree().read("src/a.rs", 3).error().kind, ErrorKind::InvalidInput);
}

void WorkTreeTest::replacesExactBytes()
{
    Place place;
    place.write("tree/src/a.rs", "one\r\nno final line end");
    QVERIFY(place.tree().replace("src/a.rs", "one\r\nno final line end", "two\r\nnone either"));
    QCOMPARE(place.read("tree/src/a.rs"), std::string("two\r\nnone either"));
    QVERIFY(place.tree().replace("src/a.rs", "two\r\nnone either", ""));
    QCOMPARE(place.read("tree/src/a.rs"), std::string());
    QCOMPARE(place.names("tree/src"), QStringList{QStringLiteral("a.rs")});
}

void WorkTreeTest::keepsPermissionsAndAttributes()
{
    Place place;
    place.write("tree/run.sh", "one\n");
    chmod(place.path("tree/run.sh").c_str(), 0751);
    const bool attributes = setxattr(place.path("tree/run.sh").c_str(), "user.note", "kept", 4, 0) == 0;
    const mode_t mask = umask(0077);
    const auto replaced = place.tree().replace("run.sh", "one\n", "two\n");
    umask(mask);
    QVERIFY(replaced);
    struct stat status = {};
    QCOMPARE(stat(place.path("tree/run.sh").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 07777u, 0751u);
    if (attributes) {
        char value[8] = {};
        QCOMPARE(getxattr(place.path("tree/run.sh").c_str(), "user.note", value, sizeof value), ssize_t(4));
    }
}

void WorkTreeTest::reportsAFileThatChanged()
{
    Place place;
    place.write("tree/a", "someone's edit\n");
    for (const char *expected : {"one\n", "", "someone's edit", "someone's edit\n\n"}) {
        const auto replaced = place.tree().replace("a", expected, "two\n");
        QCOMPARE(kindOf(replaced), ErrorKind::Conflict);
        QVERIFY(replaced.error().message.starts_with("a "));
    }
    QCOMPARE(place.read("tree/a"), std::string("someone's edit\n"));
    QCOMPARE(place.names("tree").size(), 2);
}

void WorkTreeTest::refusesPaths_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"",
                             "/etc/passwd",
                             "../beside",
                             "src/../../beside",
                             "src//a",
                             "./a",
                             "src/.",
                             "src/",
                             ".git/config",
                             ".GIT/config",
                             "sub/.Git/hooks/x",
                             ".git./config",
                             ".git /config",
                             ".git . /config",
                             "git~1/config",
                             "GIT~1/config",
                             ".git::$INDEX_ALLOCATION/x",
                             ".git:x",
                             ".g\xE2\x80\x8Cit/config",
                             "\xEF\xBB\xBF.git/config",
                             ".git\xE2\x80\x8B/x",
                             "src\\..\\..\\x",
                             ".git\\config",
                             ".git"})
        QTest::newRow(*path ? path : "empty") << QByteArray(path);
    QTest::newRow("NUL") << QByteArray("a\0b", 3);
    QTest::newRow("long") << QByteArray(5000, 'x');
}

void WorkTreeTest::refusesPaths()
{
    QFETCH(QByteArray, path);
    Place place;
    QDir(QString::fromStdString(place.path("tree"))).mkpath(QStringLiteral(".git"));
    place.write("tree/.git/config", "one\n");
    place.write("beside", "one\n");
    QCOMPARE(place.tree().read(path.toStdString(), plenty).error().kind, ErrorKind::InvalidInput);
    QCOMPARE(kindOf(place.tree().replace(path.toStdString(), "one\n", "two\n")), ErrorKind::InvalidInput);
    QCOMPARE(place.read("tree/.git/config"), std::string("one\n"));
    QCOMPARE(place.read("beside"), std::string("one\n"));
}

void WorkTreeTest::acceptsPathsThatOnlyLookAlike_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path :
         {".gitignore", ".github", "git", "a.git", "...", "-x", "git~2", "\xFF\xFE", "a b"})
        QTest::newRow(path) << QByteArray(path);
}

void WorkTreeTest::acceptsPathsThatOnlyLookAlike()
{
    QFETCH(QByteArray, path);
    Place place;
    place.write("tree/" + path.toStdString(), "one\n");
    QVERIFY(place.tree().replace(path.toStdString(), "one\n", "two\n"));
    QCOMPARE(place.read("tree/" + path.toStdString()), std::string("two\n"));
}

void WorkTreeTest::followsNoLink()
{
    Place place;
    QDir().mkpath(QString::fromStdString(place.path("outside")));
    place.write("outside/a", "one\n");
    place.write("tree/src/real", "one\n");
    QCOMPARE(symlink("../outside", place.path("tree/link").c_str()), 0);
    QCOMPARE(symlink("../outside/a", place.path("tree/file").c_str()), 0);
    QCOMPARE(symlink("src/real", place.path("tree/inner").c_str()), 0);
    for (const char *path : {"link/a", "file", "inner"}) {
        QCOMPARE(place.tree().read(path, plenty).error().kind, ErrorKind::InvalidInput);
        QCOMPARE(kindOf(place.tree().replace(path, "one\n", "two\n")), ErrorKind::InvalidInput);
    }
    QCOMPARE(place.read("outside/a"), std::string("one\n"));
    QCOMPARE(place.read("tree/src/real"), std::string("one\n"));
    QCOMPARE(place.names("outside").size(), 1);
}

void WorkTreeTest::refusesWhatIsNoRegularFile()
{
    Place place;
    QCOMPARE(mkfifo(place.path("tree/pipe").c_str(), 0600), 0);
    for (const char *path : {"pipe", "src"}) {
        QCOMPARE(place.tree().read(path, plenty).error().kind, ErrorKind::InvalidInput);
        QCOMPARE(kindOf(place.tree().replace(path, "", "two\n")), ErrorKind::InvalidInput);
    }
}

void WorkTreeTest::writesOnlyOneNameOfAHardLink()
{
    Place place;
    place.write("tree/a", "one\n");
    QCOMPARE(link(place.path("tree/a").c_str(), place.path("other").c_str()), 0);
    QCOMPARE(place.tree().read("a", plenty)->links, std::uint64_t(2));
    QVERIFY(place.tree().replace("a", "one\n", "two\n"));
    QCOMPARE(place.read("tree/a"), std::string("two\n"));
    QCOMPARE(place.read("other"), std::string("one\n"));
}

void WorkTreeTest::leavesTheFileWhereItCannotWrite()
{
    Place place;
    place.write("tree/src/a", "one\n");
    for (const char *folder : {"", "tree", "tree/src"})
        chmod(place.path(folder).c_str(), 0555);
    // Root may write anywhere: become someone else for the file system.
    const bool root = geteuid() == 0;
    constexpr uid_t nobody = 65534;
    if (root)
        setfsuid(nobody);
    const auto replaced = place.tree().replace("src/a", "one\n", "two\n");
    if (root)
        setfsuid(0);
    for (const char *folder : {"", "tree", "tree/src"})
        chmod(place.path(folder).c_str(), 0755);
    QCOMPARE(kindOf(replaced), ErrorKind::Io);
    QVERIFY(replaced.error().message.find("src/a") != std::string::npos);
    QCOMPARE(place.read("tree/src/a"), std::string("one\n"));
}

void WorkTreeTest::losesNoEditInARace()
{
    Place place;
    place.write("tree/a", "0\n");
    std::atomic<bool> done = false;
    std::atomic<int> saves = 0;
    // An editor that saves by renaming: each save has a text of its own. The pauses differ, so that on a slow
    // machine too some writes meet a save and some do not.
    std::thread editor([&] {
        while (!done) {
            const std::string text = "edit " + std::to_string(++saves) + '\n';
            place.write("next", text);
            std::rename(place.path("next").c_str(), place.path("tree/a").c_str());
            std::this_thread::sleep_for(std::chrono::milliseconds(1 << (saves % 7)));
        }
    });
    int written = 0, conflicts = 0;
    std::string lastOverwritten;
    for (int i = 0; i < 300; ++i) {
        const auto before = place.tree().read("a", plenty);
        if (!before)
            continue;
        const auto replaced = place.tree().replace("a", before->bytes, "suggestion\n");
        if (replaced && before->bytes != "suggestion\n")
            lastOverwritten = before->bytes;
        if (replaced)
            ++written;
        else if (replaced.error().kind == ErrorKind::Conflict)
            ++conflicts;
        else
            QFAIL(replaced.error().message.c_str());
    }
    done = true;
    editor.join();
    qInfo("%d written, %d conflicts, %d saves", written, conflicts, saves.load());
    QVERIFY(written > 0);
    // The editor's last save is there, or was knowingly replaced.
    const std::string last = place.read("tree/a");
    QCOMPARE(last == "suggestion\n" ? lastOverwritten : last, "edit " + std::to_string(saves.load()) + '\n');
    QCOMPARE(place.names("tree").size(), 2); // a and src: nothing temporary is left
}

void WorkTreeTest::losesNoSaveOfAFastEditor()
{
    Place place;
    place.write("tree/a", "0\n");
    std::atomic<bool> done = false;
    int saves = 0;
    // Without a pause, so that it often saves twice while one write is being done.
    std::thread editor([&] {
        while (!done) {
            place.write("next", "edit " + std::to_string(++saves) + '\n');
            std::rename(place.path("next").c_str(), place.path("tree/a").c_str());
        }
    });
    int conflicts = 0, written = 0;
    std::string lastOverwritten;
    for (int i = 0; i < 200; ++i) {
        const auto before = place.tree().read("a", plenty);
        const auto replaced = place.tree().replace("a", before ? before->bytes : "", "suggestion\n");
        if (replaced && before->bytes != "suggestion\n")
            lastOverwritten = before->bytes;
        written += replaced.hasValue();
        conflicts += !replaced && replaced.error().kind == ErrorKind::Conflict;
    }
    done = true;
    editor.join();
    qInfo("%d written, %d conflicts, %d saves", written, conflicts, saves);
    const std::string last = "edit " + std::to_string(saves) + '\n';
    const std::string text = place.read("tree/a");
    bool found = (text == "suggestion\n" ? lastOverwritten : text) == last;
    for (const QString &name : place.names("tree")) {
        QVERIFY2(!name.startsWith(QLatin1Char('.')), qPrintable(name));
        found = found || place.read("tree/" + name.toStdString()) == last;
    }
    QVERIFY2(found, text.c_str());
}

void WorkTreeTest::leavesAFileThatIsBeingWritten()
{
    Place place;
    place.write("tree/a", "one\n");
    const git::FileDescriptor editor(open(place.path("tree/a").c_str(), O_WRONLY));
    const auto replaced = place.tree().replace("a", "one\n", "suggestion\n");
    if (replaced)
        QSKIP("This file system does not tell who has a file open.");
    QCOMPARE(replaced.error().kind, ErrorKind::Conflict);
    QCOMPARE(pwrite(editor.get(), "typed", 5, 0), ssize_t(5));
    QCOMPARE(place.read("tree/a"), std::string("typed"));
}

void WorkTreeTest::neverLeavesTheTreeInARace()
{
    Place place;
    QDir().mkpath(QString::fromStdString(place.path("outside")));
    QDir().mkpath(QString::fromStdString(place.path("tree/folder")));
    place.write("outside/a", "outside\n");
    place.write("tree/folder/a", "inside\n");
    QCOMPARE(symlink("../outside", place.path("tree/link").c_str()), 0);
    std::atomic<bool> done = false;
    // "folder" is now the real one, now the link out of the tree.
    std::thread attacker([&] {
        const std::string folder = place.path("tree/folder"), link = place.path("tree/link");
        while (!done)
            renameat2(AT_FDCWD, folder.c_str(), AT_FDCWD, link.c_str(), RENAME_EXCHANGE);
    });
    int inside = 0, refused = 0;
    bool safe = true;
    for (int i = 0; i < 20'000; ++i) {
        const auto file = place.tree().read("folder/a", plenty);
        const auto replaced = place.tree().replace("folder/a", "outside\n", "written\n");
        safe = safe && !replaced && (!file || file->bytes == "inside\n");
        ++(file ? inside : refused);
    }
    done = true;
    attacker.join();
    qInfo("%d read inside, %d refused", inside, refused);
    QVERIFY(safe);
    QVERIFY(inside > 0 && refused > 0);
    QCOMPARE(place.read("outside/a"), std::string("outside\n"));
}

void WorkTreeTest::opensPartByPartJustAsSafely()
{
    Place place;
    place.write("tree/src/a", "one\n");
    place.write("beside", "one\n");
    QCOMPARE(symlink("src", place.path("tree/link").c_str()), 0);
    QCOMPARE(symlink("a", place.path("tree/src/inner").c_str()), 0);
    const auto root = git::openFolder(place.path("tree"));
    QVERIFY(root);
    const auto opens = [&](const char *path) {
        return static_cast<bool>(git::openPartByPart(root->get(), path, O_RDONLY | O_NONBLOCK));
    };
    for (const char *path : {"src/a", "src", "."})
        QVERIFY2(opens(path), path);
    for (const char *path :
         {"link/a", "src/inner", "../beside", "src/../../beside", "/etc/hostname", "src//a", "link"})
        QVERIFY2(!opens(path), path);
}

void WorkTreeTest::saysWhatIsMissing()
{
    Place place;
    QCOMPARE(place.tree().read("absent", plenty).error().kind, ErrorKind::NotFound);
    QCOMPARE(kindOf(place.tree().replace("src/absent/x", "", "two\n")), ErrorKind::NotFound);
    QVERIFY(!QFile::exists(QString::fromStdString(place.path("tree/absent"))));
    QCOMPARE(git::openWorkTree(place.path("nowhere")).error().kind, ErrorKind::NotFound);
}

void WorkTreeTest::writesFilesDurablyElsewhere()
{
    Place place;
    QVERIFY(git::writeFile(place.path("report.md"), "one\n"));
    chmod(place.path("report.md").c_str(), 0640);
    QVERIFY(git::writeFile(place.path("report.md"), "two\n"));
    struct stat status = {};
    stat(place.path("report.md").c_str(), &status);
    QCOMPARE(status.st_mode & 0777u, 0640u);
    QCOMPARE(symlink("report.md", place.path("link").c_str()), 0);
    QVERIFY(git::writeFile(place.path("link"), "three\n"));
    QCOMPARE(place.read("report.md"), std::string("three\n"));
    QVERIFY(git::writeFile("/dev/null", "gone\n"));
    QCOMPARE(kindOf(git::writeFile(place.path("tree"), "x")), ErrorKind::InvalidInput);
    QCOMPARE(kindOf(git::writeFile(place.path("absent/x"), "x")), ErrorKind::NotFound);
    QCOMPARE(place.names("").size(), 3);
}

void WorkTreeTest::readsFilesWithinBounds()
{
    Place place;
    place.write("a", "12345");
    QCOMPARE(*git::readFile(place.path("a"), 5), std::string("12345"));
    QCOMPARE(git::readFile(place.path("a"), 4).error().kind, ErrorKind::InvalidInput);
    QCOMPARE(git::readFile("/dev/zero", plenty).error().kind, ErrorKind::InvalidInput);
    QCOMPARE(git::readFile(place.path("absent"), plenty).error().kind, ErrorKind::NotFound);
}

QTEST_GUILESS_MAIN(WorkTreeTest)
#include "work_tree_test.moc"
