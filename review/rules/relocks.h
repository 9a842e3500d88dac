// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/lock_facts.h"
#include "review/rules/rule.h"
#include "review/rust/guards.h"

#include <string>
#include <vector>

namespace review::rules {

/// A lock is acquired again by the body that holds it.
struct Relock {
    rust::Guard guard;
    rust::Node at;          ///< in the guard's body: the second acquisition, or the call that leads to it
    rust::Node acquisition; ///< the second acquisition itself
    rust::GuardMode mode = rust::GuardMode::Exclusive;
    const rust::Function *callee = nullptr; ///< null when the body itself acquires
    bool certain = true;                    ///< false: the guard is held on some paths only
};

/// For each guard of a body the first place that waits for it. Two shared acquisitions are no relock, nor are
/// try_ calls, recursive locks, RefCells, receivers that are no lock for sure, and instances that may differ
/// (`locks[i]` and `locks[j]`).
std::vector<Relock> relocksIn(const rust::Node &body, const RuleInput &input);

/// What both relock rules say of one: steps, outcome, facts, evidence, severity and confidence.
Draft describeRelock(const Relock &relock, const rust::File &file);

} // namespace review::rules
