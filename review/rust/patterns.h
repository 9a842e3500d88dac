// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/tree.h"

#include <string_view>
#include <vector>

namespace review::rust {

/// The identifiers that a pattern binds, in source order; constants and variants (upper case) are none.
std::vector<Node> boundNames(const Node &pattern);
/// The identifier in the pattern that binds this name; null if none does.
Node boundName(const Node &pattern, std::string_view name);
/// The identifier stands in a pattern, a path, or as the name of something, and reads no variable.
bool isNoRead(const Node &identifier);

} // namespace review::rust
