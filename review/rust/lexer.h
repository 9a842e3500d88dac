// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace review::rust {

struct Token {
    enum class Kind {
        Word, ///< a name or a keyword; `r#` belongs to it
        Mark, ///< one byte of punctuation
        End
    };
    Kind kind = Kind::End;
    std::string_view text;
};

/// Splits a Rust text into words and punctuation. Comments, literals and lifetimes are passed over; a quote
/// that nothing closes is passed over alone. Reads any bytes.
class Lexer {
public:
    explicit Lexer(std::string_view text) : m_text(text) {}

    Token next();
    /// The text from the next token on.
    std::string_view rest();

private:
    void skipSpace();
    void skipBlockComment();
    void skipString();
    bool skipRawString(std::size_t hashes);
    void skipQuote();
    bool skipPrefixed(std::string_view word);
    char at(std::size_t index) const { return index < m_text.size() ? m_text[index] : '\0'; }

    std::string_view m_text;
    std::size_t m_at = 0;
};

} // namespace review::rust
