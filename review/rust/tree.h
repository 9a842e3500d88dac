// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/lines.h"
#include "git/result.h"
#include "review/rust/syntax_name.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace review::rust {

class Tree;
class NodeRange;
struct Call;

/// A node of a syntax tree: a handle, cheap to copy, valid as long as its Tree stays where it is. The null
/// node answers every question with nothing, so that chains need no checks. Kinds and fields are
/// tree-sitter-rust 0.24's; anonymous tokens have their text as kind. Inside re-parsed macros the kinds are
/// the same, and positions are those of the real file.
class Node {
public:
    Node() = default;
    Node(const Tree *tree, std::uint32_t index) : m_tree(tree), m_index(index) {}

    explicit operator bool() const { return m_tree != nullptr; }
    bool operator==(const Node &) const = default;
    const Tree *tree() const { return m_tree; }
    std::uint32_t index() const { return m_index; }

    std::string_view kind() const;
    bool is(SyntaxName kind) const;
    bool isAny(std::initializer_list<SyntaxName> kinds) const;
    bool isNamed() const;
    /// ERROR or MISSING at or below this node.
    bool hasError() const;

    std::string_view text() const;
    git::ByteRange bytes() const;
    /// Lines from the node's first to its last byte, 0-based, end exclusive.
    git::LineRange lines() const;

    Node parent() const;
    Node field(SyntaxName name) const;
    /// The name of the field this node is in its parent; empty if none.
    std::string_view fieldName() const;
    std::vector<Node> children() const;      ///< all, tokens and comments included
    std::vector<Node> namedChildren() const; ///< without tokens and comments
    Node firstNamedChild() const;            ///< comments are skipped, as in namedChildren()
    Node nextNamedSibling() const;           ///< comments are skipped
    Node previousNamedSibling()
        const; ///< comments and attributes count here: they stand before what they describe
    /// All nodes below, in source order (pre-order): a view, nothing is copied.
    NodeRange descendants() const;
    /// Those of one named kind, from the tree's index: costs what it finds.
    std::vector<Node> descendants(std::string_view kind) const;
    /// The nearest node above of one of these kinds; null if none.
    Node ancestor(std::initializer_list<SyntaxName> kinds) const;
    bool isInside(const Node &other) const; ///< at or below

private:
    const Tree *m_tree = nullptr;
    std::uint32_t m_index = 0;
};

/// Nodes that follow each other in a tree's arena: all that is below a node. Cheap to copy.
class NodeRange {
public:
    class Iterator {
    public:
        using value_type = Node;
        using difference_type = std::ptrdiff_t;

        Iterator() = default;
        Iterator(const Tree *tree, std::uint32_t index) : m_tree(tree), m_index(index) {}
        Node operator*() const { return Node(m_tree, m_index); }
        Iterator &operator++()
        {
            ++m_index;
            return *this;
        }
        Iterator operator++(int)
        {
            Iterator before = *this;
            ++m_index;
            return before;
        }
        bool operator==(const Iterator &) const = default;

    private:
        const Tree *m_tree = nullptr;
        std::uint32_t m_index = 0;
    };

    NodeRange() = default;
    NodeRange(const Tree *tree, std::uint32_t begin, std::uint32_t end)
        : m_tree(tree)
        , m_begin(begin)
        , m_end(end)
    {}
    Iterator begin() const { return Iterator(m_tree, m_begin); }
    Iterator end() const { return Iterator(m_tree, m_end); }
    std::size_t size() const { return m_end - m_begin; }
    bool empty() const { return m_begin == m_end; }
    operator std::vector<Node>() const
    {
        std::vector<Node> nodes;
        for (const Node node : *this)
            nodes.push_back(node);
        return nodes;
    }

private:
    const Tree *m_tree = nullptr;
    std::uint32_t m_begin = 0;
    std::uint32_t m_end = 0;
};

