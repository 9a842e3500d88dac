// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace review::rules {

/// The whole text is the pattern's, where `*` stands for any run of bytes, an empty one and slashes included.
/// Costs at most the product of both lengths.
bool matchesGlob(std::string_view text, std::string_view pattern);

} // namespace review::rules
