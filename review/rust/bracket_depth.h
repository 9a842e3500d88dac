// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace review::rust {

/// How deep (), [] and {} are nested at most, strings, characters and comments left out. One pass; brackets
/// need not match.
std::size_t bracketDepth(std::string_view text);

} // namespace review::rust
