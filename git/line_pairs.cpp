// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/line_pairs.h"

#include "git/words.h"

#include <algorithm>

namespace git {
namespace {

constexpr std::uint32_t maxBlockLines = 300;
constexpr std::size_t maxComparedBytes = 2000;
/// Lines of up to so many bytes, both together, cost one cell to compare.
constexpr std::size_t cellBytes = 200;
/// Less alike than this and two lines are better shown as one removed and one added.
constexpr float leastSimilarity = 0.5F;

/// A line's words, hashed and sorted, and how many bytes each has. White space says nothing about likeness.
struct WordBag {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> words;
    std::uint32_t bytes = 0;
};

WordBag makeBag(std::string_view line)
{
    WordBag bag;
    line = line.substr(0, maxComparedBytes);
    for (const ByteRange &word : splitWords(line)) {
        const std::string_view text = line.substr(word.begin, word.size());
        if (text.front() == ' ' || text.front() == '\t')
            continue;
        std::uint32_t hash = 2166136261u;
        for (const char byte : text)
            hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
        bag.words.emplace_back(hash, word.size());
        bag.bytes += word.size();
    }
    std::sort(bag.words.begin(), bag.words.end());
    return bag;
}

/// The share of bytes in common words, 0 to 1; two blank lines are just alike enough, so that they win over
/// no other pair.
float similarity(const WordBag &a, const WordBag &b)
{
    if (a.bytes + b.bytes == 0)
        return leastSimilarity;
    std::uint32_t shared = 0;
    auto left = a.words.begin();
    auto right = b.words.begin();
    while (left != a.words.end() && right != b.words.end()) {
        if (*left < *right) {
            ++left;
        } else if (*right < *left) {
            ++right;
        } else {
            shared += left->second;
            ++left;
            ++right;
        }
    }
    return 2.0F * static_cast<float>(shared) / static_cast<float>(a.bytes + b.bytes);
}

std::vector<WordBag> makeBags(const Lines &lines, LineRange range)
{
    std::vector<WordBag> bags;
    bags.reserve(range.size());
    for (std::uint32_t line = range.begin; line < range.end; ++line)
        bags.push_back(makeBag(lines[line]));
    return bags;
}

/// The best sums of every pair of tails, then one walk along the choices made.
std::vector<std::pair<std::uint32_t, std::uint32_t>> bestPairs(const std::vector<WordBag> &oldBags,
                                                               const std::vector<WordBag> &newBags)
{
    const std::size_t rows = oldBags.size();
    const std::size_t columns = newBags.size();
    const std::size_t width = columns + 1;
    std::vector<float> best((rows + 1) * width, 0.0F);
    std::vector<float> alike(rows * columns);
    for (std::size_t i = rows; i-- > 0;) {
        for (std::size_t j = columns; j-- > 0;) {
            const float likeness = similarity(oldBags[i], newBags[j]);
            alike[i * columns + j] = likeness;
            const float skipped = std::max(best[(i + 1) * width + j], best[i * width + j + 1]);
            const float paired = likeness < leastSimilarity ? 0.0F : likeness + best[(i + 1) * width + j + 1];
            best[i * width + j] = std::max(skipped, paired);
        }
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    for (std::size_t i = 0, j = 0; i < rows && j < columns;) {
        const float here = best[i * width + j];
        const float likeness = alike[i * columns + j];
        if (likeness >= leastSimilarity && here == likeness + best[(i + 1) * width + j + 1])
            pairs.emplace_back(static_cast<std::uint32_t>(i++), static_cast<std::uint32_t>(j++));
        else if (here == best[(i + 1) * width + j])
            ++i;
        else
            ++j;
    }
    return pairs;
}

std::size_t averageBytes(const Lines &lines, LineRange range)
{
    return range.empty() ? 0 : std::min(lines.slice(range).size() / range.size(), maxComparedBytes);
}

} // namespace

LinePairs pairLines(const Lines &oldLines, LineRange oldRange, const Lines &newLines, LineRange newRange,
                    std::uint64_t &cellBudget)
{
    LinePairs result;
    const std::size_t bytes = averageBytes(oldLines, oldRange) + averageBytes(newLines, newRange);
    const std::uint64_t cells =
        static_cast<std::uint64_t>(oldRange.size()) * newRange.size() * (1 + bytes / cellBytes);
    if (oldRange.size() > maxBlockLines || newRange.size() > maxBlockLines || cells > cellBudget) {
        result.inOrder = true;
        for (std::uint32_t i = 0; i < std::min(oldRange.size(), newRange.size()); ++i)
            result.pairs.emplace_back(oldRange.begin + i, newRange.begin + i);
        return result;
    }
    cellBudget -= cells;
    for (auto [oldLine, newLine] : bestPairs(makeBags(oldLines, oldRange), makeBags(newLines, newRange)))
        result.pairs.emplace_back(oldRange.begin + oldLine, newRange.begin + newLine);
    return result;
}

} // namespace git
