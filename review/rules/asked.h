// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/model.h"

#include <string>
#include <vector>

namespace review::rules {

/// One thing that code decides by: a part of a condition between `&&` and `||`, or a pattern of an arm.
struct Asked {
    rust::Node node;
    std::string key; ///< without white space, and without its negation: `!=` as `==`, `>=` as `<`
    bool isPattern = false;
};

/// What a function asks, in source order: the parts of the conditions of `if`, `while`, match guards,
/// `assert!`, `ensure!`, and of closures that answer yes or no to an adapter (`filter`, `retain`, `any` …);
/// of any other `&&`, `||` and comparison; `min`, `max` and `clamp`; and the alternatives of match arms and
/// `matches!`. `let` conditions are left out.
std::vector<Asked> asksOf(const rust::Function &function);

} // namespace review::rules
