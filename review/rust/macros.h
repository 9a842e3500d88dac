// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/position.h"

#include <string>
#include <string_view>
#include <vector>

namespace review::rust {

/// A direct child of a macro's token tree, its brackets left out. Bytes are those of the file.
struct MacroToken {
    std::string_view kind;
    std::string_view text;
    git::ByteRange bytes;
};

/// What a part of a macro is parsed as.
enum class PartShape { Arguments, Statements, Items, Expression, Pattern };

/// A part of a macro's bytes that is parsed by itself, and the field it gets in what it becomes.
struct MacroPart {
    PartShape shape = PartShape::Expression;
    git::ByteRange bytes;
    std::string_view field;  ///< static
    git::ByteRange argument; ///< the name in `name = value`; empty if none
};

/// Parts below one node, which is made for them (`select_arm`); without a kind they are put into the macro
/// itself.
struct MacroGroup {
    std::string_view kind; ///< static
    std::vector<MacroPart> parts;
};

/// One way to read a macro: it holds only if every part parses without an error.
struct MacroPlan {
    std::string_view kind; ///< what the token tree becomes; static
    std::vector<MacroGroup> groups;
};

/// The ways to read a macro's inside, the likeliest first; none if it has a syntax of its own.
/// @param name last part of the macro's path
/// @param bracket the opening one
/// @param inner the bytes between the brackets
std::vector<MacroPlan> macroPlans(std::string_view name, char bracket, git::ByteRange inner,
                                  const std::vector<MacroToken> &tokens);

} // namespace review::rust
