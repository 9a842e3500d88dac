// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/lines.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace git {

/// Pairs lines of a replaced block that are versions of each other: ascending on both sides, so that no pair
/// crosses another; a line has at most one partner. Of all such choices the one with the largest sum of
/// similarities (dynamic programming). Cost: lines² per block, more for long lines, taken from `cellBudget`;
/// where that does not suffice, lines are paired in order and `inOrder` says so.
struct LinePairs {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    bool inOrder = false;
};
LinePairs pairLines(const Lines &oldLines, LineRange oldRange, const Lines &newLines, LineRange newRange,
                    std::uint64_t &cellBudget);

} // namespace git
