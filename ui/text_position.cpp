// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text_position.h"

#include <algorithm>

namespace ui {
namespace {

struct Character {
    char32_t code = 0xFFFD;
    std::size_t size = 1;
};

bool isContinuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/// The first character of non-empty `bytes`, by the table of well-formed sequences of the Unicode standard
/// (3-7).
Character firstCharacter(std::string_view bytes)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || bytes.size() < size)
        return {};
    char32_t code = lead & (0xFF >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if (!isContinuation(at(i)))
            return {};
        code = code << 6 | (at(i) & 0x3F);
    }
    const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (overlong || surrogate || code > 0x10FFFF)
        return {};
    return {code, size};
}

} // namespace

void DecodedLine::decode(std::string_view bytes)
{
    m_bytes.clear();
    const bool ascii = std::none_of(bytes.begin(), bytes.end(), [](char c) { return c & 0x80; });
    if (ascii) {
        m_text = QString::fromLatin1(bytes.data(), qsizetype(bytes.size()));
        return;
    }
    m_text.clear();
    m_text.reserve(qsizetype(bytes.size()));
    for (std::size_t i = 0; i < bytes.size();) {
        const Character character = firstCharacter(bytes.substr(i));
        if (QChar::requiresSurrogates(character.code)) {
            m_text += QChar(QChar::highSurrogate(character.code));
            m_text += QChar(QChar::lowSurrogate(character.code));
            m_bytes.push_back(std::uint32_t(i));
        } else {
            m_text += QChar(char16_t(character.code));
        }
        m_bytes.push_back(std::uint32_t(i));
        i += character.size;
    }
    m_bytes.push_back(std::uint32_t(bytes.size()));
}

std::uint32_t DecodedLine::byteAt(qsizetype unit) const
{
    return m_bytes.empty() ? std::uint32_t(unit) : m_bytes[std::size_t(unit)];
}

std::size_t cutAtCharacter(std::string_view bytes, std::size_t limit)
{
    if (bytes.size() <= limit)
        return bytes.size();
    std::size_t cut = limit;
    while (cut > 0 && limit - cut < 3 && isContinuation(static_cast<unsigned char>(bytes[cut])))
        --cut;
    return cut;
}

} // namespace ui
