// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tree_sitter/api.h>

#include <cstdint>
#include <string_view>

namespace review::rust {

/// A cursor that is freed at the end of its scope.
class Cursor {
public:
    explicit Cursor(TSNode node) : m_cursor(ts_tree_cursor_new(node)) {}
    ~Cursor() { ts_tree_cursor_delete(&m_cursor); }
    Cursor(const Cursor &) = delete;
    Cursor &operator=(const Cursor &) = delete;

    TSNode node() const { return ts_tree_cursor_current_node(&m_cursor); }
    std::uint8_t field() const
    {
        return static_cast<std::uint8_t>(ts_tree_cursor_current_field_id(&m_cursor));
    }
    bool toFirstChild() { return ts_tree_cursor_goto_first_child(&m_cursor); }
    bool toNextSibling() { return ts_tree_cursor_goto_next_sibling(&m_cursor); }
    bool toParent() { return ts_tree_cursor_goto_parent(&m_cursor); }

private:
    TSTreeCursor m_cursor;
};

inline std::string_view kindOf(TSNode node)
{
    return ts_node_type(node);
}

} // namespace review::rust
