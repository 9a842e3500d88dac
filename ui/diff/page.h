// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/diff/row_text.h"

#include <memory>
#include <optional>
#include <vector>

namespace ui {

/// Rows [begin, end) of a page, 0-based.
struct RowRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

/// A file laid out for the two editors: what stands in which row. Immutable and shared by the editors, the
/// gutter, the strip and the workers. One pass over both texts.
class DiffPage {
public:
    explicit DiffPage(std::shared_ptr<const models::FileView> view);

    const models::FileView &view() const { return *m_view; }
    const std::shared_ptr<const models::FileView> &sharedView() const { return m_view; }
    const RowText &text(git::Side side) const { return side == git::Side::Old ? m_old : m_new; }
    std::uint32_t rowCount() const { return std::uint32_t(m_view->alignment.rows.size()); }
    const git::Row &row(std::uint32_t row) const { return m_view->alignment.rows[row]; }
    /// Both sides are worth showing, except where one does not exist or both are the same file.
    bool hasSide(git::Side side) const;
    bool hasBothSides() const { return hasSide(git::Side::Old) && hasSide(git::Side::New); }

    const std::vector<RowRange> &hunks() const { return m_hunks; }
    /// The hunk the row is in, -1 outside.
    int hunkAt(std::uint32_t row) const { return row < rowCount() ? this->row(row).hunk : -1; }
    /// The first hunk that begins below the row, the last one that begins above it.
    std::optional<int> hunkAfter(std::uint32_t row) const;
    std::optional<int> hunkBefore(std::uint32_t row) const;

    /// The 0-based line of the real file in this row; none in gaps. Of a patch's excerpt it differs from the
    /// text's line.
    std::optional<std::uint32_t> lineNumber(git::Side side, std::uint32_t row) const;
    std::uint32_t largestLineNumber(git::Side side) const;
    /// Rows at which a new excerpt of a patch begins, without the first.
    bool beginsExcerpt(std::uint32_t row) const;

private:
    std::shared_ptr<const models::FileView> m_view;
    RowText m_old;
    RowText m_new;
    std::vector<RowRange> m_hunks;
    std::vector<std::uint32_t> m_excerptRows;
};

} // namespace ui
