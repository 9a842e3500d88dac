// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace git {

/// The hex id that git would give a blob of these bytes: equal for equal bytes only. Empty when the library
/// fails. About 300 MB a second.
std::string contentId(std::string_view bytes);

} // namespace git