/// A parsed Rust file: an arena of nodes in pre-order, built once from tree-sitter's tree, which is then
/// freed. `macro_rules!` bodies and macros with a syntax of their own stay token trees. What a
/// macro_invocation takes is re-parsed in place where it can be, and then the `token_tree` node has another
/// kind, with its brackets as first and last child:
/// - `macro_arguments`: expressions (`vec!`, `assert!`, `info!`, `format!`, `join!` …); `name = value` is a
/// `named_argument` with the fields
///   `name` and `value`; `matches!` has an expression and a `match_pattern`; `vec![x; n]` has two
///   expressions;
/// - `block`: statements and items, as in a function's body;
/// - `declaration_list`: `lazy_static!` and `thread_local!`;
/// - `select_arms`: `select!`, with `select_arm` nodes of the fields `pattern`, `future`, `condition`,
/// `handler` (no pattern in `else =>`). About 20 bytes a node, nine nodes a line.
class Tree {
public:
    /// Errors: InvalidInput beyond 2 MiB, 60,000 lines, 128 KiB in one line, 1,000 nested brackets or 4,000
    /// nested nodes; Cancelled; Parse after two seconds of processor time. A text with syntax errors parses:
    /// see Node::hasError. Eight megabytes a second on one core.
    static git::Result<std::shared_ptr<const Tree>> parse(std::string text, std::stop_token stop = {});

    Node root() const { return Node(this, 0); }
    const std::string &text() const { return m_text; }
    const git::Lines &lines() const { return m_lines; }
    /// The lines of ERROR and MISSING nodes, for saying what was not understood.
    const std::vector<git::LineRange> &errors() const { return m_errors; }
    /// The smallest named node that spans these bytes.
    Node nodeAt(git::ByteRange bytes) const;

    /// The text has this in it. A search only where its parts of four bytes all occur: a rule about rare code
    /// costs next to nothing where there is none.
    bool contains(std::string_view part) const;
    /// All calls of functions and methods with a name, by their nodes' order, worked out when first asked
    /// for.
    const std::vector<Call> &calls() const;
    /// Those of one name, in order.
    std::vector<const Call *> callsNamed(std::string_view name) const;
    /// What toCall() says of a node of this tree.
    const Call &call(const Node &node) const;

    ~Tree();
    Tree(const Tree &) = delete;
    Tree &operator=(const Tree &) = delete;

private:
    friend class Node;
    friend class TreeBuilder;
    struct Entry {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        std::uint32_t parent = 0;
        std::uint32_t next = 0; ///< index after the last node below this one
        std::uint16_t kind = 0; ///< index into kindNames()
        std::uint8_t field = 0; ///< index into fieldNames(); 0 if none
        bool named : 1 = false;
        bool error : 1 = false;
        bool comment : 1 = false;
    };
    /// What many questions share. Built when first needed, by whichever thread is first.
    struct Index;
    Tree();
    const Index &index() const;
    const Index &callIndex() const;

    std::string m_text;
    git::Lines m_lines;
    std::vector<Entry> m_nodes;
    std::vector<git::LineRange> m_errors;
    const SyntaxName *m_kinds;  ///< the names of kinds by their numbers
    const SyntaxName *m_fields; ///< those of fields
    std::unique_ptr<Index> m_index;
};

inline bool Node::is(SyntaxName kind) const
{
    return m_tree && m_tree->m_kinds[m_tree->m_nodes[m_index].kind] == kind;
}

inline bool Node::isAny(std::initializer_list<SyntaxName> kinds) const
{
    if (!m_tree)
        return false;
    const SyntaxName own = m_tree->m_kinds[m_tree->m_nodes[m_index].kind];
    for (const SyntaxName kind : kinds) {
        if (kind == own)
            return true;
    }
    return false;
}

inline bool Node::isNamed() const
{
    return m_tree && m_tree->m_nodes[m_index].named;
}

inline Node Node::parent() const
{
    return m_tree && m_index > 0 ? Node(m_tree, m_tree->m_nodes[m_index].parent) : Node();
}

inline bool Node::isInside(const Node &other) const
{
    return m_tree && m_tree == other.m_tree && m_index >= other.m_index &&
           m_index < m_tree->m_nodes[other.m_index].next;
}

} // namespace review::rust
