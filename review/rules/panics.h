// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"

#include <string_view>
#include <vector>

namespace review::rules {

/// A place where code panics for some values.
struct Panic {
    enum class Kind { Unwrap, Expect, Macro, Index };
    Kind kind = Kind::Unwrap;
    rust::Node node;       ///< the call, macro or index expression
    rust::Node operand;    ///< what is unwrapped or indexed; null for macros
    rust::Node index;      ///< of an index expression
    std::string_view name; ///< "unwrap", "assert_eq"; "indexing"
};

/// Those that run in `body` itself, in source order: `unwrap`, `expect`, indexing, `panic!`, `todo!`,
/// `unimplemented!` and the assertions that stay in release builds. `unreachable!` and `x[..]` are left out.
std::vector<Panic> panicsIn(const rust::Node &body);

/// It hands on another panic: a poisoned lock, a joined thread.
bool handsOnPanic(const Panic &panic);
/// What is unwrapped is made of constants only, or converts between sizes that the code itself fixes.
bool cannotFail(const Panic &panic);
/// The code asked before whether the value is there or the index in range, or handed it to a function that
/// checks.
bool wasChecked(const Panic &panic);

} // namespace review::rules
