// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/model.h"

#include <string>
#include <vector>

namespace review::rules {

/// A change of something that outlives the body, or what takes such a change back: counters, flags, entries,
/// values that are taken out and put back, tasks that are spawned and aborted, and calls like `register` and
/// `unregister`.
struct Change {
    enum class Kind { Add, Subtract, Set, Clear, Insert, Remove, Take, PutBack, Open, Close, Spawn, Abort };
    Kind kind = Kind::Add;
    rust::Node at;
    std::string place; ///< as sharedPlace(); with the key for maps and sets; a task's by its handle's name
    std::string pair;  ///< of Open and Close: which of the known pairs
};

/// All of them that run in the function's own body, in source order.
std::vector<Change> stateChangesIn(const rust::Node &body, const rust::Function &function);
/// The second one takes back the first one.
bool undoes(const Change &second, const Change &first);

} // namespace review::rules
