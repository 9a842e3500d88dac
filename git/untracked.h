// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/diff.h"
#include "git/result.h"

#include <stop_token>
#include <string>
#include <vector>

namespace git {

struct OpenRepository;

/// Refuses a folder of the work tree whose `.gitignore` or `.gitattributes` is a pipe or device: libgit2
/// would wait for it for ever. `folder` is relative, empty for the root, else with a final slash.
Result<void> checkIgnoreFiles(const OpenRepository &repository, const std::string &folder);

/// The regular files and links below untracked folders (relative, with a final slash) that no ignore rule
/// leaves out. Links are not followed, repositories inside are left out as git does, folders that can't be
/// read too. At most maxFiles.
Result<std::vector<FileSide>> listUntracked(const OpenRepository &repository,
                                            std::vector<std::string> folders, const std::stop_token &stop);

} // namespace git
