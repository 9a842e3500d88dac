// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/diff.h"
#include "git/display.h"
#include "review/suggestion.h"

#include <algorithm>

namespace review {
namespace {

git::Error makeError(git::ErrorKind kind, const std::string &path, const std::string &what)
{
    return {kind, git::displayName(path) + ": " + what};
}

} // namespace

Applier::Applier(git::WorkTree &tree, std::vector<std::string> reviewedPaths)
    : m_tree(tree)
    , m_reviewedPaths(std::move(reviewedPaths))
{
    std::sort(m_reviewedPaths.begin(), m_reviewedPaths.end());
}

git::Result<void> Applier::checkReviewed(const std::string &path) const
{
    if (std::binary_search(m_reviewedPaths.begin(), m_reviewedPaths.end(), path))
        return {};
    return makeError(git::ErrorKind::InvalidInput, path,
                     "this file is not part of the review, so nothing is written to it.");
}

/// Writes `to` where the file still holds `from`; a file that holds something else is named and left alone.
git::Result<void> Applier::exchange(const std::string &path, const std::string &from, const std::string &to)
{
    if (const git::Result<void> reviewed = checkReviewed(path); !reviewed)
        return reviewed;
    const git::Result<git::WorkFile> file = m_tree.read(path, git::maxTextBytes);
    if (!file)
        return file.error();
    if (file->bytes != from)
        return makeError(git::ErrorKind::Conflict, path,
                         "the file has changed since; nothing was written. Edit it by hand.");
    return m_tree.replace(path, from, to);
}

git::Result<AppliedChange> Applier::apply(const Finding &finding)
{
    if (!finding.suggestion)
        return git::Error{git::ErrorKind::InvalidInput, "This finding has no suggestion to apply."};
    const Suggestion &suggestion = *finding.suggestion;
    if (const git::Result<void> reviewed = checkReviewed(suggestion.path); !reviewed)
        return reviewed.error();
    git::Result<git::WorkFile> file = m_tree.read(suggestion.path, git::maxTextBytes);
    if (!file)
        return file.error();
    // Replacing one name of a file that has several would part them silently.
    if (file->links > 1)
        return makeError(git::ErrorKind::InvalidInput, suggestion.path,
                         "the file has " + std::to_string(file->links) +
                             " hard links, which a replacement would part. Edit it by hand.");
    git::Result<std::string> after = applyTo(file->bytes, suggestion);
    if (!after)
        return makeError(after.error().kind, suggestion.path, after.error().message);
    if (const git::Result<void> written = m_tree.replace(suggestion.path, file->bytes, *after); !written)
        return written.error();
    return AppliedChange{finding.id, suggestion.path, std::move(file->bytes), *std::move(after), false};
}

git::Result<void> Applier::undo(AppliedChange &change)
{
    if (change.undone)
        return makeError(git::ErrorKind::Conflict, change.path, "this change is undone already.");
    git::Result<void> written = exchange(change.path, change.after, change.before);
    if (written)
        change.undone = true;
    return written;
}

git::Result<void> Applier::redo(AppliedChange &change)
{
    if (!change.undone)
        return makeError(git::ErrorKind::Conflict, change.path, "this change is in place already.");
    git::Result<void> written = exchange(change.path, change.before, change.after);
    if (written)
        change.undone = false;
    return written;
}

} // namespace review
