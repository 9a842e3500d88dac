// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/card.h"
#include "review/sample.h"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// Rust that was broken at random: the sample's and the cards' code with parts of it taken out, said twice,
/// swapped with other code, cut off, or overwritten with what parsers stumble over. The same seed gives the
/// same text.
class Mutants {
public:
    Mutants()
    {
        for (const review::SampleFile &file : review::sampleFiles()) {
            if (file.path.ends_with(".rs"))
                m_sources.emplace_back(file.bytes);
        }
        for (const review::rules::Card &card : review::rules::catalogue()) {
            m_sources.push_back(card.example);
            m_sources.push_back(card.instead);
        }
    }

    std::string make(unsigned seed)
    {
        m_engine.seed(seed);
        std::string text = source();
        for (std::size_t changes = 1 + below(8); changes > 0; --changes)
            change(text);
        return text;
    }

private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : m_engine() % limit; }
    const std::string &source() { return m_sources[below(m_sources.size())]; }

    /// Where a word or a line begins, mostly: half a word is soon dull.
    std::size_t place(const std::string &text)
    {
        const std::size_t at = below(text.size() + 1);
        const std::size_t word = below(10) == 0 ? at : text.find_first_of(" \n({<", at);
        return word == text.npos ? at : word;
    }

    void change(std::string &text)
    {
        static const std::vector<std::string> pieces{
            "{",      "}",      "(",        ")",         "<",        ">",       "\"",
            "r#\"",   "/*",     "*/",       "'",         "'a",       "#[",      "]",
            "!",      "::",     "=>",       "..=",       "async ",   "unsafe ", "macro_rules! m {",
            ".await", "match ", "impl<",    "|x|",       "&&&*",     ";",       "\xff\xfe",
            "\r",     "\0",     "b'\\xff'", "select! {", "where ",   "dyn ",    "fn f(",
            "mut ",   "ü€𝒳",    "{{{{{{{{", "((((((((",  "<<<<<<<<", "|a|&|b|", "0x",
            "1e999"};
        const std::size_t begin = place(text);
        const std::size_t size = std::min(below(200), text.size() - begin);
        switch (below(7)) {
        case 0:
            text.erase(begin, size);
            break;
        case 1:
            text.insert(begin, text.substr(begin, size));
            break;
        case 2:
            text.replace(begin, size, source().substr(0, below(400)));
            break;
        case 3:
            text.resize(begin);
            break;
        case 4:
            text.insert(place(text), text.substr(begin, size));
            break;
        default:
            for (std::size_t copies = below(20) == 0 ? below(500) : 1; copies > 0; --copies)
                text.insert(begin, pieces[below(pieces.size())]);
        }
    }

    std::vector<std::string> m_sources;
    std::mt19937 m_engine;
};

} // namespace tests
