// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/file_reader.h"
#include "review/rust/flow.h"

namespace review::rust {
namespace {

bool isComment(const Node &node)
{
    return node.isAny({"line_comment", "block_comment"});
}

bool saysSafety(const Node &comment)
{
    // "SAFETY:" is the convention; "Safety:" and "# Safety" in docs are common and mean the same.
    const std::string_view text = comment.text();
    return text.find("SAFETY") != std::string_view::npos || text.find("Safety") != std::string_view::npos;
}

/// The comments that end on the line above the node's first line, or on it, upwards without a gap.
bool hasSafetyAbove(const Node &node)
{
    std::uint32_t line = node.lines().begin;
    for (Node before = node.previousNamedSibling(); isComment(before) || before.is("attribute_item");
         before = before.previousNamedSibling()) {
        if (before.lines().end < line)
            return false;
        if (isComment(before) && saysSafety(before))
            return true;
        line = before.lines().begin;
    }
    return false;
}

bool names(std::string_view attribute, std::string_view lint)
{
    const bool levels =
        attribute.starts_with("allow") || attribute.starts_with("expect") ||
        (attribute.starts_with("cfg_attr") && (attribute.find("allow(") != std::string_view::npos ||
                                               attribute.find("expect(") != std::string_view::npos));
    if (!levels)
        return false;
    for (std::size_t at = attribute.find(lint); at != std::string_view::npos;
         at = attribute.find(lint, at + 1)) {
        const char before = at > 0 ? attribute[at - 1] : ' ';
        const char after = at + lint.size() < attribute.size() ? attribute[at + lint.size()] : ')';
        const auto joins = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
        };
        if (!joins(before) && !joins(after))
            return true;
    }
    return false;
}

std::string_view insideAttribute(const Node &node)
{
    std::string_view text = node.text();
    const std::size_t open = text.find('[');
    text.remove_prefix(open == std::string_view::npos ? text.size() : open + 1);
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    return text;
}

} // namespace

bool hasSafetyComment(const Node &unsafeNode)
{
    // First inside the braces.
    const Node body = unsafeNode.is("unsafe_block") ? unsafeNode.firstNamedChild() : unsafeNode.field("body");
    for (const Node &child : body.children()) {
        if (isComment(child) && saysSafety(child))
            return true;
        if (child.isNamed() && !isComment(child))
            break;
    }
    // Just above the node, or above what it is the first or only part of, up to its statement.
    const Node last = statementOf(unsafeNode);
    for (Node at = unsafeNode; at; at = at.parent()) {
        if (hasSafetyAbove(at))
            return true;
        // A comment between the parts of one expression stands among its children, tokens included.
        if (at == last || at.is("match_arm") || at.is("field_declaration"))
            break;
    }
    return false;
}

bool isAllowed(const Node &node, std::string_view lint)
{
    for (Node at = node; at; at = at.parent()) {
        for (Node before = at.previousNamedSibling(); isComment(before) || before.is("attribute_item");
             before = before.previousNamedSibling()) {
            if (before.is("attribute_item") && names(insideAttribute(before), lint))
                return true;
        }
        if (!at.isAny({"source_file", "block", "declaration_list"}))
            continue;
        for (const Node &child : at.children()) {
            if (child.is("inner_attribute_item") && names(insideAttribute(child), lint))
                return true;
        }
    }
    return false;
}

} // namespace review::rust
