// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <string>
#include <vector>

namespace models {

/// What the program itself writes below a work tree, which is no change of it: its folders, and a saved
/// review with the files that are beside it while it is written.
class OwnFiles {
public:
    OwnFiles() = default;
    /// `paths`: absolute, of files and folders; those that are not below the work tree don't matter. Reads
    /// metadata.
    OwnFiles(const std::string &workTree, const QStringList &paths);

    bool has(const std::string &path) const; ///< relative to the work tree

private:
    std::vector<std::string> m_paths;
};

} // namespace models
