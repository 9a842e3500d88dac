// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace git {

/// Bytes of a file name or of a foreign message as safe UTF-8 for people: invalid bytes become `\xNN`,
/// control, bidi and zero-width characters `\u{N}`. The rest is unchanged. For showing only: it can't be
/// turned back into the name.
std::string displayName(std::string_view bytes);

} // namespace git
