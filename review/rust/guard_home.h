// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/flow.h"
#include "review/rust/model.h"

#include <string>

namespace review::rust {

/// Where a guard goes after its acquisition: into a variable, or nowhere, so that it is a temporary of an
/// enclosing scope.
struct GuardHome {
    enum class Kind { DroppedAtOnce, Temporary, Variable, Moved };
    Kind kind = Kind::Temporary;
    Node expression;      ///< the outermost expression whose value the guard is
    std::string variable; ///< Variable: its name
    Node binding;         ///< Variable: let_declaration, match, if or while; Temporary: whose head holds it
    Node pattern;         ///< Variable: what bindingOf() says of its uses
    Node region;          ///< Variable: the scope that drops it
    bool startsHeld = false;   ///< Variable: held from the region's start; else from the end of `expression`
    bool stillWrapped = false; ///< the value is a Result or Option of the guard
    bool conditional = false;  ///< the value is the guard on some paths only
    git::ByteRange temporary;  ///< Temporary, Moved: where it is held
    std::string reason;
};

/// @param wrapped the call gives a Result or an Option of the guard; unknown ones may
GuardHome guardHome(const Node &call, bool wrapped, bool unknown, const File &file, const Model &model);

/// The scope that drops a temporary of this expression, by the Reference's rules of the edition: its end,
/// what holds it and why.
struct TemporaryScope {
    std::uint32_t end = 0;
    Node holder;
    std::string reason;
};
TemporaryScope temporaryScope(const Node &expression, const std::string &edition);

} // namespace review::rust
