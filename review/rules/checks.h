// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/tree.h"

#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

/// The places that a value is made of, through the lets of plain names: "n" and "self.items" of `n - 1` after
/// `let n = self.items.len()`. What stands at or below `stop` is left out.
std::vector<std::string> placesIn(const rust::Node &expression, const rust::Node &stop = {});
/// The text has one of the places as a whole: "items" is in `items.len()`, not in `self.items` or `items2`.
bool mentionsPlace(std::string_view text, const std::vector<std::string> &places);

/// Something on a way to `at` compares one of the places, asks whether there is anything in it, matches on
/// it, cuts it, fills it, or hands it to a function that checks. A debug assertion is no check: it is gone in
/// release builds. Costs a walk over the function.
bool isCheckedBefore(const rust::Node &at, const std::vector<std::string> &places);

/// The integer literal, or a constant by its spelling: `MAX_LEN`, `u8::MAX`, `size_of::<T>()`.
bool isConstant(const rust::Node &expression);

} // namespace review::rules
