// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/tree.h"

#include "review/rust/grammar.h"

#include <algorithm>

namespace review::rust {

std::string_view Node::kind() const
{
    return m_tree ? grammar::kindNames()[m_tree->m_nodes[m_index].kind] : std::string_view();
}

bool Node::hasError() const
{
    return m_tree && m_tree->m_nodes[m_index].error;
}

std::string_view Node::text() const
{
    if (!m_tree)
        return {};
    const Tree::Entry &entry = m_tree->m_nodes[m_index];
    return std::string_view(m_tree->m_text).substr(entry.begin, entry.end - entry.begin);
}

git::ByteRange Node::bytes() const
{
    if (!m_tree)
        return {};
    const Tree::Entry &entry = m_tree->m_nodes[m_index];
    return {entry.begin, entry.end};
}

git::LineRange Node::lines() const
{
    if (!m_tree || m_tree->m_text.empty())
        return {};
    const Tree::Entry &entry = m_tree->m_nodes[m_index];
    const std::size_t size = m_tree->m_text.size();
    const auto first = m_tree->m_lines.lineAt(std::min<std::size_t>(entry.begin, size - 1));
    const std::size_t lastByte = entry.end > entry.begin ? entry.end - 1 : entry.begin;
    const auto last = m_tree->m_lines.lineAt(std::min(lastByte, size - 1));
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last + 1)};
}

Node Node::field(SyntaxName name) const
{
    if (!m_tree)
        return {};
    const auto &nodes = m_tree->m_nodes;
    const SyntaxName *names = m_tree->m_fields;
    for (std::uint32_t i = m_index + 1; i < nodes[m_index].next; i = nodes[i].next) {
        if (nodes[i].field && names[nodes[i].field] == name)
            return Node(m_tree, i);
    }
    return {};
}

std::string_view Node::fieldName() const
{
    return m_tree ? grammar::fieldNames()[m_tree->m_nodes[m_index].field] : std::string_view();
}

std::vector<Node> Node::children() const
{
    std::vector<Node> found;
    if (!m_tree)
        return found;
    const auto &nodes = m_tree->m_nodes;
    for (std::uint32_t i = m_index + 1; i < nodes[m_index].next; i = nodes[i].next)
        found.emplace_back(m_tree, i);
    return found;
}

std::vector<Node> Node::namedChildren() const
{
    std::vector<Node> found;
    if (!m_tree)
        return found;
    const auto &nodes = m_tree->m_nodes;
    for (std::uint32_t i = m_index + 1; i < nodes[m_index].next; i = nodes[i].next) {
        if (nodes[i].named && !nodes[i].comment)
            found.emplace_back(m_tree, i);
    }
    return found;
}

Node Node::firstNamedChild() const
{
    if (!m_tree)
        return {};
    const auto &nodes = m_tree->m_nodes;
    for (std::uint32_t i = m_index + 1; i < nodes[m_index].next; i = nodes[i].next) {
        if (nodes[i].named && !nodes[i].comment)
            return Node(m_tree, i);
    }
    return {};
}

Node Node::nextNamedSibling() const
{
    if (!m_tree || m_index == 0)
        return {};
    const auto &nodes = m_tree->m_nodes;
    const std::uint32_t end = nodes[nodes[m_index].parent].next;
    for (std::uint32_t i = nodes[m_index].next; i < end; i = nodes[i].next) {
        if (nodes[i].named && !nodes[i].comment)
            return Node(m_tree, i);
    }
    return {};
}

Node Node::previousNamedSibling() const
{
    if (!m_tree || m_index == 0)
        return {};
    // The node before this one in pre-order is the last node below the previous sibling: climb to the
    // sibling.
    const auto &nodes = m_tree->m_nodes;
    const std::uint32_t parent = nodes[m_index].parent;
    std::uint32_t from = m_index;
    while (from > parent + 1) {
        std::uint32_t sibling = from - 1;
        while (nodes[sibling].parent != parent)
            sibling = nodes[sibling].parent;
        if (nodes[sibling].named)
            return Node(m_tree, sibling);
        from = sibling;
    }
    return {};
}

NodeRange Node::descendants() const
{
    return m_tree ? NodeRange(m_tree, m_index + 1, m_tree->m_nodes[m_index].next) : NodeRange();
}

Node Node::ancestor(std::initializer_list<SyntaxName> kinds) const
{
    for (Node node = parent(); node; node = node.parent()) {
        if (node.isAny(kinds))
            return node;
    }
    return {};
}

Node Tree::nodeAt(git::ByteRange bytes) const
{
    Node found = root();
    std::uint32_t i = 1;
    while (i < m_nodes[found.index()].next) {
        const Entry &entry = m_nodes[i];
        if (entry.named && entry.begin <= bytes.begin && entry.end >= bytes.end) {
            found = Node(this, i);
            ++i;
        } else {
            i = entry.next;
        }
    }
    return found;
}

} // namespace review::rust
