// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/model.h"

#include <string>
#include <string_view>

namespace review::embedded {

/// The text without white space, so that formatting does not change it.
std::string normalised(std::string_view text);
/// What tells a place of code from others in its item wherever the item moves: its normalised text and that
/// of its first line.
std::string placeKey(const rust::Node &at);
/// 64 bits of FNV-1a in hex.
std::string stableHash(std::string_view text);

} // namespace review::embedded
