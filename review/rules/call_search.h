// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace review::rules {

/// The calls of a file by the name of the function or method, in source order. Looks only at places where the
/// text has the name, so that a rule about rare calls costs a search of the text.
std::vector<rust::Call> callsNamed(std::initializer_list<std::string_view> names, const rust::File &file);
/// The same below one node.
std::vector<rust::Call> callsNamed(std::initializer_list<std::string_view> names, const rust::Node &within);
/// The text has one of these words, whatever stands around them.
bool hasAny(std::string_view text, std::initializer_list<std::string_view> words);

} // namespace review::rules
