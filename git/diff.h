// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/position.h"

#include <cstdint>
#include <string>
#include <vector>

namespace git {

enum class FileStatus { Added, Deleted, Modified, Renamed, Copied, TypeChanged, Conflicted, Unchanged };

/// What a side of a file is. TooLarge: beyond `maxTextBytes`, listed but not compared.
enum class ContentKind { Absent, Text, Binary, Symlink, Submodule, TooLarge, Missing };

/// Texts beyond this size are listed but not compared or analysed unless asked for.
inline constexpr std::uint64_t maxTextBytes = 16u << 20;

/// One side of a changed file. `path` is relative to the repository, raw bytes, `/` between parts. `id` is
/// the blob's hex id; empty where the bytes are only in the work tree. `mode` is git's (0100644, 0100755,
/// 0120000, 0160000; 0 when absent).
struct FileSide {
    std::string path;
    std::string id;
    std::uint32_t mode = 0;

    bool exists() const { return mode != 0; }
    bool operator==(const FileSide &) const = default;
};

/// A changed file as `git diff --raw -M` lists it, without its lines.
struct FileDelta {
    FileStatus status = FileStatus::Modified;
    FileSide oldSide;
    FileSide newSide;
    int similarity = 0; ///< percent, for Renamed and Copied

    /// The path to show and to name the file by: the new one, or the old one of a deleted file.
    const std::string &path() const { return newSide.exists() ? newSide.path : oldSide.path; }
    bool operator==(const FileDelta &) const = default;
};

/// A resolved side of a diff: what was asked for, and the commit or tree it is now.
struct ResolvedEndpoint {
    enum class Kind { Commit, Tree, EmptyTree, Index, WorkTree, Patch };
    Kind kind = Kind::Commit;
    std::string id;   ///< hex id of commit or tree; empty for Index, WorkTree, EmptyTree and Patch
    std::string name; ///< for people: "main", "v1.2", "work tree"

    bool operator==(const ResolvedEndpoint &) const = default;
};

/// A change: its two ends and its files in git's order. Holds no file contents.
struct Diff {
    std::string repository; ///< the folder to show and to reopen (work tree root, or the bare repository);
                            ///< empty for a patch
    ResolvedEndpoint base;
    ResolvedEndpoint head;
    std::vector<FileDelta> files;
    bool renamesComplete =
        true; ///< false: rename detection was cut off or failed, renames may show as delete and add

    bool operator==(const Diff &) const = default;
};

/// The bytes of both sides of one file. A side that is Absent, Binary, Submodule, TooLarge or Missing has an
/// empty text; a Symlink's text is its target.
struct FileTexts {
    ContentKind oldKind = ContentKind::Absent;
    ContentKind newKind = ContentKind::Absent;
    std::string oldText;
    std::string newText;

    /// Both existing sides are text that can be aligned line by line.
    bool comparable() const;
    bool operator==(const FileTexts &) const = default;
};

const char *toText(FileStatus status);
const char *toText(ContentKind kind);

} // namespace git
