// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/session_database.h"

#include "git/display.h"

#include <sqlite3.h>

namespace review {
namespace {

/// No value of a session is larger; a file that claims so is refused by SQLite.
constexpr int maxValueBytes = 256 << 20;
constexpr int busyMilliseconds = 3000;

/// What a session never uses is taken away from the file: triggers, views, functions in the schema, attached
/// files.
void restrictHandle(sqlite3 *handle)
{
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, busyMilliseconds);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, maxValueBytes);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    for (const int option : {SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                             SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION})
        sqlite3_db_config(handle, option, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
}

std::string explain(int code, const char *message)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return "the disk is full; nothing of this step was saved";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another program is using the file; close it there and try again";
    case SQLITE_READONLY:
        return "the file can't be written";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return std::string("the session file is damaged (") + message +
               "); it was left as it is. Open a copy or an earlier save";
    default:
        return message;
    }
}

} // namespace

void Database::Closer::operator()(sqlite3 *handle) const
{
    sqlite3_close_v2(handle);
}

git::Result<Database> Database::open(const std::string &path, Access access, std::string shownPath)
{
    const int flags = (access == Access::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    sqlite3 *handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    Database database(handle, std::move(shownPath));
    if (code != SQLITE_OK || !handle)
        return database.error();
    restrictHandle(handle);
    // cell_size_check finds damage before it is followed; no memory map, so that a file cut short meanwhile
    // is an error and no signal.
    if (auto done = database.run("PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY");
        !done)
        return done.error();
    return database;
}

git::Result<Database> Database::inMemory()
{
    sqlite3 *handle = nullptr;
    const int code =
        sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, nullptr);
    Database database(handle, "memory");
    if (code != SQLITE_OK || !handle)
        return database.error();
    return database;
}

git::Result<void> Database::run(const char *sql)
{
    if (sqlite3_exec(m_handle.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return error();
    return {};
}

git::Error Database::error() const
{
    const int code = m_handle ? sqlite3_extended_errcode(m_handle.get()) : SQLITE_NOMEM;
    const char *message = m_handle ? sqlite3_errmsg(m_handle.get()) : "out of memory";
    const bool damaged = (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
    return {damaged ? git::ErrorKind::Parse : git::ErrorKind::Io,
            git::displayName(m_shownPath) + ": " + git::displayName(explain(code, message)) + '.'};
}

bool Database::needsRecovery() const
{
    return m_handle && sqlite3_extended_errcode(m_handle.get()) == SQLITE_READONLY_ROLLBACK;
}

Statement::Statement(Database &database, const char *sql) : m_database(database)
{
    sqlite3_stmt *statement = nullptr;
    m_ok = sqlite3_prepare_v2(database.handle(), sql, -1, &statement, nullptr) == SQLITE_OK;
    m_statement.reset(statement);
}

void Statement::Finalizer::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

Statement &Statement::text(std::string_view value)
{
    const char *data = value.data() ? value.data() : "";
    m_ok = m_ok && sqlite3_bind_text64(m_statement.get(), ++m_bound, data, value.size(), SQLITE_STATIC,
                                       SQLITE_UTF8) == SQLITE_OK;
    return *this;
}

Statement &Statement::bytes(std::string_view value)
{
    const char *data = value.data() ? value.data() : ""; // a null pointer would bind NULL
    m_ok = m_ok &&
           sqlite3_bind_blob64(m_statement.get(), ++m_bound, data, value.size(), SQLITE_STATIC) == SQLITE_OK;
    return *this;
}

Statement &Statement::number(std::int64_t value)
{
    m_ok = m_ok && sqlite3_bind_int64(m_statement.get(), ++m_bound, value) == SQLITE_OK;
    return *this;
}

git::Result<void> Statement::run()
{
    const git::Result<bool> stepped = next();
    reset();
    if (!stepped)
        return stepped.error();
    return {};
}

git::Result<bool> Statement::next()
{
    const int code = m_ok ? sqlite3_step(m_statement.get()) : SQLITE_ERROR;
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return m_database.error();
}

void Statement::reset()
{
    if (!m_statement)
        return;
    sqlite3_reset(m_statement.get());
    sqlite3_clear_bindings(m_statement.get());
    m_bound = 0;
}

std::string_view Statement::column(int index) const
{
    const void *data = sqlite3_column_blob(m_statement.get(), index);
    const int size = sqlite3_column_bytes(m_statement.get(), index);
    return data ? std::string_view(static_cast<const char *>(data), static_cast<std::size_t>(size))
                : std::string_view();
}

std::int64_t Statement::numberColumn(int index) const
{
    return sqlite3_column_int64(m_statement.get(), index);
}

bool Statement::isNull(int index) const
{
    return sqlite3_column_type(m_statement.get(), index) == SQLITE_NULL;
}

Transaction::Transaction(Database &database) : m_database(database)
{
    m_begun = database.run("BEGIN IMMEDIATE");
    m_open = m_begun.hasValue();
}

Transaction::~Transaction()
{
    // Some failures have rolled back already; then this one says so and does nothing.
    if (m_open)
        (void)m_database.run("ROLLBACK");
}

git::Result<void> Transaction::commit()
{
    if (!m_open)
        return m_begun;
    git::Result<void> done = m_database.run("COMMIT");
    m_open = !done.hasValue();
    return done;
}

} // namespace review
