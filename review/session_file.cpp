// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/session_file.h"

#include "git/display.h"

#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace review {

/// Compared with a file's own schema text for text, so that a file can bring nothing else.
const char *const sessionSchema = R"(
CREATE TABLE review(id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE text(id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE INDEX text_by_hash ON text(hash);
CREATE TABLE change(position INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE file(position INTEGER PRIMARY KEY, data TEXT NOT NULL, old_text INTEGER NOT NULL, new_text INTEGER NOT NULL) STRICT;
CREATE TABLE finding(position INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE rejected(position INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE coverage(position INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE note(position INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE ended(position INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE decision(finding BLOB NOT NULL PRIMARY KEY, state INTEGER NOT NULL, reason BLOB NOT NULL) STRICT;
CREATE TABLE reviewer_note(position INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, data TEXT NOT NULL) STRICT;
CREATE TABLE viewed(key BLOB NOT NULL PRIMARY KEY) STRICT;
CREATE TABLE applied(position INTEGER PRIMARY KEY, finding BLOB NOT NULL, path BLOB NOT NULL, before INTEGER NOT NULL, after INTEGER NOT NULL, undone INTEGER NOT NULL) STRICT;
)";

namespace {

/// The first 100 bytes of an SQLite file, as its documentation lays them out (big-endian numbers).
constexpr std::size_t headerBytes = 100;
constexpr std::string_view sqliteMagic("SQLite format 3\0", 16);
constexpr std::string_view journalMagic("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);

git::Error makeError(git::ErrorKind kind, const std::string &path, const std::string &what)
{
    return {kind, git::displayName(path) + ": " + what};
}

std::uint32_t bigEndian(std::string_view bytes, std::size_t offset)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
    return value;
}

/// Up to `count` bytes from `offset` (from the end when negative). Never waits: what is no regular file is
/// not read.
std::optional<std::string> readPart(const std::string &path, std::int64_t offset, std::size_t count)
{
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return std::nullopt;
    std::string bytes(count, '\0');
    struct stat status = {};
    ssize_t got = -1;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        const std::int64_t begin = offset >= 0 ? offset : status.st_size + offset;
        got = begin < 0 ? 0 : pread(file, bytes.data(), count, begin);
    }
    close(file);
    if (got < 0)
        return std::nullopt;
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
}

git::Result<void> checkHeader(const std::string &path)
{
    using Kind = git::ErrorKind;
    const std::optional<std::string> header = readPart(path, 0, headerBytes);
    if (!header)
        return makeError(Kind::Io, path,
                         std::string("the file can't be read: ") + std::strerror(errno) + '.');
    if (header->empty())
        return makeError(Kind::Parse, path, "the file is empty, so it is no Ferriscope session.");
    if (!header->starts_with(sqliteMagic.substr(0, std::min(header->size(), sqliteMagic.size()))))
        return makeError(Kind::Parse, path,
                         "this is no Ferriscope session: choose a file that Ferriscope saved.");
    if (header->size() < headerBytes)
        return makeError(Kind::Parse, path, "the session file is damaged: only its first bytes are there.");
    if (bigEndian(*header, 68) != static_cast<std::uint32_t>(sessionApplicationId))
        return makeError(Kind::Parse, path, "this is another program's SQLite file, no Ferriscope session.");
    const auto version = static_cast<std::int32_t>(bigEndian(*header, 60));
    if (version > sessionVersion)
        return makeError(Kind::InvalidInput, path,
                         "the session was saved by a newer Ferriscope (its format is " +
                             std::to_string(version) + ", this one reads up to " +
                             std::to_string(sessionVersion) +
                             "). It was left as it is: open it with a newer version.");
    // 1 is the rollback journal that sessions use; others would make SQLite write files beside it.
    if (version < 1 || (*header)[18] != 1 || (*header)[19] != 1)
        return makeError(Kind::Parse, path,
                         "the session file is damaged: its header says what Ferriscope never writes.");
    return {};
}

/// A journal is left by a crash and is rolled back. One that names a super-journal is not ours: following it,
/// SQLite would delete that file.
git::Result<void> checkJournal(const std::string &path)
{
    const std::string journal = path + "-journal";
    struct stat status = {};
    if (lstat(journal.c_str(), &status) != 0)
        return {};
    if (!S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) > maxSessionFileBytes)
        return makeError(git::ErrorKind::Parse, journal,
                         "this is no journal of a session. Move it away to open the session.");
    const std::optional<std::string> tail =
        readPart(journal, -static_cast<std::int64_t>(journalMagic.size()), journalMagic.size());
    if (!tail || (status.st_size > 512 && *tail == journalMagic))
        return makeError(git::ErrorKind::Parse, journal,
                         "this journal was not written by Ferriscope. Move it away to open the session.");
    return {};
}

/// Everything that can be known without SQLite. Gives the path without symbolic links: journals lie beside
/// the real file.
git::Result<std::string> checkFile(const std::string &path)
{
    std::error_code failure;
    const std::filesystem::path real = std::filesystem::canonical(path, failure);
    if (failure || path.find('\0') != std::string::npos)
        return makeError(git::ErrorKind::NotFound, path, "there is no such file, or it can't be reached.");
    struct stat status = {};
    if (stat(real.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
        return makeError(git::ErrorKind::Parse, path, "this is no file, so it is no Ferriscope session.");
    if (static_cast<std::uint64_t>(status.st_size) > maxSessionFileBytes)
        return makeError(git::ErrorKind::Parse, path, "the file is larger than any session (2 GiB).");
    if (auto checked = checkHeader(real.string()); !checked)
        return checked.error();
    if (auto checked = checkJournal(real.string()); !checked)
        return checked.error();
    return real.string();
}

/// All that a schema holds, as one text.
git::Result<std::string> schemaOf(Database &database)
{
    Statement statement(database, "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') "
                                  "FROM sqlite_schema ORDER BY 1");
    std::string schema;
    git::Result<bool> row = statement.next();
    for (; row && *row; row = statement.next())
        schema.append(statement.column(0)).append("\n");
    if (!row)
        return row.error();
    return schema;
}

git::Result<std::string> expectedSchema()
{
    git::Result<Database> memory = Database::inMemory();
    if (!memory)
        return memory.error();
    if (auto done = memory->run(sessionSchema); !done)
        return done.error();
    return schemaOf(*memory);
}

/// The tables are ours, and all pages hang together.
git::Result<void> checkContents(Database &database)
{
    const git::Result<std::string> schema = schemaOf(database);
    if (!schema)
        return schema.error();
    const git::Result<std::string> expected = expectedSchema();
    if (!expected)
        return expected.error();
    if (*schema != *expected)
        return makeError(git::ErrorKind::Parse, database.shownPath(),
                         "the session file is damaged: its tables are not those that Ferriscope writes.");
    Statement check(database, "PRAGMA quick_check(1)");
    const git::Result<bool> row = check.next();
    if (!row)
        return row.error();
    if (!*row || check.column(0) != "ok")
        return makeError(git::ErrorKind::Parse, database.shownPath(),
                         "the session file is damaged (" + git::displayName(check.column(0)) +
                             "); it was left as it is. Open a copy or an earlier save.");
    return {};
}

git::Result<OpenedSession> openRecoveredCopy(const std::string &path, const std::string &shownPath)
{
    git::Result<TemporaryFolder> folder = TemporaryFolder::create();
    if (!folder)
        return folder.error();
    const std::string copy = folder->path() + "/session";
    for (const char *suffix : {"", "-journal"}) {
        std::error_code failure;
        std::filesystem::copy_file(path + suffix, copy + suffix, failure);
        if (failure)
            return makeError(git::ErrorKind::Io, shownPath,
                             "the session was not closed properly, and could not be copied to be repaired: " +
                                 failure.message() + '.');
    }
    git::Result<Database> database = Database::open(copy, Database::Access::ReadWrite, shownPath);
    if (!database)
        return database.error();
    if (auto checked = checkContents(*database); !checked)
        return checked.error();
    return OpenedSession{*std::move(folder), *std::move(database)};
}

git::Result<void> syncFile(const std::string &path, int flags)
{
    const int file = open(path.c_str(), flags | O_CLOEXEC);
    const bool done = file >= 0 && fsync(file) == 0;
    const std::string reason = done ? "" : std::strerror(errno);
    if (file >= 0)
        close(file);
    if (!done)
        return makeError(git::ErrorKind::Io, path, "the session could not be saved: " + reason + '.');
    return {};
}

std::string folderOf(const std::string &path)
{
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

} // namespace

git::Result<TemporaryFolder> TemporaryFolder::create()
{
    std::error_code failure;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(failure);
    std::string name = (failure ? std::filesystem::path("/tmp") : parent).string() + "/ferriscope-XXXXXX";
    TemporaryFolder folder;
    if (!mkdtemp(name.data()))
        return makeError(git::ErrorKind::Io, name,
                         std::string("no temporary folder: ") + std::strerror(errno) + '.');
    folder.m_path = name;
    return folder;
}

TemporaryFolder::TemporaryFolder(TemporaryFolder &&other) noexcept : m_path(std::exchange(other.m_path, {}))
{}

TemporaryFolder &TemporaryFolder::operator=(TemporaryFolder &&other) noexcept
{
    std::swap(m_path, other.m_path);
    return *this;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    if (!m_path.empty())
        std::filesystem::remove_all(m_path, ignored);
}

git::Result<OpenedSession> openSessionForReading(const std::string &path)
{
    const git::Result<std::string> real = checkFile(path);
    if (!real)
        return real.error();
    git::Result<Database> database = Database::open(*real, Database::Access::ReadOnly, path);
    if (!database)
        return database.error();
    if (auto checked = checkContents(*database); !checked) {
        if (database->needsRecovery())
            return openRecoveredCopy(*real, path);
        return checked.error();
    }
    return OpenedSession{{}, *std::move(database)};
}

git::Result<Database> openSessionForWriting(const std::string &path)
{
    const git::Result<std::string> real = checkFile(path);
    if (!real)
        return real.error();
    git::Result<Database> database = Database::open(*real, Database::Access::ReadWrite, path);
    if (!database)
        return database.error();
    if (auto checked = checkContents(*database); !checked)
        return checked.error();
    // One file, and a commit that survives a power cut: EXTRA also makes the journal's removal durable.
    if (auto done = database->run("PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA"); !done)
        return done.error();
    return database;
}

git::Result<std::string> makeDraftBeside(const std::string &path)
{
    struct stat status = {};
    if (lstat(path.c_str(), &status) == 0)
        return makeError(git::ErrorKind::Conflict, path,
                         "a file of this name is there already: choose another name.");
    if (lstat((path + "-journal").c_str(), &status) == 0)
        return makeError(
            git::ErrorKind::Conflict, path + "-journal",
            "the journal of an earlier session lies there and would damage a new one: remove it.");
    std::string draft = path + ".XXXXXX";
    const int file = mkostemp(draft.data(), O_CLOEXEC);
    if (file < 0)
        return makeError(git::ErrorKind::Io, path,
                         std::string("the session can't be saved there: ") + std::strerror(errno) + '.');
    close(file);
    return draft;
}

git::Result<void> publishDraft(const std::string &draft, const std::string &path)
{
    git::Result<void> done = syncFile(draft, O_RDWR);
    if (done && renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0) {
        const int reason = errno;
        // Some file systems have no such rename; there a second name does the same.
        if (reason == EEXIST)
            done = makeError(git::ErrorKind::Conflict, path,
                             "a file of this name is there already: choose another name.");
        else if (link(draft.c_str(), path.c_str()) != 0)
            done = makeError(git::ErrorKind::Io, path,
                             std::string("the session can't be saved there: ") + std::strerror(reason) + '.');
    }
    if (done)
        done = syncFile(folderOf(path), O_RDONLY | O_DIRECTORY);
    unlink(draft.c_str()); // gone already after a rename
    return done;
}

} // namespace review
