// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/session.h"
#include "review/session_database.h"

#include <string>
#include <string_view>

namespace review {

/// Writes the rows of a session; the caller holds the transaction. After a failure all further calls do
/// nothing; `finish` tells it. What loadSession would refuse is not written: a review that was saved can be
/// opened.
class SessionRows {
public:
    explicit SessionRows(Database &database) : m_database(database) {}

    void header(const Session &session);
    void changes(const git::Diff &diff);
    void file(const ReviewFile &file, std::size_t index);
    void filesFrom(std::size_t count); ///< drops the files after the first `count`
    void event(const Event &event);
    void decision(const std::string &finding, const Decision *decision);
    void reviewerNote(const ReviewerNote &note);
    void viewed(const std::string &key, bool viewed);
    void applied(const std::vector<AppliedChange> &changes);
    void clearRun();
    void dropUnusedTexts();
    /// Everything that a session holds, into empty tables.
    void all(const Session &session);

    /// The first failure, or that the texts are too many; then roll the transaction back.
    git::Result<void> finish();

private:
    /// The row that holds these bytes; equal texts are stored once.
    std::int64_t textId(std::string_view bytes);
    void decide(const FindingClosed &event);
    bool fits(const std::string &data);
    void checkTexts();
    void append(const char *sql, const std::string &data);
    void take(git::Result<void> result);

    Database &m_database;
    git::Result<void> m_result;
    bool m_textsPut = false;
};

} // namespace review
