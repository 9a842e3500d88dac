// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"
#include "review/event.h"
#include "review/request.h"
#include "review/suggestion.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace review {

/// What was decided about a finding: by the reviewer, who dismisses it, applies its suggestion, or switched off
/// its rule while it was shown; or, Silenced, by the authors in a comment at its place. Absent: open.
struct Decision {
    enum class State { Dismissed, Applied, Silenced, SwitchedOff };
    State state = State::Dismissed;
    std::string reason;

    bool operator==(const Decision &) const = default;
};

/// The reviewer's own words at a place.
struct ReviewerNote {
    std::string id;
    Place place;
    std::string text;

    bool operator==(const ReviewerNote &) const = default;
};

/// Files of a diff by their index in it.
using IndexedFiles = std::map<std::size_t, ReviewFile>;

/// A review as one value: all that the window shows and a report prints, without repository or network.
/// `files` holds every changed file of the diff; texts of files that were never loaded are empty (then
/// `texts` kinds are Absent on both sides and the view says so).
struct Session {
    git::Diff diff;
    Scope scope;
    Extent extent = Extent::Hunks;
    std::int64_t createdAt = 0; ///< seconds since 1970, UTC; 0: not told
    std::vector<ReviewFile> files;
    std::vector<std::string> leftOut;
    std::vector<Finding> findings; ///< in order of arrival
    std::vector<FindingRejected> rejected;
    std::vector<Coverage> coverage;
    std::vector<Note> notes;
    std::vector<Ended> ended;                  ///< one for each finished expert run
    std::map<std::string, Decision> decisions; ///< by finding id
    std::vector<ReviewerNote> reviewerNotes;
    std::set<std::string> viewed; ///< keys made by viewedKey
    std::vector<AppliedChange> applied;

    /// All expert runs ended Complete, and nothing failed.
    bool complete() const;
    bool operator==(const Session &) const = default;
};

/// The session of a review that is about to start: every file of the diff, with the texts and hunks of those
/// in the request. Pure.
Session makeSession(const git::Diff &diff, const Request &request, std::int64_t createdAt);

/// Names a file's content on both sides, so that a mark falls when the content changes.
std::string viewedKey(const git::FileDelta &delta);

/// Adds an event to the value (findings, coverage, notes, ends); progress events change nothing.
void record(Session &session, const Event &event);

/// A session file: SQLite, one file, crash-safe; written as things happen. What loadSession would refuse is
/// not written (InvalidInput). Move-only; one thread at a time.
class SessionStore {
public:
    /// Creates a new file; Conflict if one is there.
    static git::Result<SessionStore> create(const std::string &path, const Session &session);
    /// Opens an existing one for more writing. See loadSession for the errors.
    static git::Result<SessionStore> open(const std::string &path);
    SessionStore(SessionStore &&) noexcept;
    SessionStore &operator=(SessionStore &&) noexcept;
    ~SessionStore();

    const std::string &path() const;
    /// Each is one transaction, durable when it returns.
    git::Result<void> append(const std::vector<Event> &events);
    git::Result<void> putFiles(const IndexedFiles &files);
    /// Scope, diff, extent, files and leftOut of a new run; findings and all else of an earlier run are
    /// dropped.
    git::Result<void> putScope(const Session &session);
    git::Result<void> putDecision(const std::string &finding, const Decision *decision); ///< null: open again
    git::Result<void> putReviewerNote(const ReviewerNote &note); ///< an empty text removes it
    git::Result<void> putViewed(const std::string &key, bool viewed);
    git::Result<void> putApplied(const std::vector<AppliedChange> &applied);

private:
    struct State;
    explicit SessionStore(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Reads a session without changing a byte of it. Errors: NotFound; Parse (no SQLite file, no Ferriscope
/// session, or damaged: which, and where); InvalidInput (written by a newer Ferriscope). Hostile input: sizes
/// and counts are bounded.
git::Result<Session> loadSession(const std::string &path);
/// Writes the whole value to a new file (replacing none), for "Save as" and the command line.
git::Result<void> saveSession(const std::string &path, const Session &session);

} // namespace review
