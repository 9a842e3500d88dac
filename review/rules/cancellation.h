// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/rule.h"

#include <string>

namespace review::rules {

/// Where a future is dropped before it is done: the arm of a `select!`, the argument of a `timeout`, or the
/// handle that is aborted.
struct Cancellation {
    rust::Node at;
    std::string construct; ///< "`select!`", "`timeout`"; empty: none was found
    const rust::File *file = nullptr;

    explicit operator bool() const { return !construct.empty(); }
    bool isTimeout() const { return construct == "`timeout`"; }
};

/// The construct around a node of one body, or around a closure or async block that holds it, that may drop
/// the future.
Cancellation cancellationAround(const rust::Node &node, const rust::File &file);
/// A place in the model that calls the function inside such a construct; the function is taken by its name
/// and, for methods with common names, only in its own file. Reads the text of every file: for hits only.
Cancellation cancellationOf(const rust::Function &function, const RuleInput &input);

/// What a place names, seen through locks, unwraps, clones, references and local aliases: `state.busy` after
/// `let state = self.state.lock()` is "self.state.busy". Empty when it is rooted in a value that the body
/// owns itself, which goes with its future.
std::string sharedPlace(const rust::Node &expression, const rust::Function &function);

} // namespace review::rules
