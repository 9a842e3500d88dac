// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/lexer.h"

#include <array>
#include <cstring>

namespace review::rust {
namespace {

enum Class : unsigned char { Other, Space, Letter, Digit };

constexpr std::array<Class, 256> makeClasses()
{
    std::array<Class, 256> classes{};
    for (std::size_t c = 0; c < classes.size(); ++c) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            classes[c] = Space;
        else if (c == '_' || c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            classes[c] = Letter;
        else if (c >= '0' && c <= '9')
            classes[c] = Digit;
    }
    return classes;
}
constexpr std::array<Class, 256> classes = makeClasses();

Class classOf(char c)
{
    return classes[static_cast<unsigned char>(c)];
}

/// The bytes of a character by its first one.
std::size_t characterBytes(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

} // namespace

void Lexer::skipBlockComment()
{
    std::size_t depth = 0;
    std::size_t at = m_at;
    while (at + 1 < m_text.size()) {
        if (m_text[at] == '/' && m_text[at + 1] == '*') {
            ++depth;
            at += 2;
        } else if (m_text[at] == '*' && m_text[at + 1] == '/') {
            at += 2;
            if (--depth == 0) {
                m_at = at;
                return;
            }
        } else {
            ++at;
        }
    }
    m_at += 2; // not closed
}

void Lexer::skipSpace()
{
    while (m_at < m_text.size()) {
        const char c = m_text[m_at];
        if (classOf(c) == Space) {
            ++m_at;
        } else if (c == '/' && at(m_at + 1) == '/') {
            const void *end = std::memchr(m_text.data() + m_at, '\n', m_text.size() - m_at);
            m_at = end ? static_cast<std::size_t>(static_cast<const char *>(end) - m_text.data())
                       : m_text.size();
        } else if (c == '/' && at(m_at + 1) == '*') {
            skipBlockComment();
        } else {
            return;
        }
    }
}

/// At the opening quote.
void Lexer::skipString()
{
    for (std::size_t end = m_at + 1; end < m_text.size(); ++end) {
        if (m_text[end] == '\\') {
            ++end;
        } else if (m_text[end] == '"') {
            m_at = end + 1;
            return;
        }
    }
    ++m_at;
}

/// At the first `#` or the quote; false where it is no raw string.
bool Lexer::skipRawString(std::size_t hashes)
{
    if (at(m_at + hashes) != '"')
        return false;
    for (std::size_t end = m_text.find('"', m_at + hashes + 1); end != std::string_view::npos;
         end = m_text.find('"', end + 1)) {
        std::size_t closing = 0;
        while (closing < hashes && at(end + 1 + closing) == '#')
            ++closing;
        if (closing == hashes) {
            m_at = end + 1 + hashes;
            return true;
        }
    }
    m_at += hashes + 1;
    return true;
}

/// A character or a lifetime.
void Lexer::skipQuote()
{
    std::size_t end = m_at + 1;
    if (at(end) == '\\') {
        const std::size_t limit = end + 12; // '\u{10ffff}'
        for (end += 2; end < m_text.size() && end < limit && m_text[end] != '\'';)
            ++end;
        m_at = at(end) == '\'' ? end + 1 : m_at + 1;
        return;
    }
    const std::size_t close = end + characterBytes(at(end));
    if (at(end) != '\'' && at(close) == '\'') {
        m_at = close + 1;
        return;
    }
    while (end < m_text.size() && classOf(m_text[end]) >= Letter)
        ++end;
    m_at = end;
}

/// After a word that begins a literal: `b"…"`, `r#"…"#`, `b'…'`.
bool Lexer::skipPrefixed(std::string_view word)
{
    const char c = at(m_at);
    if ((c != '"' && c != '\'' && c != '#') || word.size() > 2)
        return false;
    if (word == "r" || word == "br" || word == "cr") {
        std::size_t hashes = 0;
        while (at(m_at + hashes) == '#')
            ++hashes;
        return skipRawString(hashes);
    }
    if (word == "b" || word == "c") {
        if (c == '"')
            skipString();
        else if (c == '\'' && word == "b")
            skipQuote();
        else
            return false;
        return true;
    }
    return false;
}

Token Lexer::next()
{
    for (;;) {
        skipSpace();
        if (m_at >= m_text.size())
            return {};
        const std::size_t begin = m_at;
        const char c = m_text[m_at];
        const Class kind = classOf(c);
        if (kind == Letter || kind == Digit) {
            while (m_at < m_text.size() && classOf(m_text[m_at]) >= Letter)
                ++m_at;
            if (kind == Digit)
                continue;
            const std::string_view word = m_text.substr(begin, m_at - begin);
            if (skipPrefixed(word))
                continue;
            if (word == "r" && at(m_at) == '#' && classOf(at(m_at + 1)) == Letter) {
                for (++m_at; m_at < m_text.size() && classOf(m_text[m_at]) >= Letter;)
                    ++m_at;
            }
            return {Token::Kind::Word, m_text.substr(begin, m_at - begin)};
        }
        if (c == '"') {
            skipString();
            continue;
        }
        if (c == '\'') {
            skipQuote();
            continue;
        }
        ++m_at;
        return {Token::Kind::Mark, m_text.substr(begin, 1)};
    }
}

std::string_view Lexer::rest()
{
    skipSpace();
    return m_text.substr(m_at);
}

} // namespace review::rust
