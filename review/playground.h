// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace review {

/// A link that opens the code in the Rust Playground; nothing is sent before it is clicked. Empty when it
/// would be longer than 7,500 bytes, which is what the service's front accepts with some room to spare.
std::string makePlaygroundUrl(std::string_view code, std::string_view edition);

} // namespace review
