// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/tree.h"

namespace review::rules {

/// The predicate holds for the node or for one below it.
template <typename Predicate>
bool anyIn(const rust::Node &node, Predicate predicate)
{
    if (predicate(node))
        return true;
    for (const rust::Node below : node.descendants()) {
        if (predicate(below))
            return true;
    }
    return false;
}

} // namespace review::rules
