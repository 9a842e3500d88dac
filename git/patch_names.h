// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace git {

/// A path as git writes it in a patch: in double quotes with C escapes when it has control characters,
/// quotes, backslashes or bytes beyond ASCII; else unchanged.
std::string quoteName(const std::string &path);

/// Reads a quoted name at the start of `text` and removes it from there; empty where it is malformed or has a
/// NUL.
std::optional<std::string> takeQuotedName(std::string_view &text);

/// The two names of a `diff --git` line, prefixes as they stand. A name may have spaces: then both are the
/// same but for their prefixes, which tells where the first one ends.
struct NamePair {
    std::string oldName;
    std::string newName;
};
std::optional<NamePair> splitGitNames(std::string_view text);

/// Takes the one-letter prefixes of git (`a/ b/`, or `i/ w/` and so on) off both names when both have them. A
/// name may be
/// "/dev/null", which stays.
void stripPrefixes(std::string &oldName, std::string &newName);

} // namespace git
