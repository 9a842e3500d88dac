// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/macro_inside.h"

#include <algorithm>
#include <array>

namespace review::rust {

MacroInside readInside(const ParsedNode &tokenTree, std::int64_t shift, std::string_view text)
{
    MacroInside inside;
    inside.shift = shift;
    Cursor cursor(tokenTree);
    for (bool more = cursor.toFirstChild(); more; more = cursor.toNextSibling()) {
        const ParsedNode &node = cursor.node();
        const std::string_view kind = node.kind();
        inside.isOpaque = inside.isOpaque || kind == "metavariable" || kind == "token_repetition";
        if (kind == "line_comment" || kind == "block_comment") {
            inside.hasComment = true;
            continue;
        }
        const git::ByteRange bytes{static_cast<std::uint32_t>(node.begin() + shift),
                                   static_cast<std::uint32_t>(node.end() + shift)};
        inside.tokens.push_back({kind, text.substr(bytes.begin, bytes.size()), bytes});
        inside.nodes.push_back(node);
    }
    if (inside.tokens.size() < 2) {
        inside.isOpaque = true;
        return inside;
    }
    inside.bytes = {inside.tokens.front().bytes.end, inside.tokens.back().bytes.begin};
    // The brackets.
    inside.tokens.erase(inside.tokens.begin());
    inside.tokens.pop_back();
    inside.nodes.erase(inside.nodes.begin());
    inside.nodes.pop_back();
    return inside;
}

std::vector<ParsedNode> plainTokens(const MacroPart &part, const MacroInside &inside)
{
    constexpr std::array<std::string_view, 8> plain{
        "identifier",      "self",          "string_literal", "raw_string_literal",
        "integer_literal", "float_literal", "char_literal",   "boolean_literal"};
    const bool isList = part.shape == PartShape::Arguments;
    if (inside.hasComment || (!isList && part.shape != PartShape::Expression))
        return {};
    std::vector<ParsedNode> nodes;
    const auto first = std::lower_bound(
        inside.tokens.begin(), inside.tokens.end(), part.bytes.begin,
        [](const MacroToken &token, std::uint32_t begin) { return token.bytes.begin < begin; });
    for (auto i = static_cast<std::size_t>(first - inside.tokens.begin());
         i < inside.tokens.size() && inside.tokens[i].bytes.begin < part.bytes.end; ++i) {
        const MacroToken &token = inside.tokens[i];
        if (token.bytes.end > part.bytes.end)
            continue;
        const bool fits = isList && nodes.size() % 2 == 1
                              ? token.kind == ","
                              : std::find(plain.begin(), plain.end(), token.kind) != plain.end();
        if (!fits || (!isList && !nodes.empty()))
            return {};
        nodes.push_back(inside.nodes[i]);
    }
    return nodes;
}

Wrapper wrapperOf(PartShape shape)
{
    // A line break stands before what follows, lest a comment at the part's end swallows it.
    switch (shape) {
    case PartShape::Arguments:
        return {"f(", "\n);", "arguments"};
    case PartShape::Statements:
        return {"{", "\n}", "block"};
    case PartShape::Items:
        return {"", "\n", "source_file"};
    case PartShape::Expression:
        return {"let _=", "\n;", "let_declaration"};
    case PartShape::Pattern:
        return {"match x{", "\n=>{}}", "match_arm"};
    }
    return {};
}

} // namespace review::rust
