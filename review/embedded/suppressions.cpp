// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/suppressions.h"

#include "review/rust/flow.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace review::embedded {

namespace {

bool allows(std::string_view line, std::string_view rule)
{
    const std::string words = "ferriscope: allow(" + std::string(rule) + "):";
    const std::size_t comment = line.find("//");
    const std::size_t found = line.find(words);
    if (comment == std::string_view::npos || found == std::string_view::npos || found < comment)
        return false;
    return line.find_first_not_of(" \t", found + words.size()) != std::string_view::npos;
}

bool isComment(std::string_view line)
{
    const std::size_t start = line.find_first_not_of(" \t");
    return start != std::string_view::npos && line.substr(start).starts_with("//");
}

/// The line itself, then the comment lines right above it.
bool allowedAt(const git::Lines &lines, std::uint32_t line, std::string_view rule)
{
    if (allows(lines[line], rule))
        return true;
    while (line > 0 && isComment(lines[--line])) {
        if (allows(lines[line], rule))
            return true;
    }
    return false;
}

} // namespace

bool isSuppressed(const rules::Card &card, const rust::Node &at)
{
    if (std::any_of(card.lints.begin(), card.lints.end(),
                    [&](const std::string &lint) { return rust::isAllowed(at, lint); }))
        return true;
    const git::Lines &lines = at.tree()->lines();
    if (allowedAt(lines, at.lines().begin, card.id))
        return true;
    const rust::Node statement = rust::statementOf(at);
    return statement && allowedAt(lines, statement.lines().begin, card.id);
}

} // namespace review::embedded
