// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/bracket_depth.h"

#include <algorithm>

namespace review::rust {
namespace {

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (static_cast<unsigned char>(c) & 0x80);
}

/// The position after a string whose opening quote is at `at`.
std::size_t afterString(std::string_view text, std::size_t at)
{
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return text.size();
}

/// The position after a raw string that starts at `at` with its hashes or its quote; `at` if none starts
/// there.
std::size_t afterRawString(std::string_view text, std::size_t at)
{
    std::size_t quote = at;
    while (quote < text.size() && text[quote] == '#')
        ++quote;
    if (quote >= text.size() || text[quote] != '"')
        return at;
    const std::size_t hashes = quote - at;
    for (std::size_t end = text.find('"', quote + 1); end != std::string_view::npos;
         end = text.find('"', end + 1)) {
        std::size_t found = 0;
        while (found < hashes && end + 1 + found < text.size() && text[end + 1 + found] == '#')
            ++found;
        if (found == hashes)
            return end + 1 + hashes;
    }
    return text.size();
}

/// The position after a character literal or a lifetime whose quote is at `at`. A literal's closing quote is
/// near: `'\u{10FFFF}'`.
std::size_t afterQuote(std::string_view text, std::size_t at)
{
    const std::string_view near = text.substr(at, 12);
    if (near.size() > 2 && near[1] == '\\') {
        const std::size_t end = near.find('\'', 3);
        return at + (end == std::string_view::npos ? 1 : end + 1);
    }
    const std::size_t end = near.find('\'', 2);
    const bool oneCharacter = end == 2 || (end != std::string_view::npos && end <= 5 &&
                                           (static_cast<unsigned char>(near[1]) & 0x80));
    return at + (oneCharacter ? end + 1 : 1);
}

std::size_t afterBlockComment(std::string_view text, std::size_t at)
{
    std::size_t depth = 0;
    while (at + 1 < text.size()) {
        if (text[at] == '/' && text[at + 1] == '*') {
            ++depth;
            at += 2;
        } else if (text[at] == '*' && text[at + 1] == '/') {
            at += 2;
            if (--depth == 0)
                return at;
        } else {
            ++at;
        }
    }
    return text.size();
}

} // namespace

std::size_t bracketDepth(std::string_view text)
{
    std::size_t depth = 0;
    std::size_t deepest = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        const char next = at + 1 < text.size() ? text[at + 1] : '\0';
        if (c == '(' || c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
            ++at;
        } else if (c == ')' || c == ']' || c == '}') {
            depth -= depth > 0 ? 1 : 0;
            ++at;
        } else if (c == '/' && next == '/') {
            at = std::min(text.find('\n', at), text.size());
        } else if (c == '/' && next == '*') {
            at = afterBlockComment(text, at);
        } else if (c == '"') {
            at = afterString(text, at);
        } else if (c == '\'') {
            at = afterQuote(text, at);
        } else if (isWord(c)) {
            const std::size_t begin = at;
            while (at < text.size() && isWord(text[at]))
                ++at;
            const std::string_view word = text.substr(begin, at - begin);
            if (word == "r" || word == "br" || word == "cr")
                at = afterRawString(text, at);
        } else {
            ++at;
        }
    }
    return deepest;
}

} // namespace review::rust
