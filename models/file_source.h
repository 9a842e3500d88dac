// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/workspace.h"

#include <stop_token>

namespace models {

/// The texts of one changed file, with the line numbers a patch gives them.
struct SourceTexts {
    git::FileTexts texts;
    std::vector<git::PatchedFile::Excerpt> excerpts;
};

/// Reads what was opened, for a worker: holds copies, shares nothing with the GUI thread. A text that a
/// review has kept wins over the repository's, so that findings stay at their lines.
class FileSource {
public:
    explicit FileSource(const Opened &opened);

    /// Costs reading the file; opens the repository anew.
    git::Result<SourceTexts> read(int file) const;
    git::Result<git::FileTexts> readUnchanged(const git::TreeFile &file) const;
    git::Result<std::vector<git::TreeFile>> allFiles(std::stop_token stop) const;

    /// Keeps the text a review has of this file; call it before `read` where there may be one.
    void keep(int file, const std::vector<review::ReviewFile> &reviewed);

private:
    Opened::Kind m_kind;
    std::string m_path;
    git::Diff m_diff;
    std::shared_ptr<const git::Patch> m_patch;
    int m_keptFile = -1;
    SourceTexts m_kept;
};

/// The texts that a review about to be saved lacks. None for a saved one: it holds all that there is.
review::IndexedFiles readMissingTexts(const Opened &opened, std::stop_token stop);

} // namespace models
