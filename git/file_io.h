// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace git {

/// All bytes of a regular file outside of any work tree, at most `maxBytes` (else InvalidInput). Links are
/// followed; a FIFO or device is refused without waiting for it.
Result<std::string> readFile(const std::string &path, std::uint64_t maxBytes);

/// Replaces or creates a file outside of any work tree: after a success the bytes are on disk, after a
/// failure or a power cut the old ones are. A link is followed, permissions are kept; a device or FIFO is
/// written to directly.
Result<void> writeFile(const std::string &path, std::string_view bytes);

} // namespace git
