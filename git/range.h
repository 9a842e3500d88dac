// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <string>
#include <string_view>

namespace git {

/// One side of a comparison, as asked for.
struct Endpoint {
    enum class Kind {
        Treeish,
        EmptyTree,
        Index,
        WorkTree
    }; ///< the index only as base of the work tree, or as head
    Kind kind = Kind::Treeish;
    std::string revision; ///< for Treeish: any revision expression libgit2 resolves; else empty

    bool operator==(const Endpoint &) const = default;
};

/// What to compare, before it is resolved. `fromMergeBase` replaces the base by the merge base of both sides
/// (`A...B`). `Commit` compares one commit with its first parent (the empty tree for a root commit). `Staged`
/// is HEAD against the index, `WorkTree` HEAD against the work tree, untracked files included; without a
/// commit yet the empty tree is HEAD.
///
/// `Automatic` is what a command without a RANGE means: the work tree (HEAD where the repository is bare)
/// against its merge base with the branch it is compared with. That branch is the upstream of the current
/// one, unless the upstream is only the branch's own copy on a remote (`feature` following `origin/feature`),
/// and else the default branch: what `origin/HEAD` names, or the first that exists of `origin/main`,
/// `origin/master`, `origin/trunk`, `main`, `master`, `trunk`. Where HEAD has no commit of its own (on the
/// default branch, say, or with no such branch), the base is HEAD: what is not committed; and if there is
/// nothing of that, the last commit is taken. With no commit yet: everything.
struct Range {
    enum class Kind { Automatic, Two, Commit, Staged, WorkTree };
    Kind kind = Kind::Automatic;
    Endpoint base;
    Endpoint head;
    bool fromMergeBase = false;

    bool operator==(const Range &) const = default;
};

/// Reads `A..B`, `A...B`, one revision, `--staged`, `--worktree`, or nothing (Automatic). An empty side of
/// `..` is HEAD. Only the form is checked here; revisions are resolved by Repository::diff.
Result<Range> parseRange(std::string_view text);

/// The range as the user would type it.
std::string toText(const Range &range);

} // namespace git
