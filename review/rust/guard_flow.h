// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/guard_home.h"

#include <vector>

namespace review::rust {

/// Where a guard in a variable is held: on every path that gets there, and on some.
struct GuardRanges {
    std::vector<git::ByteRange> live;
    std::vector<git::ByteRange> maybe;
};

/// Walks the variable's scope in the order it runs: drops, moves, reassignments, branches, loops and early
/// exits. A loop's body is walked until its entry is stable, at most three times.
GuardRanges guardRanges(const GuardHome &home);

/// Closures and async blocks at or below a node that run elsewhere or later than where they stand.
std::vector<git::ByteRange> detachedBodies(const Node &node);

} // namespace review::rust
