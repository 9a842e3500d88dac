// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/diff.h"
#include "git/hunks.h"
#include "git/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace git {

/// A patch file read without a repository. Each file's texts hold only the lines the patch shows;
/// `oldFirstLine` and `newFirstLine` tell, hunk by hunk, where these lines stand in the real files, so that
/// line numbers shown are the real ones.
struct PatchedFile {
    struct Excerpt {
        LineRange oldLines; ///< in the texts below
        LineRange newLines;
        std::uint32_t oldFirstLine = 0; ///< 0-based line in the real file
        std::uint32_t newFirstLine = 0;
        bool operator==(const Excerpt &) const = default;
    };
    FileDelta delta;
    FileTexts texts;
    std::vector<Excerpt> excerpts;

    bool operator==(const PatchedFile &) const = default;
};

/// The hunks of a file's two texts: diffLines and groupHunks in one. The excerpts of a patch are compared one
/// by one: a hunk never reaches over lines that the patch does not show.
Result<std::vector<Hunk>> diffHunks(std::string_view path, const FileTexts &texts,
                                    std::vector<PatchedFile::Excerpt> excerpts = {});

struct Patch {
    Diff diff;                      ///< base and head are of kind Patch
    std::vector<PatchedFile> files; ///< one for each of diff.files, in its order

    bool operator==(const Patch &) const = default;
};

/// Reads a unified diff (git's, with or without its extended headers, or plain). Mail headers and text around
/// it are skipped. Bounded: refuses patches beyond 64 MiB, and series that change a file twice. Errors name
/// the line.
Result<Patch> parsePatch(std::string_view bytes, const std::string &name);

/// The text of a patch that turns oldText into newText, with git's headers and three lines of context;
/// byte-exact, applies with `git apply`. Empty when the texts and modes are equal. An absent side has mode 0.
std::string renderPatch(const FileSide &oldSide, std::string_view oldText, const FileSide &newSide,
                        std::string_view newText);

/// The text after only the chosen hunks were taken: a chosen hunk gives its new lines, any other its old
/// ones. Lines are never reordered.
std::string applyHunks(const std::vector<Hunk> &hunks, const std::vector<bool> &chosen,
                       std::string_view oldText, std::string_view newText);

} // namespace git
