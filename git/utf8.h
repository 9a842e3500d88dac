// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace git {

/// One character of a text: its code point and how many bytes it takes. `length` is 0 where the bytes are not
/// valid UTF-8 (overlong forms, surrogates and values beyond U+10FFFF included).
struct Utf8Character {
    char32_t codePoint = 0;
    std::size_t length = 0;
};

/// The character that starts at `offset`, which must be inside of the text.
Utf8Character utf8At(std::string_view text, std::size_t offset);

/// True for characters that show nothing or reorder what is shown: bidi controls, zero-width characters,
/// tags.
bool isInvisible(char32_t codePoint);

} // namespace git
