// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/tree.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace review::rules {

/// The code with every run of white space as one blank, in backticks; cut with "…" after `limit` bytes:
/// titles have room for 72 characters in all.
std::string quoted(std::string_view code, std::size_t limit = 28);
/// The code without any white space.
std::string compact(std::string_view code);
/// The first of the texts that is short enough for a title (72 characters); the last one if none is.
std::string fittingTitle(std::initializer_list<std::string> texts);
/// The blanks and tabs at the start of the line on which a node begins.
std::string indentOf(const rust::Node &node);
/// The name is one of these.
bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names);
/// The text contains one of these words, whatever their case; `words` are in lower case.
bool mentions(std::string_view text, std::initializer_list<std::string_view> words);

} // namespace review::rules
