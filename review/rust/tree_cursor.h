// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tree-sitter/lib/src/language.h>
#include <tree-sitter/lib/src/subtree.h>

#include <cstdint>
#include <string_view>
#include <vector>

extern "C" const TSLanguage *tree_sitter_rust();

namespace review::rust {

/// A node of tree-sitter's tree, read as tree-sitter keeps it: its own cursors and nodes also follow lines
/// and columns, which our trees work out by themselves. Valid as long as the tree.
class ParsedNode {
public:
    ParsedNode() = default;
    ParsedNode(const Subtree *subtree, std::uint32_t begin, TSSymbol alias)
        : m_subtree(subtree)
        , m_begin(begin)
        , m_alias(alias)
    {}
    /// The root of a tree, whose text begins where its first token does.
    static ParsedNode rootOf(const TSTree *tree);

    std::uint32_t begin() const { return m_begin; }
    std::uint32_t end() const { return m_begin + ts_subtree_size(*m_subtree).bytes; }
    /// The symbol that stands for all of this name.
    TSSymbol symbol() const
    {
        return ts_language_public_symbol(tree_sitter_rust(),
                                         m_alias ? m_alias : ts_subtree_symbol(*m_subtree));
    }
    std::string_view kind() const { return ts_language_symbol_name(tree_sitter_rust(), symbol()); }
    bool isNamed() const
    {
        return m_alias ? ts_language_symbol_metadata(tree_sitter_rust(), m_alias).named
                       : ts_subtree_named(*m_subtree);
    }
    bool isMissing() const { return ts_subtree_missing(*m_subtree); }
    bool hasError() const { return ts_subtree_error_cost(*m_subtree) > 0; }

private:
    friend class Cursor;
    const Subtree *m_subtree = nullptr;
    std::uint32_t m_begin = 0;
    TSSymbol m_alias = 0; ///< the name by which the parent's rule knows it, if another
};

/// Goes through the nodes below one. What the grammar hides is passed over: its children count as the
/// parent's.
class Cursor {
public:
    explicit Cursor(ParsedNode node) : m_node(node) { m_levels.reserve(levelsAtFirst); }

    /// Where it stands; to be asked after a step down or on, not after one up.
    const ParsedNode &node() const { return m_node; }
    std::uint8_t field() const { return m_field; }
    bool toFirstChild();
    bool toNextSibling();
    void toParent();

private:
    /// Children of a node, or of one that is hidden in it.
    struct Level {
        const Subtree *next = nullptr;
        const Subtree *end = nullptr;
        const TSSymbol *alias = nullptr; ///< of the next child, if the rule names any
        const TSFieldMapEntry *fields = nullptr;
        const TSFieldMapEntry *fieldsEnd = nullptr;
        std::uint32_t at = 0;    ///< where the child before it ends
        std::uint32_t index = 0; ///< of the next child in the rule, where comments don't count
        std::uint8_t field = 0;  ///< which a hidden node gives to its children
        bool isFirst = true;
        bool isHidden = false;
    };
    static constexpr std::size_t levelsAtFirst = 48;
    void enter(const Subtree &parent, std::uint32_t begin, std::uint8_t field, bool isHidden);
    bool advance();

    ParsedNode m_node;
    std::uint8_t m_field = 0;
    std::vector<Level> m_levels;
};

} // namespace review::rust
