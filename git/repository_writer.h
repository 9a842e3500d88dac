// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <string>
#include <vector>

namespace git {

/// A regular file of a commit to be made. `path` is relative, `/` between parts.
struct NewFile {
    std::string path;
    std::string bytes;

    bool operator==(const NewFile &) const = default;
};

/// A commit to be made, holding exactly these files, and the branch that will point at it.
struct NewCommit {
    std::string branch;
    std::string message;
    std::vector<NewFile> files;

    bool operator==(const NewCommit &) const = default;
};

/// Makes a repository in a folder that is new or empty (else Conflict), one commit on top of the other, and
/// checks out the last branch. Author and dates are fixed, so that the same files always give the same ids.
Result<void> createRepository(const std::string &folder, const std::vector<NewCommit> &commits);

} // namespace git
