// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/session.h"

#include "review/session_file.h"
#include "review/session_rows.h"

#include <functional>
#include <unistd.h>

namespace review {
namespace {

git::Result<void> inTransaction(Database &database, const std::function<void(SessionRows &)> &write)
{
    Transaction transaction(database);
    if (!transaction.begun())
        return transaction.begun();
    SessionRows rows(database);
    write(rows);
    if (auto written = rows.finish(); !written)
        return written;
    return transaction.commit();
}

/// Fills a file that nobody else knows yet; it becomes durable as a whole when it is published.
git::Result<void> fillDraft(const std::string &draft, const std::string &shownPath, const Session &session)
{
    git::Result<Database> database = Database::open(draft, Database::Access::ReadWrite, shownPath);
    if (!database)
        return database.error();
    const std::string marks = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id=" +
                              std::to_string(sessionApplicationId) +
                              "; PRAGMA user_version=" + std::to_string(sessionVersion);
    if (auto done = database->run(marks.c_str()); !done)
        return done;
    if (auto done = database->run(sessionSchema); !done)
        return done;
    return inTransaction(*database, [&](SessionRows &rows) { rows.all(session); });
}

} // namespace

struct SessionStore::State {
    std::string path;
    Database database;
};

SessionStore::SessionStore(std::unique_ptr<State> state) : m_state(std::move(state)) {}
SessionStore::SessionStore(SessionStore &&) noexcept = default;
SessionStore &SessionStore::operator=(SessionStore &&) noexcept = default;
SessionStore::~SessionStore() = default;

git::Result<SessionStore> SessionStore::create(const std::string &path, const Session &session)
{
    if (auto saved = saveSession(path, session); !saved)
        return saved.error();
    return open(path);
}

git::Result<SessionStore> SessionStore::open(const std::string &path)
{
    git::Result<Database> database = openSessionForWriting(path);
    if (!database)
        return database.error();
    return SessionStore(std::make_unique<State>(State{path, *std::move(database)}));
}

const std::string &SessionStore::path() const
{
    return m_state->path;
}

git::Result<void> SessionStore::append(const std::vector<Event> &events)
{
    return inTransaction(m_state->database, [&](SessionRows &rows) {
        for (const Event &event : events)
            rows.event(event);
    });
}

git::Result<void> SessionStore::putFiles(const IndexedFiles &files)
{
    return inTransaction(m_state->database, [&](SessionRows &rows) {
        for (const auto &[index, file] : files)
            rows.file(file, index);
    });
}

git::Result<void> SessionStore::putScope(const Session &session)
{
    return inTransaction(m_state->database, [&](SessionRows &rows) {
        rows.header(session);
        rows.changes(session.diff);
        rows.filesFrom(session.files.size());
        for (std::size_t i = 0; i < session.files.size(); ++i)
            rows.file(session.files[i], i);
        rows.clearRun();
        rows.dropUnusedTexts();
    });
}

git::Result<void> SessionStore::putDecision(const std::string &finding, const Decision *decision)
{
    return inTransaction(m_state->database, [&](SessionRows &rows) { rows.decision(finding, decision); });
}

git::Result<void> SessionStore::putReviewerNote(const ReviewerNote &note)
{
    return inTransaction(m_state->database, [&](SessionRows &rows) { rows.reviewerNote(note); });
}

git::Result<void> SessionStore::putViewed(const std::string &key, bool viewed)
{
    return inTransaction(m_state->database, [&](SessionRows &rows) { rows.viewed(key, viewed); });
}

git::Result<void> SessionStore::putApplied(const std::vector<AppliedChange> &applied)
{
    return inTransaction(m_state->database, [&](SessionRows &rows) { rows.applied(applied); });
}

git::Result<void> saveSession(const std::string &path, const Session &session)
{
    const git::Result<std::string> draft = makeDraftBeside(path);
    if (!draft)
        return draft.error();
    if (auto filled = fillDraft(*draft, path, session); !filled) {
        unlink(draft->c_str());
        return filled;
    }
    return publishDraft(*draft, path);
}

} // namespace review
