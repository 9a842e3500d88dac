// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/remarks.h"

#include <string_view>

namespace review::rules {
namespace {

constexpr std::uint32_t mostLines = 20;

std::string_view trimmed(std::string_view line)
{
    const std::size_t first = line.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view() : line.substr(first);
}

} // namespace

std::string remarkOn(const rust::Node &node)
{
    if (!node)
        return {};
    const git::Lines &lines = node.tree()->lines();
    const std::uint32_t own = node.lines().begin;
    std::string remark;
    for (std::uint32_t line = own; line > 0 && own - line < mostLines; --line) {
        const std::string_view above = trimmed(lines[line - 1]);
        if (above.starts_with("//"))
            remark.insert(0, above);
        else if (!above.starts_with("#["))
            break;
    }
    const std::string_view first = lines[own];
    const std::size_t trailing = first.find(" // ");
    if (trailing != std::string_view::npos)
        remark += first.substr(trailing);
    return remark;
}

} // namespace review::rules
