// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace review::rules {

/// What is left of two sequences between their common beginning and their common end: indices, ends
/// exclusive.
struct Middle {
    std::size_t begin = 0;
    std::size_t baseEnd = 0;
    std::size_t headEnd = 0;
};

template <typename Sequence, typename Equal>
Middle middleOf(const Sequence &base, const Sequence &head, Equal equal)
{
    Middle middle{0, base.size(), head.size()};
    while (middle.begin < middle.baseEnd && middle.begin < middle.headEnd &&
           equal(base[middle.begin], head[middle.begin]))
        ++middle.begin;
    while (middle.baseEnd > middle.begin && middle.headEnd > middle.begin &&
           equal(base[middle.baseEnd - 1], head[middle.headEnd - 1])) {
        --middle.baseEnd;
        --middle.headEnd;
    }
    return middle;
}

/// The pairs of equal elements in the heaviest common subsequence of the two middles, as indices of the whole
/// sequences. `weight` says what a pair counts, 0 or 1. Time and memory are the product of the two lengths;
/// the shorter has less than 65,536 elements.
template <typename Sequence, typename Equal, typename Weight>
std::vector<std::pair<std::size_t, std::size_t>> commonRun(const Sequence &base, const Sequence &head,
                                                           const Middle &middle, Equal equal, Weight weight)
{
    const std::size_t rows = middle.baseEnd - middle.begin;
    const std::size_t columns = middle.headEnd - middle.begin;
    const auto isPair = [&](std::size_t i, std::size_t j) {
        return equal(base[middle.begin + i], head[middle.begin + j]);
    };
    std::vector<std::uint16_t> best((rows + 1) * (columns + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint16_t & {
        return best[i * (columns + 1) + j];
    };
    for (std::size_t i = rows; i-- > 0;) {
        for (std::size_t j = columns; j-- > 0;)
            at(i, j) = isPair(i, j)
                           ? static_cast<std::uint16_t>(at(i + 1, j + 1) + weight(base[middle.begin + i]))
                           : std::max(at(i + 1, j), at(i, j + 1));
    }
    std::vector<std::pair<std::size_t, std::size_t>> common;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < rows && j < columns) {
        if (isPair(i, j) && at(i, j) >= std::max(at(i + 1, j), at(i, j + 1)))
            common.emplace_back(middle.begin + i++, middle.begin + j++);
        else if (at(i + 1, j) >= at(i, j + 1))
            ++i;
        else
            ++j;
    }
    return common;
}

} // namespace review::rules
