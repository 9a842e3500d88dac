// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace review {

/// An open SQLite file, with all that lets a file run or reach anything switched off. Move-only; one thread
/// at a time.
class Database {
public:
    enum class Access { ReadOnly, ReadWrite };
    /// Opens an existing file (an empty one is an empty database). `shownPath` is what messages name.
    static git::Result<Database> open(const std::string &path, Access access, std::string shownPath);
    /// A database in memory.
    static git::Result<Database> inMemory();

    git::Result<void> run(const char *sql);
    /// The error SQLite reports now, in words for a person. Damage is Parse, everything else Io.
    git::Error error() const;
    /// Whether the last failure was a journal of a crashed writer, which can't be rolled back without
    /// writing.
    bool needsRecovery() const;
    sqlite3 *handle() const { return m_handle.get(); }
    const std::string &shownPath() const { return m_shownPath; }

private:
    struct Closer {
        void operator()(sqlite3 *handle) const;
    };
    Database(sqlite3 *handle, std::string shownPath) : m_handle(handle), m_shownPath(std::move(shownPath)) {}
    std::unique_ptr<sqlite3, Closer> m_handle;
    std::string m_shownPath;
};

/// A prepared statement. `run` for writing: binds are numbered as they are called, and all are cleared by it.
/// Texts bound must live until it.
class Statement {
public:
    Statement(Database &database, const char *sql);

    Statement &text(std::string_view value);
    Statement &bytes(std::string_view value);
    Statement &number(std::int64_t value);

    /// Executes it once and makes it ready for the next.
    git::Result<void> run();
    /// The next row: false at the end.
    git::Result<bool> next();
    void reset();

    /// Columns of the current row, 0-based; the view lives until the next row.
    std::string_view column(int index) const;
    std::int64_t numberColumn(int index) const;
    bool isNull(int index) const;

private:
    struct Finalizer {
        void operator()(sqlite3_stmt *statement) const;
    };
    Database &m_database;
    std::unique_ptr<sqlite3_stmt, Finalizer> m_statement;
    int m_bound = 0;
    bool m_ok = true;
};

/// Begins at construction and rolls back at destruction, unless it was committed.
class Transaction {
public:
    explicit Transaction(Database &database);
    ~Transaction();
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;

    const git::Result<void> &begun() const { return m_begun; }
    git::Result<void> commit();

private:
    Database &m_database;
    git::Result<void> m_begun;
    bool m_open = false;
};

} // namespace review
