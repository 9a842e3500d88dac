// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/words.h"

#include "git/lines.h"
#include "git/rows.h"
#include "git/utf8.h"

#include <algorithm>

namespace git {
namespace {

/// Beyond this many words on both sides multiplied, a line is no code to read word by word.
constexpr std::size_t maxWordPairs = 250'000;
constexpr std::size_t maxLineBytes = 10'000;
/// Equal bits of at most so many bytes between two changed words are joined to them.
constexpr std::uint32_t tinyBytes = 2;
/// Lines that share less than this share of their bytes get no marks: everything would be marked.
constexpr double leastShared = 0.25;

enum class WordClass { Letter, Blank, Other };

WordClass classOf(char32_t c)
{
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
    if (letter && !isInvisible(c))
        return WordClass::Letter;
    return c == ' ' || c == '\t' ? WordClass::Blank : WordClass::Other;
}

using Words = std::vector<ByteRange>;

/// Two lines cut into words, and which of these are equal.
class WordComparison {
public:
    WordComparison(std::string_view oldLine, std::string_view newLine)
        : m_oldLine(oldLine)
        , m_newLine(newLine)
        , m_old(splitWords(oldLine))
        , m_new(splitWords(newLine))
        , m_oldKept(m_old.size())
        , m_newKept(m_new.size())
    {}

    bool run()
    {
        std::size_t begin = 0;
        std::size_t oldEnd = m_old.size();
        std::size_t newEnd = m_new.size();
        while (begin < oldEnd && begin < newEnd && isEqual(begin, begin))
            keep(begin, begin), ++begin;
        while (oldEnd > begin && newEnd > begin && isEqual(oldEnd - 1, newEnd - 1))
            keep(--oldEnd, --newEnd);
        if ((oldEnd - begin) * (newEnd - begin) > maxWordPairs)
            return false;
        keepLongestCommon(begin, oldEnd, newEnd);
        return sharesEnough();
    }

    ChangedWords marks() const { return {toMarks(m_old, m_oldKept), toMarks(m_new, m_newKept)}; }

private:
    std::string_view oldWord(std::size_t i) const
    {
        return m_oldLine.substr(m_old[i].begin, m_old[i].size());
    }
    std::string_view newWord(std::size_t i) const
    {
        return m_newLine.substr(m_new[i].begin, m_new[i].size());
    }
    bool isEqual(std::size_t i, std::size_t j) const { return oldWord(i) == newWord(j); }

    void keep(std::size_t i, std::size_t j)
    {
        m_oldKept[i] = true;
        m_newKept[j] = true;
    }

    /// The common words with the most bytes, so that a long name wins over a comma.
    void keepLongestCommon(std::size_t begin, std::size_t oldEnd, std::size_t newEnd)
    {
        const std::size_t rows = oldEnd - begin;
        const std::size_t columns = newEnd - begin;
        const std::size_t width = columns + 1;
        std::vector<std::uint32_t> best((rows + 1) * width);
        for (std::size_t i = rows; i-- > 0;) {
            for (std::size_t j = columns; j-- > 0;) {
                std::uint32_t value = std::max(best[(i + 1) * width + j], best[i * width + j + 1]);
                if (isEqual(begin + i, begin + j))
                    value = std::max(value, best[(i + 1) * width + j + 1] + m_old[begin + i].size());
                best[i * width + j] = value;
            }
        }
        for (std::size_t i = 0, j = 0; i < rows && j < columns;) {
            const std::uint32_t here = best[i * width + j];
            if (isEqual(begin + i, begin + j) &&
                here == best[(i + 1) * width + j + 1] + m_old[begin + i].size()) {
                keep(begin + i++, begin + j++);
            } else if (here == best[(i + 1) * width + j]) {
                ++i;
            } else {
                ++j;
            }
        }
    }

    bool sharesEnough() const
    {
        std::size_t shared = 0, total = 0;
        const auto count = [&](const Words &words, const std::vector<bool> &kept, std::string_view line) {
            for (std::size_t i = 0; i < words.size(); ++i) {
                if (classOf(static_cast<unsigned char>(line[words[i].begin])) == WordClass::Blank)
                    continue;
                total += words[i].size();
                shared += kept[i] ? words[i].size() : 0;
            }
        };
        count(m_old, m_oldKept, m_oldLine);
        count(m_new, m_newKept, m_newLine);
        return total == 0 || static_cast<double>(shared) >= leastShared * static_cast<double>(total);
    }

    static Words toMarks(const Words &words, const std::vector<bool> &kept)
    {
        Words marks;
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (kept[i])
                continue;
            if (!marks.empty() && words[i].begin - marks.back().end <= tinyBytes)
                marks.back().end = words[i].end;
            else
                marks.push_back(words[i]);
        }
        return marks;
    }

    std::string_view m_oldLine;
    std::string_view m_newLine;
    Words m_old;
    Words m_new;
    std::vector<bool> m_oldKept;
    std::vector<bool> m_newKept;
};

} // namespace

std::vector<ByteRange> splitWords(std::string_view line)
{
    Words words;
    WordClass last = WordClass::Other;
    for (std::size_t i = 0; i < line.size();) {
        const Utf8Character character = utf8At(line, i);
        const WordClass kind = character.length ? classOf(character.codePoint) : WordClass::Other;
        const auto length = static_cast<std::uint32_t>(character.length ? character.length : 1);
        const auto begin = static_cast<std::uint32_t>(i);
        if (!words.empty() && kind == last && kind != WordClass::Other)
            words.back().end += length;
        else
            words.push_back({begin, begin + length});
        last = kind;
        i += length;
    }
    return words;
}

ChangedWords compareWords(std::string_view oldLine, std::string_view newLine)
{
    if (oldLine == newLine || oldLine.size() > maxLineBytes || newLine.size() > maxLineBytes)
        return {};
    WordComparison comparison(oldLine, newLine);
    return comparison.run() ? comparison.marks() : ChangedWords{};
}

} // namespace git
