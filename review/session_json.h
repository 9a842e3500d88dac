// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/session.h"

#include <string>
#include <string_view>

namespace review {

/// A value of a session as it stands in the file: one JSON text. Texts that are not UTF-8 (paths, quoted
/// lines) are kept as `{"bytes": hex}`, so that every value comes back equal. For the types that
/// session_json.cpp lists: of a ReviewFile without its two texts, of a Session only its header (scope,
/// extent, time, the diff's ends and what was left out), for these are stored apart.
template <typename T>
std::string toStored(const T &value);

/// Reading it back. False when the text is not what toStored writes: wrong JSON, a missing key, a wrong type
/// or a value out of range.
template <typename T>
bool fromStored(std::string_view text, T &value);

} // namespace review
