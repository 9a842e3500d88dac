// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/position.h"

#include <string>
#include <string_view>
#include <vector>

namespace review {

/// An item of a Rust file with the lines it spans; nested items come after the one around them.
struct OutlineItem {
    git::LineRange lines;
    std::string name; ///< "impl Store › fn commit"

    bool operator==(const OutlineItem &) const = default;
};

/// Modules, types, impls and functions of a Rust text, for breadcrumbs. Empty when it cannot be parsed within
/// the tree's bounds.
std::vector<OutlineItem> makeOutline(std::string_view text);
/// The innermost item around a line; empty if none. O(log n), and past the items that end before the line.
std::string itemAt(const std::vector<OutlineItem> &outline, std::uint32_t line);

} // namespace review
