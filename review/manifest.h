// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace review {

/// What a Cargo.toml says about editions. Read line by line, without a TOML library: tables, `key = value`,
/// dotted keys and
/// `{ workspace = true }` are understood, multi-line strings are skipped, everything else is ignored.
struct Manifest {
    bool hasPackage = false;
    bool hasWorkspace = false;
    std::string edition;               ///< of [package]; empty when it does not say
    bool editionFromWorkspace = false; ///< `edition.workspace = true`
    std::string workspaceEdition;      ///< of [workspace.package]
    std::string workspacePath;         ///< `package.workspace`: the root's folder, relative to this one

    bool operator==(const Manifest &) const = default;
};
Manifest parseManifest(std::string_view text);

/// The edition of a package: its own, or its workspace root's (null: not found), or 2015, cargo's default.
/// Empty when it is not to be known.
std::string editionOf(const Manifest &package, const Manifest *workspaceRoot);

} // namespace review
