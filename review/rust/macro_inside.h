// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/macros.h"
#include "review/rust/tree_cursor.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace review::rust {

/// What stands between a macro's brackets, as tree-sitter's token tree has it.
struct MacroInside {
    std::vector<MacroToken> tokens; ///< without comments
    std::vector<ParsedNode> nodes;  ///< one a token
    git::ByteRange bytes;
    std::int64_t shift = 0; ///< what to add to a position in the nodes' tree to have the file's
    bool hasComment = false;
    bool isOpaque = false; ///< a pattern of macro_rules!, or no token tree: nothing to be parsed
};
MacroInside readInside(const ParsedNode &tokenTree, std::int64_t shift, std::string_view text);

/// The nodes of a part that is names and literals, with commas between them in a list of arguments: as tokens
/// they are the same nodes as in an expression, so that nothing need be parsed. Empty for all else.
std::vector<ParsedNode> plainTokens(const MacroPart &part, const MacroInside &inside);

/// The text around a macro's part that makes a file of it.
struct Wrapper {
    std::string_view before;
    std::string_view after;
    std::string_view container; ///< the node that holds the part
};
Wrapper wrapperOf(PartShape shape);

} // namespace review::rust
