// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/tree_cursor.h"

#include <tree-sitter/lib/src/tree.h>

namespace review::rust {

ParsedNode ParsedNode::rootOf(const TSTree *tree)
{
    return {&tree->root, ts_subtree_padding(tree->root).bytes, 0};
}

void Cursor::enter(const Subtree &parent, std::uint32_t begin, std::uint8_t field, bool isHidden)
{
    Level &level = m_levels.emplace_back();
    level.at = begin;
    level.field = field;
    level.isHidden = isHidden;
    const std::uint32_t count = ts_subtree_child_count(parent);
    if (count == 0)
        return;
    level.next = ts_subtree_children(parent);
    level.end = level.next + count;
    const std::uint16_t production = parent.ptr->production_id;
    level.alias = ts_language_alias_sequence(tree_sitter_rust(), production);
    ts_language_field_map(tree_sitter_rust(), production, &level.fields, &level.fieldsEnd);
}

bool Cursor::advance()
{
    for (;;) {
        Level &level = m_levels.back();
        if (level.next == level.end) {
            if (!level.isHidden)
                return false;
            m_levels.pop_back();
            continue;
        }
        const Subtree &child = *level.next++;
        // The space before the first child is the parent's.
        const std::uint32_t begin = level.at + (level.isFirst ? 0 : ts_subtree_padding(child).bytes);
        level.isFirst = false;
        level.at = begin + ts_subtree_size(child).bytes;
        TSSymbol alias = 0;
        std::uint8_t field = 0;
        if (!ts_subtree_extra(child)) {
            alias = level.alias ? *level.alias++ : 0;
            field = level.field;
            for (const TSFieldMapEntry *entry = level.fields; entry != level.fieldsEnd; ++entry) {
                if (!entry->inherited && entry->child_index == level.index) {
                    field = static_cast<std::uint8_t>(entry->field_id);
                    break;
                }
            }
            ++level.index;
        }
        if (alias || ts_subtree_visible(child)) {
            m_node = {&child, begin, alias};
            m_field = field;
            return true;
        }
        if (ts_subtree_visible_child_count(child) > 0)
            enter(child, begin, field, true);
    }
}

bool Cursor::toFirstChild()
{
    enter(*m_node.m_subtree, m_node.m_begin, 0, false);
    if (advance())
        return true;
    m_levels.pop_back();
    return false;
}

bool Cursor::toNextSibling()
{
    return !m_levels.empty() && advance();
}

void Cursor::toParent()
{
    while (m_levels.back().isHidden)
        m_levels.pop_back();
    m_levels.pop_back();
}

} // namespace review::rust
