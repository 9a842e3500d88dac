// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/identity.h"

#include <cstdint>
#include <cstdio>

namespace review::embedded {

namespace {

/// Beyond this a node is a whole block, whose inner lines may change without the finding changing.
constexpr std::size_t maxKeyBytes = 160;

} // namespace

std::string normalised(std::string_view text)
{
    std::string kept;
    for (const char c : text) {
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            kept += c;
    }
    return kept;
}

std::string placeKey(const rust::Node &at)
{
    std::string_view line = at.tree()->lines()[at.lines().begin];
    line = line.substr(0, line.find("//"));
    return normalised(line) + '\n' + normalised(at.text().substr(0, maxKeyBytes));
}

std::string stableHash(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
    return digits;
}

} // namespace review::embedded
