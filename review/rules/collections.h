// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/rule.h"

#include <string_view>

namespace review::rules {

/// What the standard library's containers (and well-known others of the same make) cost.
enum class Container { None, Sequence, Map, Set, Text };

/// The container that a type is, through references and smart pointers; None when unsure.
Container containerOf(const rust::Type &type);
/// The same for an expression by its inferred type; None when the type was only assumed.
Container containerOf(const rust::Node &expression, const RuleInput &input);
/// Cloning the type copies what is on the heap: not references, not Arc and Rc, not iterators.
bool copiesHeap(const rust::Type &type);
/// `text` reads only: len, is_empty, get, contains, iter …, by the names that containers have.
bool isReadingMethod(std::string_view name);

/// The node is evaluated again and again: the nearest loop of its body, or the closure that an iterator's
/// adapter calls for each element. Null if it is neither.
rust::Node repeatedBy(const rust::Node &node);
/// The variable or field at the start of a place is declared inside `loop`, so that each round has its own.
bool isMadeInside(const rust::Node &place, const rust::Node &loop);

} // namespace review::rules
