// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/diff.h"
#include "git/hunks.h"
#include "git/patch.h"
#include "git/rows.h"
#include "review/outline.h"

#include <memory>
#include <string>
#include <vector>

namespace models {

/// One file ready to be shown: made by a worker, immutable, shared. When `message` is set there is nothing to align (binary, too large, missing …)
/// and it says what the reader sees instead.
struct FileView {
    git::FileDelta delta;
    git::FileTexts texts;
    std::vector<git::Hunk> hunks;
    git::Alignment alignment;
    std::vector<review::OutlineItem> oldOutline;
    std::vector<review::OutlineItem> newOutline;
    std::vector<git::PatchedFile::Excerpt> excerpts; ///< of a patch: the real line numbers
    std::string message;                             ///< UTF-8, for people
};

/// Reads nothing: aligns texts that were already read. Costs up to some 100 ms for a 100,000-line file: call it from a job.
std::shared_ptr<const FileView> makeFileView(git::FileDelta delta, git::FileTexts texts,
                                             std::vector<git::PatchedFile::Excerpt> excerpts = {});

} // namespace models
