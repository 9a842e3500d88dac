// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/tree.h"

#include <functional>
#include <string_view>

namespace review::rules {

using IsSource = std::function<bool(const rust::Node &)>;
using Follows = std::function<bool(const rust::Call &)>;

/// The expression whose value a binding gets: the initialiser, the scrutinee, what a loop runs over, or what
/// the method that takes the closure stands on. Null for parameters of functions.
rust::Node valueOf(const rust::Node &binding);

/// The source that an expression's own value comes from: through bindings, fields, indexing, adapters,
/// references, casts and arithmetic; through a call only when `follows` says that it hands on its receiver or
/// first argument. Null if there is none. Assignments are not followed.
rust::Node originOf(const rust::Node &expression, const IsSource &isSource, const Follows &follows);

/// A source stands at or below the node, or a variable read there depends on one.
bool dependsOn(const rust::Node &node, const IsSource &isSource);

/// The variable is assigned to, or changed by one of its own methods (`push`, `clear` …), between the two
/// nodes of one body.
bool changesBetween(std::string_view variable, const rust::Node &first, const rust::Node &second);

} // namespace review::rules
