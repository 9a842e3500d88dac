// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/rule.h"
#include "review/rust/calls.h"

#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

/// The call's function is this one of std or core, by the last two parts of its path with `use` resolved:
/// "mem::zeroed", "ptr::read".
bool callsStd(const rust::Call &call, std::string_view function, const rust::File &file);

/// The outermost expression that still has this one's value: through casts, parentheses, blocks that end in
/// it, arms, branches, `Some(..)` and `Ok(..)`. Stops at `within`, if given.
rust::Node wholeValue(rust::Node expression, const rust::Node &within = {});

/// The type that is written for an expression's value, without white space: its own turbofish, the `let`'s
/// type, the field's, the return type, the generics of a function it is an argument of. Empty if none is.
std::string writtenTypeOf(const rust::Node &expression, const RuleInput &input);

/// The place whose pointer or number is handed over, casts and `as_ptr()` looked through: "self.inner" of
/// `self.inner.as_ptr() as *mut _`; empty when it is no plain place.
std::string handedPlace(rust::Node argument);

/// The function keeps its raw steps safe from unwinding: it names a guard, catches panics or aborts.
bool hasUnwindGuard(const rust::Node &function);

/// A place in a generic function where code runs that its caller chose, which may panic or look at what is
/// half done.
struct UserCall {
    rust::Node node;
    std::string what; ///< "the closure `f`", "`T::clone`", "the iterator `iter`"
};
/// Those in the function's own body, in source order: closures among its parameters, methods of its type
/// parameters, its iterators. A `for` over an iterator counts at its head.
std::vector<UserCall> userCallsIn(const rust::Function &function, const RuleInput &input);

} // namespace review::rules
