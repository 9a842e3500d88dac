// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace review::rust {

/// "a::b::c" → "c"; the whole of a path of one part.
std::string lastPart(std::string_view path);
/// "a::b::c" → "a::b"; nothing of a path of one part.
std::string withoutLast(std::string_view path);

} // namespace review::rust
