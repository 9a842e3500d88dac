// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/path_parts.h"

namespace review::rust {

std::string lastPart(std::string_view path)
{
    const std::size_t colon = path.rfind("::");
    return std::string(colon == std::string_view::npos ? path : path.substr(colon + 2));
}

std::string withoutLast(std::string_view path)
{
    const std::size_t colon = path.rfind("::");
    return std::string(colon == std::string_view::npos ? std::string_view() : path.substr(0, colon));
}

} // namespace review::rust
