// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/rule.h"
#include "review/rust/tree.h"

#include <string>
#include <vector>

namespace review::rules {

/// A call that something leads to.
struct ReachedCall {
    rust::Node call;  ///< null: none
    std::string told; ///< "`flush` calls `std::fs::write`, through `save`", for people
};

/// The first call of one of these at or below a node that runs on the same thread, and in the functions of
/// the model that it calls, three calls deep. A name is a function's ("sleep"), its path with `use` resolved
/// or the end of that ("std::fs::write", "fs::write"), a type and a method ("File::sync_all"), or a macro
/// ("println!"); `*` stands for any run of characters. Looks at no more than a hundred functions.
ReachedCall reachedCall(const rust::Node &node, const std::vector<std::string> &names,
                        const RuleInput &input);

} // namespace review::rules
