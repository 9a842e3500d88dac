// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace review {

/// Whether all bytes are valid UTF-8.
bool isUtf8(std::string_view text);

/// Lower-case hex digits of bytes, and back; false for anything that toHex does not write.
std::string toHex(std::string_view bytes);
bool fromHex(std::string_view hex, std::string &bytes);

} // namespace review
