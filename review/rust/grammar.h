// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/syntax_name.h"

#include <cstdint>
#include <string_view>
#include <vector>

/// The names of node kinds and fields by the numbers that trees hold: the grammar's, then our own for
/// re-parsed macros.
namespace review::rust::grammar {

const std::vector<std::string_view> &kindNames();
const std::vector<std::string_view> &fieldNames();
/// The same in the form in which nodes are asked for them.
const std::vector<SyntaxName> &kinds();
const std::vector<SyntaxName> &fields();
/// The number of one of our own kinds or fields, or of the grammar's; 0 if there is none of that name.
std::uint16_t kindNumber(std::string_view name);
std::uint8_t fieldNumber(std::string_view name);

} // namespace review::rust::grammar
