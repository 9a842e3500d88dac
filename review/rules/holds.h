// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/rule.h"
#include "review/rust/guards.h"

#include <string>
#include <vector>

namespace review::rules {

/// A stretch of a function in which it holds something that others wait for: the guard of a lock whose type
/// is known, or what the code calls a lock (`zread!(self.state)`, `pool.lock_slots()`), or an entry of a
/// concurrent map. For comparing two sides, where both are misread in the same way.
struct Hold {
    rust::Guard guard;
    std::string name; ///< the lock's own name, wherever it is reached from: "peers" of `self.peers.read()`
    bool isShared = false; ///< others may hold it so at the same time
};

/// Those of a function, closures included, in source order. `file` is the function's, of either side.
std::vector<Hold> holdsIn(const rust::Function &function, const rust::File &file, const rust::Model &model);

/// The hold may be in force at the node, which is not the call that takes it.
bool isHeld(const Hold &hold, const rust::Node &node);
/// One of this name is.
bool isUnder(const std::vector<Hold> &holds, const std::string &name, const rust::Node &node);
/// One has this name.
bool knows(const std::vector<Hold> &holds, const std::string &name);

/// The call is made on what the guard gives: `guard.len()`, `x.lock().unwrap().len()`.
bool isOnGuard(const rust::Call &call, const Hold &hold);

/// Threads that share something would notice nothing of the call: conversions, constructors of std, look-ups.
bool isHarmless(const rust::Call &call);

} // namespace review::rules
