// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace review::rust {

/// The name of a node kind or a field as a number: FNV-1a of its text, made when the program is compiled
/// where the text is a literal. Walks ask for kinds by the million, so that one comparison of numbers counts.
/// No two names of the grammar have the same number; a test watches over that.
class SyntaxName {
public:
    SyntaxName() = default;
    template <std::size_t N>
    consteval SyntaxName(const char (&text)[N]) : m_number(hash({text, N - 1}))
    {}
    template <typename Text>
    requires(std::convertible_to<const Text &, std::string_view> && !std::is_array_v<Text>)
        SyntaxName(const Text &text)
        : m_number(hash(text))
    {}

    bool operator==(const SyntaxName &) const = default;

private:
    static constexpr std::uint32_t hash(std::string_view text)
    {
        std::uint32_t number = 2166136261U;
        for (const char c : text)
            number = (number ^ static_cast<unsigned char>(c)) * 16777619U;
        return number;
    }

    std::uint32_t m_number = 0;
};

} // namespace review::rust
