// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/position.h"
#include "review/rules/removed.h"

#include <string>
#include <vector>

namespace review::rules {

/// Lines that differ between the two sides of a function: 0-based lines of the two files, end exclusive.
/// One of the two may be empty.
struct Edit {
    git::LineRange base;
    git::LineRange head;
};

/// How the two sides of a function's text differ, line by line, white space apart: the longest common run
/// of lines stays. Costs the product of the lengths between the common beginning and end; beyond 600 lines
/// there the whole is one edit.
class Edits {
public:
    explicit Edits(const RewrittenFunction &function);

    const std::vector<Edit> &all() const { return m_edits; }
    /// Lines of code, comments and lone brackets left out, that only the base has, and that only the head
    /// has.
    std::size_t removed() const { return m_removed; }
    std::size_t added() const { return m_added; }
    /// The edit in which the node's first line is; null where that line stands on both sides.
    const Edit *ofBase(const rust::Node &baseNode) const;
    const Edit *ofHead(const rust::Node &headNode) const;
    /// Some line of the node of the head is in an edit, or lines of the base are gone between its lines.
    bool touches(const rust::Node &headNode) const;
    /// Lines of code of this edit that only the head has.
    std::size_t addedIn(const Edit &edit) const;
    std::size_t removedIn(const Edit &edit) const;
    /// Where a place of the base is, or was, in the head: the smallest node that begins on the line that
    /// took its place; else next to the gap.
    rust::Node placeInHead(const rust::Node &baseNode) const;

private:
    void align();
    const rust::Function *m_base;
    const rust::Function *m_head;
    std::vector<Edit> m_edits;
    std::size_t m_removed = 0;
    std::size_t m_added = 0;
};

} // namespace review::rules
