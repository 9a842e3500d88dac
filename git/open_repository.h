// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/diff.h"
#include "git/libgit2.h"
#include "git/repository.h"
#include "git/safe_file.h"

#include <mutex>
#include <string>
#include <vector>

namespace git {

/// What a Repository holds. Private to git's .cpp files.
struct OpenRepository {
    RepositoryPointer handle;
    std::string path;          ///< to show and to reopen
    std::string workTree;      ///< empty for a bare one
    FileDescriptor workFolder; ///< the work tree's root
    std::vector<std::string> warnings;
    mutable std::mutex converting; ///< libgit2's filters are one thread's at a time

    bool hasWorkTree() const { return static_cast<bool>(workFolder); }
};

struct Repository::State : OpenRepository {};

/// A side of a diff after its revision was looked up. `tree` is null for the empty tree, the index and the
/// work tree.
struct ResolvedSide {
    ResolvedEndpoint endpoint;
    TreePointer tree;
};
struct ResolvedSides {
    ResolvedSide base;
    ResolvedSide head;
};

/// Looks the range's revisions up. Automatic is replaced by chooseRange first.
Result<ResolvedSides> resolveRange(const OpenRepository &repository, const Range &range);
/// The side that a resolved endpoint names, for reading its files.
Result<ResolvedSide> resolveEndpoint(const OpenRepository &repository, const ResolvedEndpoint &endpoint);

/// The range that Automatic stands for, by the rule in range.h. `onlyUncommitted`: base is HEAD itself, so
/// that a clean work tree leaves nothing to show.
struct ChosenRange {
    Range range;
    bool onlyUncommitted = false;
};
Result<ChosenRange> chooseRange(const OpenRepository &repository);

/// The files that differ, sorted by path, renames not yet found.
Result<std::vector<FileDelta>> listChanges(const OpenRepository &repository, const ResolvedSides &sides,
                                           const std::vector<std::string> &paths,
                                           const std::stop_token &stop);

/// What a side's bytes are and the bytes, as FileTexts tells it.
struct SideContent {
    ContentKind kind = ContentKind::Absent;
    std::string bytes;
};
Result<SideContent> readSide(const OpenRepository &repository, const FileSide &side, bool inWorkTree,
                             std::uint64_t maxBytes);
/// The bytes git would store for these bytes of the work tree: line ends as `core.autocrlf` and the
/// attributes ask.
std::string toStored(const OpenRepository &repository, const std::string &path, std::string bytes);
/// Whether toStored can change anything for this path.
bool isConverted(const OpenRepository &repository, const std::string &path);
/// The id of the blob git would store for the work tree's file; empty where it can't be read.
std::string workFileId(const OpenRepository &repository, const FileSide &side);

/// More files than this in one tree or diff are refused: a small hostile tree can name billions.
inline constexpr std::size_t maxFiles = 1'000'000;

} // namespace git
