// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"
#include "git/work_tree.h"
#include "review/finding.h"

#include <string>
#include <string_view>
#include <vector>

namespace review {

/// Where a suggestion stands in the file as it is now. Found by its exact original bytes, never by the line
/// number alone.
struct Location {
    /// Clean: at its own lines. Moved: once, elsewhere. AlreadyApplied: the replacement stands at its lines,
    /// or once and the original nowhere. Ambiguous: the original stands at several places, none of them its
    /// own lines. Conflict: nowhere.
    enum class State { Clean, Moved, AlreadyApplied, Ambiguous, Conflict };
    State state = State::Conflict;
    git::LineRange lines; ///< of the original (of the replacement when already applied), in the current text

    bool operator==(const Location &) const = default;
};
Location locate(const Suggestion &suggestion, std::string_view current);
/// For people: "moved by 12 lines", "already applied", "the lines it replaces are no longer in the file" …
std::string toText(const Location &location, const Suggestion &suggestion);

/// The text with the suggestion applied; the file's own line ends are kept where the suggestion only has LF.
/// Error: Conflict unless Clean or Moved.
git::Result<std::string> applyTo(std::string_view current, const Suggestion &suggestion);

/// One change made to one file, with what is needed to take it back byte for byte.
struct AppliedChange {
    std::string finding; ///< id
    std::string path;
    std::string before;
    std::string after;
    bool undone = false;

    bool operator==(const AppliedChange &) const = default;
};

/// Applies, undoes and redoes suggestions in a work tree; every write goes through git::WorkTree, which
/// checks the expected bytes. `reviewedPaths` are the only ones that may be written. Errors: Conflict (with
/// Location's words), InvalidInput (path outside the review, a symbolic link, …), Io.
class Applier {
public:
    Applier(git::WorkTree &tree, std::vector<std::string> reviewedPaths);

    git::Result<AppliedChange> apply(const Finding &finding);
    git::Result<void> undo(AppliedChange &change); ///< Conflict when the file changed since
    git::Result<void> redo(AppliedChange &change);

private:
    git::Result<void> checkReviewed(const std::string &path) const;
    git::Result<void> exchange(const std::string &path, const std::string &from, const std::string &to);

    git::WorkTree &m_tree;
    std::vector<std::string> m_reviewedPaths;
};

/// The suggestion as a patch file against the reviewed text, for `git apply`.
std::string renderSuggestionPatch(const Suggestion &suggestion, std::string_view reviewedText,
                                  std::uint32_t mode);

} // namespace review
