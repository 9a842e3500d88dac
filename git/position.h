// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace git {

/// Which of the two texts of a change a position is in.
enum class Side { Old, New };

/// Lines [begin, end) of a text, 0-based. An empty range stands before line `begin`.
struct LineRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    std::uint32_t size() const { return end - begin; }
    bool empty() const { return begin == end; }
    bool contains(std::uint32_t line) const { return line >= begin && line < end; }
    bool intersects(const LineRange &other) const { return begin < other.end && other.begin < end; }
    bool operator==(const LineRange &) const = default;
};

/// Bytes [begin, end) of a text or of a line (the user says which), 0-based.
struct ByteRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    std::uint32_t size() const { return end - begin; }
    bool operator==(const ByteRange &) const = default;
};

} // namespace git
