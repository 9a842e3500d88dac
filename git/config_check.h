// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace git {

/// Looks at a repository's own configuration before libgit2 reads it: refuses one that is no regular file or
/// larger than a megabyte, or that includes such a file (reading which could wait for ever), and says what a
/// careful reviewer should know.
Result<std::vector<std::string>> checkConfig(const std::string &gitFolder);

/// The settings in the text of a configuration file that name commands to run, and whether it includes other
/// files.
struct ConfigFacts {
    std::vector<std::string> commands;
    std::vector<std::string> files;
};
ConfigFacts readConfigFacts(std::string_view text);

} // namespace git
