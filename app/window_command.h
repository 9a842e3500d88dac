// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/command_line.h"

#include <string>

namespace app {

/// Opens the window, or writes a picture of it, and returns the program's exit status. `program` is argv[0].
int runWindow(const WindowCommand &command, const std::string &configFolder, char *program);

} // namespace app
