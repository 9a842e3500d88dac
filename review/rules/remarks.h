// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/tree.h"

#include <string>

namespace review::rules {

/// What the author says of a statement or item: the comment lines directly above it, attributes between them
/// left out, and the one at the end of its first line. Empty if there is none; costs the lines it reads.
std::string remarkOn(const rust::Node &node);

} // namespace review::rules
