// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace app {

/// Where what can be worked out again is kept: `$XDG_CACHE_HOME/ferriscope`, else `~/.cache/ferriscope`;
/// empty where neither is known.
std::string cacheFolder();

/// The folder given by `--config`, else `$XDG_CONFIG_HOME/ferriscope`, else `~/.config/ferriscope`; empty
/// where none is known.
std::string settingsFolder(const std::string &given);

} // namespace app
