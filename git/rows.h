// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/hunks.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace git {

/// Equal: the same bytes on both sides. Changed: two different lines shown beside each other. Removed, Added:
/// a line beside a gap.
enum class RowKind : std::uint8_t { Equal, Changed, Removed, Added };

/// One row of a side-by-side view. Lines are 0-based, `gap` where a side has none. `hunk` indexes the hunks
/// the rows were made from, -1 outside of them. The word ranges are bytes within the line, only for Changed
/// rows.
struct Row {
    static constexpr std::int32_t gap = -1;
    std::int32_t oldLine = gap;
    std::int32_t newLine = gap;
    std::int32_t hunk = -1;
    RowKind kind = RowKind::Equal;
    std::vector<ByteRange> oldWords;
    std::vector<ByteRange> newWords;

    bool operator==(const Row &) const = default;
};

/// The rows of a file, and what could not be computed in time.
struct Alignment {
    std::vector<Row> rows;
    std::uint32_t unmarkedBlocks =
        0; ///< replaced blocks whose words were not compared (size or deadline): say so on screen
};

/// Aligns both texts: the non-gap lines of each side, in order, are exactly its lines. Inside a replaced
/// block similar lines are paired without crossing. Pure; word comparison stops at `wordDeadlineMs`.
Alignment alignRows(const std::vector<Hunk> &hunks, std::string_view oldText, std::string_view newText,
                    int wordDeadlineMs = 200);

/// The changed words of two lines, as byte ranges, split at UTF-8 and identifier borders. Pure; O(tokens²)
/// bounded by a size limit, beyond which both results are empty.
struct ChangedWords {
    std::vector<ByteRange> oldWords;
    std::vector<ByteRange> newWords;
};
ChangedWords compareWords(std::string_view oldLine, std::string_view newLine);

} // namespace git
