// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <string>
#include <string_view>

namespace git {

/// One side of a comparison, as asked for.
struct Endpoint {
    enum class Kind { Treeish, EmptyTree, Index, WorkTree };
    Kind kind = Kind::Treeish;
    std::string revision; ///< for Treeish: any revision expression libgit2 resolves; else empty

    bool operator==(const Endpoint &) const = default;
};

/// What to compare, before it is resolved. `fromMergeBase` replaces the base by the merge base of both sides
/// (`A...B`). `Automatic` is what a command without a RANGE means: the work tree and the current branch
/// against its upstream or the default branch. `Commit` compares one commit with its first parent (the empty
/// tree for a root commit).
struct Range {
    enum class Kind { Automatic, Two, Commit, Staged, WorkTree };
    Kind kind = Kind::Automatic;
    Endpoint base;
    Endpoint head;
    bool fromMergeBase = false;

    bool operator==(const Range &) const = default;
};

/// Reads `A..B`, `A...B`, one revision, `--staged`, `--worktree`, or nothing (Automatic). An empty side of
/// `..` is HEAD. Only the form is checked here; revisions are resolved by Repository::resolve.
Result<Range> parseRange(std::string_view text);

/// The range as the user would type it.
std::string toText(const Range &range);

} // namespace git
