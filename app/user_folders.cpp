// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/user_folders.h"

#include <cstdlib>

namespace app {

namespace {

/// Only absolute paths count, as the XDG base directory specification has it.
std::string folderOf(const char *variable, const char *belowHome)
{
    if (const char *folder = std::getenv(variable); folder && *folder == '/')
        return std::string(folder) + "/ferriscope";
    const char *home = std::getenv("HOME");
    return home && *home == '/' ? home + std::string(belowHome) + "/ferriscope" : std::string();
}

} // namespace

std::string cacheFolder()
{
    return folderOf("XDG_CACHE_HOME", "/.cache");
}

std::string settingsFolder(const std::string &given)
{
    return given.empty() ? folderOf("XDG_CONFIG_HOME", "/.config") : given;
}

} // namespace app
