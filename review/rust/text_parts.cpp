// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/text_parts.h"

#include <cstring>

namespace review::rust {
namespace {

constexpr std::size_t partBytes = 4;
constexpr std::uint32_t partBits = 16;

std::uint32_t partHash(const char *at)
{
    std::uint32_t part = 0;
    std::memcpy(&part, at, partBytes);
    return (part * 2654435761U) >> (32 - partBits);
}

} // namespace

bool TextParts::contains(std::string_view text, std::string_view word)
{
    if (word.size() >= partBytes) {
        std::call_once(m_isBuilt, [&] {
            m_parts.assign((1U << partBits) / 64, 0);
            for (std::size_t at = 0; at + partBytes <= text.size(); ++at) {
                const std::uint32_t hash = partHash(text.data() + at);
                m_parts[hash / 64] |= std::uint64_t{1} << (hash % 64);
            }
        });
        for (std::size_t at = 0; at + partBytes <= word.size(); ++at) {
            const std::uint32_t hash = partHash(word.data() + at);
            if (!(m_parts[hash / 64] >> (hash % 64) & 1))
                return false;
        }
    }
    return memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

} // namespace review::rust
