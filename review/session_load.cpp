// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/session.h"

#include "git/display.h"
#include "review/session_file.h"
#include "review/session_json.h"

namespace review {
namespace {

/// Reads the tables one after the other; the first failure ends it.
class SessionReader {
public:
    explicit SessionReader(Database &database) : m_database(database) {}

    git::Result<Session> read()
    {
        readHeader();
        readList("change", m_session.diff.files);
        readFiles();
        readList("finding", m_session.findings);
        readList("rejected", m_session.rejected);
        readList("coverage", m_session.coverage);
        readList("note", m_session.notes);
        readList("ended", m_session.ended);
        readList("reviewer_note", m_session.reviewerNotes);
        readDecisions();
        readViewed();
        readApplied();
        if (!m_result)
            return m_result.error();
        return std::move(m_session);
    }

private:
    /// Calls `take` for each row; it gives false for a row that Ferriscope would not have written.
    template <typename Take>
    void forEachRow(const char *table, const std::string &sql, Take take)
    {
        if (!m_result)
            return;
        Statement statement(m_database, sql.c_str());
        std::size_t count = 0;
        git::Result<bool> row = statement.next();
        for (; row && *row; row = statement.next()) {
            if (++count > maxSessionRows || !take(statement)) {
                fail(table, count);
                return;
            }
        }
        if (!row)
            m_result = row.error();
    }

    void fail(const char *table, std::size_t row)
    {
        m_result =
            git::Error{git::ErrorKind::Parse,
                       git::displayName(m_database.shownPath()) + ": the session file is damaged: row " +
                           std::to_string(row) + " of its table \"" + table +
                           "\" can't be read. It was left as it is. Open a copy or an earlier save."};
    }

    template <typename T>
    static bool readValue(const Statement &row, int column, T &value)
    {
        const std::string_view data = row.column(column);
        return data.size() <= maxSessionRecordBytes && fromStored(data, value);
    }

    template <typename T>
    void readList(const char *table, std::vector<T> &values)
    {
        forEachRow(table, std::string("SELECT data FROM ") + table + " ORDER BY position",
                   [&](const Statement &row) { return readValue(row, 0, values.emplace_back()); });
    }

    void readHeader()
    {
        bool found = false;
        forEachRow("review", "SELECT data FROM review", [&](const Statement &row) {
            found = readValue(row, 0, m_session);
            return found;
        });
        if (m_result && !found)
            fail("review", 1);
    }

    /// Texts are shared in the file, not in memory: a small file could ask for more than there is.
    bool takeText(const Statement &row, int column, std::string &text)
    {
        const std::string_view bytes = row.column(column);
        if (row.isNull(column) || bytes.size() > maxSessionTextBytes - m_textBytes)
            return false;
        m_textBytes += bytes.size();
        text = bytes;
        return true;
    }

    void readFiles()
    {
        forEachRow(
            "file",
            "SELECT f.position, f.data, o.bytes, n.bytes FROM file f LEFT JOIN text o ON o.id = f.old_text "
            "LEFT JOIN text n ON n.id = f.new_text ORDER BY f.position",
            [&](const Statement &row) {
                const bool inOrder = row.numberColumn(0) == static_cast<std::int64_t>(m_session.files.size());
                ReviewFile &file = m_session.files.emplace_back();
                return inOrder && readValue(row, 1, file) && file.chosen.size() == file.hunks.size() &&
                       takeText(row, 2, file.texts.oldText) && takeText(row, 3, file.texts.newText);
            });
    }

    void readDecisions()
    {
        forEachRow("decision", "SELECT finding, state, reason FROM decision", [&](const Statement &row) {
            const std::int64_t state = row.numberColumn(1);
            m_session.decisions[std::string(row.column(0))] = {static_cast<Decision::State>(state),
                                                               std::string(row.column(2))};
            return state >= 0 && state <= static_cast<std::int64_t>(Decision::State::SwitchedOff) &&
                   row.column(2).size() <= maxSessionRecordBytes;
        });
    }

    void readViewed()
    {
        forEachRow("viewed", "SELECT key FROM viewed", [&](const Statement &row) {
            m_session.viewed.emplace(row.column(0));
            return row.column(0).size() <= maxSessionRecordBytes;
        });
    }

    void readApplied()
    {
        forEachRow("applied",
                   "SELECT a.finding, a.path, b.bytes, c.bytes, a.undone FROM applied a LEFT JOIN text b ON "
                   "b.id = a.before LEFT JOIN text c ON c.id = a.after ORDER BY a.position",
                   [&](const Statement &row) {
                       AppliedChange &change = m_session.applied.emplace_back();
                       change.finding = row.column(0);
                       change.path = row.column(1);
                       change.undone = row.numberColumn(4) != 0;
                       return takeText(row, 2, change.before) && takeText(row, 3, change.after);
                   });
    }

    Database &m_database;
    Session m_session;
    git::Result<void> m_result;
    std::uint64_t m_textBytes = 0;
};

} // namespace

git::Result<Session> loadSession(const std::string &path)
{
    git::Result<OpenedSession> opened = openSessionForReading(path);
    if (!opened)
        return opened.error();
    return SessionReader(opened->database).read();
}

} // namespace review
