// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace review::rules {

/// The calls of a file by the name of the function or method, in source order: from the tree's index, so that
/// a rule about rare calls costs next to nothing.
std::vector<rust::Call> callsNamed(std::initializer_list<std::string_view> names, const rust::File &file);
/// The same below one node.
std::vector<rust::Call> callsNamed(std::initializer_list<std::string_view> names, const rust::Node &within);
/// The text has this word in it.
bool contains(std::string_view text, std::string_view word);
/// The file's text has one of these words, whatever stands around them. Asks the tree's index first.
bool hasAny(const rust::File &file, std::initializer_list<std::string_view> words);
/// The same of any text.
bool hasAny(std::string_view text, std::initializer_list<std::string_view> words);

} // namespace review::rules
