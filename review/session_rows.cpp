// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/session_rows.h"

#include "git/display.h"
#include "review/session_file.h"
#include "review/session_json.h"

#include <bit>

namespace review {
namespace {

/// Fowler, Noll and Vo's 64-bit hash. It only finds candidates: the bytes themselves are compared.
std::int64_t hashOf(std::string_view bytes)
{
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char byte : bytes)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
    return std::bit_cast<std::int64_t>(hash);
}

} // namespace

void SessionRows::take(git::Result<void> result)
{
    if (m_result)
        m_result = std::move(result);
}

bool SessionRows::fits(const std::string &data)
{
    if (data.size() > maxSessionRecordBytes)
        take(git::Error{git::ErrorKind::InvalidInput,
                        git::displayName(m_database.shownPath()) +
                            ": the review can't be saved: one of its files or findings takes more than " +
                            std::to_string(maxSessionRecordBytes >> 20) + " MiB. Review fewer files."});
    return m_result.hasValue();
}

/// Counted as the reader does: a text as often as it is used, though it is stored once.
void SessionRows::checkTexts()
{
    Statement sum(m_database,
                  "SELECT sum(length(bytes)) FROM (SELECT old_text AS id FROM file UNION ALL SELECT new_text "
                  "FROM file UNION ALL SELECT before FROM applied UNION ALL SELECT after FROM applied) "
                  "JOIN text USING(id)");
    const git::Result<bool> row = sum.next();
    if (!row)
        take(row.error());
    else if (*row && static_cast<std::uint64_t>(sum.numberColumn(0)) > maxSessionTextBytes)
        take(git::Error{git::ErrorKind::InvalidInput,
                        git::displayName(m_database.shownPath()) +
                            ": the review can't be saved: the texts of its files are more than " +
                            std::to_string(maxSessionTextBytes >> 20) + " MiB. Review fewer files."});
}

git::Result<void> SessionRows::finish()
{
    if (m_result && m_textsPut)
        checkTexts();
    return m_result;
}

void SessionRows::header(const Session &session)
{
    const std::string data = toStored(session);
    if (fits(data))
        take(Statement(m_database, "INSERT OR REPLACE INTO review VALUES(1, ?)").text(data).run());
}

void SessionRows::changes(const git::Diff &diff)
{
    if (m_result)
        take(m_database.run("DELETE FROM change"));
    Statement insert(m_database, "INSERT INTO change VALUES(?, ?)");
    for (std::size_t i = 0; i < diff.files.size() && m_result; ++i) {
        const std::string data = toStored(diff.files[i]);
        take(insert.number(static_cast<std::int64_t>(i)).text(data).run());
    }
}

std::int64_t SessionRows::textId(std::string_view bytes)
{
    if (!m_result)
        return 0;
    m_textsPut = true;
    const std::int64_t hash = hashOf(bytes);
    Statement find(m_database, "SELECT id FROM text WHERE hash = ? AND bytes = ?");
    const git::Result<bool> found = find.number(hash).bytes(bytes).next();
    if (!found) {
        take(found.error());
        return 0;
    }
    if (*found)
        return find.numberColumn(0);
    Statement insert(m_database, "INSERT INTO text(hash, bytes) VALUES(?, ?) RETURNING id");
    const git::Result<bool> inserted = insert.number(hash).bytes(bytes).next();
    const std::int64_t id = inserted && *inserted ? insert.numberColumn(0) : 0;
    // A statement that returns rows is done only at its end.
    take(inserted ? insert.run() : git::Result<void>(inserted.error()));
    return id;
}

void SessionRows::file(const ReviewFile &file, std::size_t index)
{
    const std::string data = toStored(file);
    const std::int64_t oldText = textId(file.texts.oldText);
    const std::int64_t newText = textId(file.texts.newText);
    if (fits(data))
        take(Statement(m_database, "INSERT OR REPLACE INTO file VALUES(?, ?, ?, ?)")
                 .number(static_cast<std::int64_t>(index))
                 .text(data)
                 .number(oldText)
                 .number(newText)
                 .run());
}

void SessionRows::filesFrom(std::size_t count)
{
    if (m_result)
        take(Statement(m_database, "DELETE FROM file WHERE position >= ?")
                 .number(static_cast<std::int64_t>(count))
                 .run());
}

void SessionRows::append(const char *sql, const std::string &data)
{
    if (fits(data))
        take(Statement(m_database, sql).text(data).run());
}

