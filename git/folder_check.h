// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <string>

namespace git {

/// Refuses a git folder in which anything is a pipe, device or socket: git makes none, and reading one could
/// wait for ever. Reads names only; looks at no more than 200,000 of them.
Result<void> checkGitFolder(const std::string &folder);

} // namespace git
