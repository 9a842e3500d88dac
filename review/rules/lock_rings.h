// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/lock_pairs.h"

#include <set>
#include <string>

namespace review::rules {

/// Reports three or four locks that wait for each other in a ring which `here` is part of, though no two of
/// them are taken in both orders. Each ring is told once: `told` holds those that were.
void reportRing(const LockOrder &here, const OrdersByPair &byPair, std::set<std::set<std::string>> &told,
                Reporter &reporter);

} // namespace review::rules
