// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/suppressions.h"

#include "review/rust/flow.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace review::embedded {

namespace {

/// The reason that a line gives for the rule; empty if it gives none.
std::string_view reasonIn(std::string_view line, std::string_view rule)
{
    const std::string words = "ferriscope: allow(" + std::string(rule) + "):";
    const std::size_t comment = line.find("//");
    const std::size_t found = line.find(words);
    if (comment == std::string_view::npos || found == std::string_view::npos || found < comment)
        return {};
    const std::size_t start = line.find_first_not_of(" \t", found + words.size());
    if (start == std::string_view::npos)
        return {};
    return line.substr(start, line.find_last_not_of(" \t") + 1 - start);
}

bool isComment(std::string_view line)
{
    const std::size_t start = line.find_first_not_of(" \t");
    return start != std::string_view::npos && line.substr(start).starts_with("//");
}

/// Of the line itself, then of the comment lines right above it.
std::string_view reasonAt(const git::Lines &lines, std::uint32_t line, std::string_view rule)
{
    std::string_view reason = reasonIn(lines[line], rule);
    while (reason.empty() && line > 0 && isComment(lines[--line]))
        reason = reasonIn(lines[line], rule);
    return reason;
}

} // namespace

bool isAllowed(const rules::Card &card, const rust::Node &at)
{
    return std::any_of(card.lints.begin(), card.lints.end(),
                       [&](const std::string &lint) { return rust::isAllowed(at, lint); });
}

std::string silencedBy(const rules::Card &card, const rust::Node &at)
{
    const git::Lines &lines = at.tree()->lines();
    std::string_view reason = reasonAt(lines, at.lines().begin, card.id);
    const rust::Node statement = rust::statementOf(at);
    if (reason.empty() && statement)
        reason = reasonAt(lines, statement.lines().begin, card.id);
    return std::string(reason);
}

} // namespace review::embedded
