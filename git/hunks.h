// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/position.h"
#include "git/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace git {

/// A maximal run of changed lines: `oldLines` were replaced by `newLines`; one of them may be empty.
struct Change {
    LineRange oldLines;
    LineRange newLines;

    bool operator==(const Change &) const = default;
};

/// Changes that git shows together because fewer than seven unchanged lines part them. `id` is stable: a hash
/// of the path and of the hunk's own removed and added lines (equal hunks of one file are told apart by their
/// order), so it survives edits elsewhere. The line ranges span from the first to the last changed line,
/// without context.
struct Hunk {
    std::string id;
    LineRange oldLines;
    LineRange newLines;
    std::vector<Change> changes;

    bool operator==(const Hunk &) const = default;
};

/// The one line diff: libgit2's xdiff with the indentation heuristic, byte-exact (line ends count). Pure;
/// the counts are those of `git diff --numstat`. Cost: linear for similar texts; texts beyond maxTextBytes
/// are refused with InvalidInput.
Result<std::vector<Change>> diffLines(std::string_view oldText, std::string_view newText);

/// Groups changes into hunks as `git diff` does with three lines of context, and names them.
std::vector<Hunk> groupHunks(std::string_view path, const std::vector<Change> &changes,
                             std::string_view oldText, std::string_view newText);

/// The +/− counts as `git diff --numstat` gives them.
struct LineCounts {
    std::uint32_t added = 0;
    std::uint32_t removed = 0;

    bool operator==(const LineCounts &) const = default;
};
LineCounts countLines(const std::vector<Change> &changes);

} // namespace git
