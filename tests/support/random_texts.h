// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <random>
#include <string>
#include <vector>

namespace tests {

/// Texts and edits of them for property tests: few different lines, so that many are alike, line ends of both
/// kinds, and now and then no final one. The same seed gives the same texts; describe() names it for the
/// message of a failure.
class RandomTexts {
public:
    explicit RandomTexts(unsigned seed) : m_seed(seed), m_engine(seed) {}

    int number(int below) { return static_cast<int>(m_engine() % static_cast<unsigned>(below)); }
    bool chance(int percent) { return number(100) < percent; }

    std::string line()
    {
        static const std::vector<std::string> words = {"fn",   "let",   "x",        "=",  "lock()", "{",
                                                       "}",    "await", "self.a",   "1",  ";",      "// ü €",
                                                       "\xFF", "\t",    "  spaces", "->", "é",      "match"};
        std::string text;
        for (int i = number(5); i > 0; --i)
            text += words[static_cast<std::size_t>(number(static_cast<int>(words.size())))] + ' ';
        return text + (chance(10) ? "\r\n" : "\n");
    }

    std::string text(int maxLines)
    {
        std::string all;
        for (int i = number(maxLines); i > 0; --i)
            all += line();
        return withRandomEnd(std::move(all));
    }

    /// The text after some removed, added, changed and doubled runs of lines.
    std::string edited(const std::string &text, int edits)
    {
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
            lines.push_back(text.substr(at, end - at));
            at = end;
        }
        for (int i = number(edits + 1); i > 0; --i) {
            const int at = number(static_cast<int>(lines.size()) + 1);
            const int count = std::min(1 + number(4), static_cast<int>(lines.size()) - at);
            const auto begin = lines.begin() + at;
            if (chance(40))
                lines.erase(begin, begin + count);
            else if (chance(50))
                lines.insert(begin, line());
            else if (count > 0)
                begin->insert(0, "changed ");
        }
        std::string all;
        for (std::string &one : lines)
            all += one.ends_with('\n') ? one : one + '\n';
        return withRandomEnd(std::move(all));
    }

    QString describe(int round) const { return QStringLiteral("seed %1, round %2").arg(m_seed).arg(round); }

private:
    std::string withRandomEnd(std::string text)
    {
        if (chance(20) && text.ends_with('\n'))
            text.pop_back();
        return text;
    }

    unsigned m_seed;
    std::mt19937 m_engine;
};

} // namespace tests
