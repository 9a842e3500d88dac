// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace review::rust {

/// Methods of iterators, options, maps and the like that call their closure before they return.
bool callsInPlace(std::string_view method);

} // namespace review::rust
