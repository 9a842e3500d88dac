// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/position.h"

#include <string_view>
#include <vector>

namespace git {

/// The words of a line, in order and without holes: identifiers and numbers (any character beyond ASCII
/// counts as a letter), runs of spaces and tabs, and every other character alone. A character of several
/// bytes is never split.
std::vector<ByteRange> splitWords(std::string_view line);

} // namespace git
