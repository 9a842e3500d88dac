// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <string>
#include <string_view>

namespace git {

/// True for `.git` in any spelling that some file system takes for it: other case, trailing dots and spaces,
/// a stream after `:`, the short name `git~1`, invisible characters in between.
bool isDotGit(std::string_view part);

/// Refuses (InvalidInput) a path that is absolute, has an empty, `.` or `..` part, a NUL, or a part that
/// isDotGit; a backslash separates parts here too.
Result<void> checkWorkPath(const std::string &path);

} // namespace git
