// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/display.h"

#include "git/utf8.h"

#include <cstdio>

namespace git {

std::string displayName(std::string_view bytes)
{
    std::string shown;
    shown.reserve(bytes.size());
    char escape[16];
    for (std::size_t i = 0; i < bytes.size();) {
        const Utf8Character character = utf8At(bytes, i);
        const char32_t c = character.codePoint;
        if (character.length == 0) {
            std::snprintf(escape, sizeof escape, "\\x%02X", static_cast<unsigned char>(bytes[i]));
            shown += escape;
        } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || isInvisible(c)) {
            std::snprintf(escape, sizeof escape, "\\u{%X}", static_cast<unsigned>(c));
            shown += escape;
        } else {
            shown += bytes.substr(i, character.length);
        }
        i += character.length ? character.length : 1;
    }
    return shown;
}

} // namespace git
