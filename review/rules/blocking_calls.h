// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/finding.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"

#include <optional>
#include <string>

namespace review::rules {

/// A call that keeps its thread, how bad that is on an executor, and what does the same for a task.
struct Blocking {
    std::string name; ///< "std::thread::sleep"
    std::string instead;
    Severity severity = Severity::High;
    double confidence = 1;
    bool swaps = false; ///< `instead` takes the same arguments and gives the same result, once awaited
};

/// Sleeping, files, sockets, processes, channels and threads of the standard library and their kin; nothing
/// for other calls and for receivers whose type is not known.
std::optional<Blocking> blockingCall(const rust::Call &call, const RuleInput &input);

} // namespace review::rules
