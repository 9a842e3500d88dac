// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/patch_names.h"

#include <cstdio>

namespace git {
namespace {

constexpr std::string_view nothing = "/dev/null";
constexpr std::string_view letters = "abtnvfr\"\\";
constexpr std::string_view escaped = "\a\b\t\n\v\f\r\"\\";

bool hasPrefix(std::string_view name)
{
    return name.size() > 2 && name[1] == '/' &&
           std::string_view("abciow").find(name[0]) != std::string_view::npos;
}

std::string_view withoutPrefix(std::string_view name)
{
    return hasPrefix(name) ? name.substr(2) : name;
}

/// The value of three octal digits at the start; empty if they are none, or a NUL.
std::optional<char> takeOctal(std::string_view &text)
{
    if (text.size() < 3)
        return std::nullopt;
    int value = 0;
    for (int i = 0; i < 3; ++i) {
        if (text[i] < '0' || text[i] > '7')
            return std::nullopt;
        value = value * 8 + (text[i] - '0');
    }
    text.remove_prefix(3);
    if (value == 0 || value > 255)
        return std::nullopt;
    return static_cast<char>(value);
}

} // namespace

std::string quoteName(const std::string &path)
{
    std::string quoted = "\"";
    bool needed = false;
    for (const char c : path) {
        const std::size_t letter = escaped.find(c);
        const auto byte = static_cast<unsigned char>(c);
        if (letter != std::string_view::npos) {
            quoted += '\\';
            quoted += letters[letter];
        } else if (byte < 0x20 || byte >= 0x7F) {
            char octal[8];
            std::snprintf(octal, sizeof octal, "\\%03o", byte);
            quoted += octal;
        } else {
            quoted += c;
            continue;
        }
        needed = true;
    }
    return needed ? quoted + '"' : path;
}

std::optional<std::string> takeQuotedName(std::string_view &text)
{
    if (!text.starts_with('"'))
        return std::nullopt;
    text.remove_prefix(1);
    std::string name;
    while (!text.empty() && text.front() != '"') {
        char c = text.front();
        text.remove_prefix(1);
        if (c == '\\') {
            if (text.empty())
                return std::nullopt;
            if (const std::size_t letter = letters.find(text.front()); letter != std::string_view::npos) {
                c = escaped[letter];
                text.remove_prefix(1);
            } else if (const std::optional<char> octal = takeOctal(text)) {
                c = *octal;
            } else {
                return std::nullopt;
            }
        }
        if (c == '\0')
            return std::nullopt;
        name += c;
    }
    if (text.empty())
        return std::nullopt;
    text.remove_prefix(1);
    return name;
}

std::optional<NamePair> splitGitNames(std::string_view text)
{
    if (text.starts_with('"')) {
        std::optional<std::string> first = takeQuotedName(text);
        if (!first || !text.starts_with(' '))
            return std::nullopt;
        text.remove_prefix(1);
        if (!text.starts_with('"'))
            return NamePair{std::move(*first), std::string(text)};
        std::optional<std::string> second = takeQuotedName(text);
        return second ? std::optional(NamePair{std::move(*first), std::move(*second)}) : std::nullopt;
    }
    if (const std::size_t quote = text.find(" \""); text.ends_with('"') && quote != std::string_view::npos) {
        const std::string first(text.substr(0, quote));
        text.remove_prefix(quote + 1);
        std::optional<std::string> second = takeQuotedName(text);
        return second ? std::optional(NamePair{first, std::move(*second)}) : std::nullopt;
    }
    for (std::size_t space = text.find(' '); space != std::string_view::npos;
         space = text.find(' ', space + 1)) {
        const std::string_view first = text.substr(0, space);
        const std::string_view second = text.substr(space + 1);
        if (!first.empty() && (first == second || withoutPrefix(first) == withoutPrefix(second)))
            return NamePair{std::string(first), std::string(second)};
    }
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos || text.find(' ', space + 1) != std::string_view::npos)
        return std::nullopt;
    return NamePair{std::string(text.substr(0, space)), std::string(text.substr(space + 1))};
}

void stripPrefixes(std::string &oldName, std::string &newName)
{
    const bool oldFits = oldName == nothing || hasPrefix(oldName);
    const bool newFits = newName == nothing || hasPrefix(newName);
    if (!oldFits || !newFits || (oldName != nothing && newName != nothing && oldName[0] == newName[0]))
        return;
    if (oldName != nothing)
        oldName.erase(0, 2);
    if (newName != nothing)
        newName.erase(0, 2);
}

} // namespace git
