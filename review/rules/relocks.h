// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/lock_facts.h"
#include "review/rules/rule.h"
#include "review/rust/guards.h"

#include <string>
#include <vector>

namespace review::rules {

/// What kind of second acquisition is meant.
enum class RelockKind {
    Waits,  ///< it waits for the guard at hand
    Shared, ///< both read an RwLock: the second one waits behind a writer that came in between
    Cells   ///< of a RefCell, which panics
};

/// A lock is acquired again by the body that holds it.
struct Relock {
    rust::Guard guard;
    rust::Node at;          ///< in the guard's body: the second acquisition, or the call that leads to it
    rust::Node acquisition; ///< the second acquisition itself
    rust::GuardMode mode = rust::GuardMode::Exclusive;
    const rust::Function *callee = nullptr; ///< null when the body itself acquires
    bool certain = true;                    ///< false: the guard is held on some paths only
    RelockKind kind = RelockKind::Waits;
};

/// For each guard of a body the first place that acquires its lock again. Of RelockKind::Waits are neither two
/// shared acquisitions nor try_ calls and recursive locks. Receivers that are no lock by type count only where
/// both are used as one; instances that may differ (`locks[i]` and `locks[j]`) never do. A closure that a
/// function of the model calls while it holds a lock is part of that lock's hold.
std::vector<Relock> relocksIn(const rust::Node &body, const RuleInput &input,
                              RelockKind kind = RelockKind::Waits);

/// What the relock rules say of one: steps, outcome, facts, evidence, severity and confidence.
Draft describeRelock(const Relock &relock, const rust::File &file);

} // namespace review::rules