void SessionRows::event(const Event &event)
{
    if (const auto *finding = std::get_if<FindingClosed>(&event)) {
        append("INSERT INTO finding(data) VALUES(?)", toStored(finding->finding));
        decide(*finding);
    } else if (const auto *rejected = std::get_if<FindingRejected>(&event))
        append("INSERT INTO rejected(data) VALUES(?)", toStored(*rejected));
    else if (const auto *coverage = std::get_if<Coverage>(&event))
        append("INSERT INTO coverage(data) VALUES(?)", toStored(*coverage));
    else if (const auto *note = std::get_if<Note>(&event))
        append("INSERT INTO note(data) VALUES(?)", toStored(*note));
    else if (const auto *ended = std::get_if<Ended>(&event))
        append("INSERT INTO ended(data) VALUES(?)", toStored(*ended));
}

/// As record() does: a rule that was asked is on again, and what the reviewer decided stays.
void SessionRows::decide(const FindingClosed &event)
{
    const auto number = [](Decision::State state) { return static_cast<std::int64_t>(state); };
    if (m_result)
        take(Statement(m_database, "DELETE FROM decision WHERE finding = ? AND state = ?")
                 .bytes(event.finding.id)
                 .number(number(Decision::State::SwitchedOff))
                 .run());
    if (m_result && !event.silenced.empty())
        take(Statement(m_database, "INSERT OR IGNORE INTO decision VALUES(?, ?, ?)")
                 .bytes(event.finding.id)
                 .number(number(Decision::State::Silenced))
                 .bytes(event.silenced)
                 .run());
}

void SessionRows::decision(const std::string &finding, const Decision *decision)
{
    if (!m_result)
        return;
    if (!decision) {
        take(Statement(m_database, "DELETE FROM decision WHERE finding = ?").bytes(finding).run());
        return;
    }
    take(Statement(m_database, "INSERT OR REPLACE INTO decision VALUES(?, ?, ?)")
             .bytes(finding)
             .number(static_cast<std::int64_t>(decision->state))
             .bytes(decision->reason)
             .run());
}

void SessionRows::reviewerNote(const ReviewerNote &note)
{
    if (!m_result)
        return;
    if (note.text.empty()) {
        take(Statement(m_database, "DELETE FROM reviewer_note WHERE id = ?").bytes(note.id).run());
        return;
    }
    const std::string data = toStored(note);
    if (!fits(data))
        return;
    take(Statement(m_database, "INSERT INTO reviewer_note(id, data) VALUES(?, ?) "
                               "ON CONFLICT(id) DO UPDATE SET data = excluded.data")
             .bytes(note.id)
             .text(data)
             .run());
}

void SessionRows::viewed(const std::string &key, bool viewed)
{
    const char *sql = viewed ? "INSERT OR IGNORE INTO viewed VALUES(?)" : "DELETE FROM viewed WHERE key = ?";
    if (m_result)
        take(Statement(m_database, sql).bytes(key).run());
}

void SessionRows::applied(const std::vector<AppliedChange> &changes)
{
    if (m_result)
        take(m_database.run("DELETE FROM applied"));
    for (std::size_t i = 0; i < changes.size() && m_result; ++i) {
        const AppliedChange &change = changes[i];
        const std::int64_t before = textId(change.before);
        const std::int64_t after = textId(change.after);
        if (m_result)
            take(Statement(m_database, "INSERT INTO applied VALUES(?, ?, ?, ?, ?, ?)")
                     .number(static_cast<std::int64_t>(i))
                     .bytes(change.finding)
                     .bytes(change.path)
                     .number(before)
                     .number(after)
                     .number(change.undone)
                     .run());
    }
}

void SessionRows::clearRun()
{
    if (m_result)
        take(m_database.run("DELETE FROM finding; DELETE FROM rejected; DELETE FROM coverage;"
                            "DELETE FROM note; DELETE FROM ended"));
}

void SessionRows::dropUnusedTexts()
{
    if (m_result)
        take(m_database.run(
            "DELETE FROM text WHERE id NOT IN (SELECT old_text FROM file UNION SELECT new_text "
            "FROM file UNION SELECT before FROM applied UNION SELECT after FROM applied)"));
}

void SessionRows::all(const Session &session)
{
    header(session);
    changes(session.diff);
    for (std::size_t i = 0; i < session.files.size(); ++i)
        file(session.files[i], i);
    for (const Finding &finding : session.findings)
        event(FindingClosed{finding});
    for (const FindingRejected &rejected : session.rejected)
        event(rejected);
    for (const Coverage &coverage : session.coverage)
        event(coverage);
    for (const Note &note : session.notes)
        event(note);
    for (const Ended &ended : session.ended)
        event(ended);
    for (const auto &[finding, state] : session.decisions)
        decision(finding, &state);
    for (const ReviewerNote &note : session.reviewerNotes)
        reviewerNote(note);
    for (const std::string &key : session.viewed)
        viewed(key, true);
    applied(session.applied);
}

} // namespace review
