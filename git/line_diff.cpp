// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/diff.h"
#include "git/hunks.h"
#include "git/libgit2.h"
#include "git/lines.h"

namespace git {
namespace {

/// libgit2 counts lines from 1, and names the line before an empty range.
LineRange toRange(int start, int count)
{
    const auto begin = static_cast<std::uint32_t>(count > 0 ? start - 1 : start);
    return {begin, begin + static_cast<std::uint32_t>(count)};
}

int onHunk(const git_diff_delta *, const git_diff_hunk *hunk, void *payload)
{
    auto *changes = static_cast<std::vector<Change> *>(payload);
    changes->push_back(
        {toRange(hunk->old_start, hunk->old_lines), toRange(hunk->new_start, hunk->new_lines)});
    return 0;
}

LineRange allLines(std::string_view text)
{
    return {0, static_cast<std::uint32_t>(Lines(text).count())};
}

} // namespace

Result<std::vector<Change>> diffLines(std::string_view oldText, std::string_view newText)
{
    std::vector<Change> changes;
    if (oldText == newText)
        return changes;
    if (oldText.size() > maxTextBytes || newText.size() > maxTextBytes)
        return Error{ErrorKind::InvalidInput, "A text of more than " + std::to_string(maxTextBytes >> 20) +
                                                  " MiB is not compared line by line."};
    if (oldText.empty() || newText.empty()) {
        changes.push_back({allLines(oldText), allLines(newText)});
        return changes;
    }
    startLibrary();
    git_diff_options options;
    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
    options.context_lines = 0;
    options.interhunk_lines = 0;
    const int code = git_diff_buffers(oldText.data(), oldText.size(), nullptr, newText.data(), newText.size(),
                                      nullptr, &options, nullptr, nullptr, onHunk, nullptr, &changes);
    if (code != 0)
        return libraryError(code, "Cannot compare two texts");
    return changes;
}

LineCounts countLines(const std::vector<Change> &changes)
{
    LineCounts counts;
    for (const Change &change : changes) {
        counts.removed += change.oldLines.size();
        counts.added += change.newLines.size();
    }
    return counts;
}

} // namespace git
