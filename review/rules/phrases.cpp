// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"

#include "review/rules/call_search.h"

#include <algorithm>

namespace review::rules {
namespace {

constexpr std::size_t titleLimit = 72;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Code points, not bytes: a title is measured as people see it.
std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

} // namespace

std::string quoted(std::string_view code, std::size_t limit)
{
    std::string text;
    for (const char c : code) {
        if (!isBlank(c))
            text += c == '`' ? '\'' : c;
        else if (!text.empty() && text.back() != ' ')
            text += ' ';
    }
    if (text.size() > limit) {
        std::size_t end = limit;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u)
            --end;
        text.resize(end);
        text += "…";
    }
    return "`" + text + "`";
}

std::string compact(std::string_view code)
{
    std::string text(code);
    std::erase_if(text, isBlank);
    return text;
}

std::string fittingTitle(std::initializer_list<std::string> texts)
{
    const auto *fitting = std::find_if(texts.begin(), texts.end(),
                                       [](const auto &text) { return characters(text) <= titleLimit; });
    return fitting != texts.end() ? *fitting : *(texts.end() - 1);
}

std::string indentOf(const rust::Node &node)
{
    if (!node)
        return {};
    const std::string_view line = node.tree()->lines()[node.lines().begin];
    return std::string(line.substr(0, std::min(line.find_first_not_of(" \t"), line.size())));
}

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool mentions(std::string_view text, std::initializer_list<std::string_view> words)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return hasAny(lower, words);
}

} // namespace review::rules
