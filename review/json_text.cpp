// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/json_text.h"

#include "git/utf8.h"

namespace review {
namespace {

constexpr std::string_view hexDigits = "0123456789abcdef";

} // namespace

bool isUtf8(std::string_view text)
{
    for (std::size_t offset = 0; offset < text.size();) {
        if (static_cast<unsigned char>(text[offset]) < 0x80) {
            ++offset;
            continue;
        }
        const std::size_t length = git::utf8At(text, offset).length;
        if (length == 0)
            return false;
        offset += length;
    }
    return true;
}

std::string toHex(std::string_view bytes)
{
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        hex += hexDigits[value >> 4];
        hex += hexDigits[value & 15];
    }
    return hex;
}

bool fromHex(std::string_view hex, std::string &bytes)
{
    if (hex.size() % 2 != 0)
        return false;
    bytes.clear();
    bytes.reserve(hex.size() / 2);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const std::size_t high = hexDigits.find(hex[i]);
        const std::size_t low = hexDigits.find(hex[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return false;
        bytes += static_cast<char>(high << 4 | low);
    }
    return true;
}

} // namespace review
