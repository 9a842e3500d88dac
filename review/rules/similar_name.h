// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

/// "; did you mean `call_expression`?" when one of the names differs from `name` in a few letters; else
/// nothing. For messages about mistyped names.
std::string didYouMean(std::string_view name, const std::vector<std::string_view> &names);

} // namespace review::rules
