// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace app {

/// What one command accepts, and where each part goes. Options are long (`--name VALUE`, `--name=VALUE`, or a
/// bare
/// `--name`); they may stand anywhere before `--`.
struct Grammar {
    using Store = std::function<git::Result<void>(const std::string &)>;

    std::map<std::string, Store, std::less<>> values; ///< options with a value, without their dashes
    std::map<std::string, std::function<void()>, std::less<>> flags;
    Store positional; ///< called in order; an error says why one is too many
    Store path;       ///< what follows `--`; none: `--` is an error
};

/// Feeds arguments to the grammar, until the first error.
git::Result<void> readArguments(const std::vector<std::string> &arguments, const Grammar &grammar);

/// An InvalidInput error for the command line.
git::Error usageError(const std::string &message);

/// A Store that puts the value there, and refuses an empty one.
Grammar::Store storeIn(std::string &target);

} // namespace app
