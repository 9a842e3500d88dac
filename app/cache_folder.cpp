// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cache_folder.h"

#include <cstdlib>

namespace app {

std::string cacheFolder()
{
    // Only absolute paths count, as the XDG base directory specification has it.
    if (const char *cache = std::getenv("XDG_CACHE_HOME"); cache && *cache == '/')
        return std::string(cache) + "/ferriscope";
    const char *home = std::getenv("HOME");
    return home && *home == '/' ? std::string(home) + "/.cache/ferriscope" : std::string();
}

} // namespace app
