// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/page.h"

#include <algorithm>

namespace ui {
namespace {

git::LineRange linesOf(const git::PatchedFile::Excerpt &excerpt, git::Side side)
{
    return side == git::Side::Old ? excerpt.oldLines : excerpt.newLines;
}

/// Some lines of both texts end with CR LF and some with LF alone.
bool hasMixedLineEnds(const git::FileTexts &texts)
{
    bool carriageReturns = false;
    bool plain = false;
    for (const std::string *text : {&texts.oldText, &texts.newText}) {
        for (std::size_t i = text->find('\n'); i != std::string::npos; i = text->find('\n', i + 1)) {
            (i > 0 && (*text)[i - 1] == '\r' ? carriageReturns : plain) = true;
            if (carriageReturns && plain)
                return true;
        }
    }
    return false;
}

} // namespace

DiffPage::DiffPage(std::shared_ptr<const models::FileView> view)
    : m_view(std::move(view))
    , m_hunks(m_view->hunks.size())
{
    const bool markLineEnds = hasMixedLineEnds(m_view->texts);
    m_old = RowText(*m_view, git::Side::Old, markLineEnds);
    m_new = RowText(*m_view, git::Side::New, markLineEnds);
    for (std::uint32_t row = 0; row < rowCount(); ++row) {
        const int hunk = hunkAt(row);
        if (hunk < 0)
            continue;
        RowRange &range = m_hunks[std::size_t(hunk)];
        if (range.end == 0)
            range.begin = row;
        range.end = row + 1;
    }
    for (const git::PatchedFile::Excerpt &excerpt : m_view->excerpts) {
        const std::uint32_t oldRow =
            excerpt.oldLines.empty() ? rowCount() : m_old.rowOfLine(excerpt.oldLines.begin);
        const std::uint32_t newRow =
            excerpt.newLines.empty() ? rowCount() : m_new.rowOfLine(excerpt.newLines.begin);
        const std::uint32_t row = std::min(oldRow, newRow);
        if (row > 0)
            m_excerptRows.push_back(row);
    }
}

bool DiffPage::hasSide(git::Side side) const
{
    if (m_view->delta.status == git::FileStatus::Unchanged)
        return side == git::Side::New;
    const git::ContentKind kind = side == git::Side::Old ? m_view->texts.oldKind : m_view->texts.newKind;
    return kind != git::ContentKind::Absent;
}

std::optional<int> DiffPage::hunkAfter(std::uint32_t row) const
{
    const auto hunk =
        std::upper_bound(m_hunks.begin(), m_hunks.end(), row,
                         [](std::uint32_t r, const RowRange &range) { return r < range.begin; });
    if (hunk == m_hunks.end())
        return std::nullopt;
    return int(hunk - m_hunks.begin());
}

std::optional<int> DiffPage::hunkBefore(std::uint32_t row) const
{
    const auto hunk =
        std::lower_bound(m_hunks.begin(), m_hunks.end(), row,
                         [](const RowRange &range, std::uint32_t r) { return range.begin < r; });
    if (hunk == m_hunks.begin())
        return std::nullopt;
    return int(hunk - m_hunks.begin()) - 1;
}

std::optional<std::uint32_t> DiffPage::lineNumber(git::Side side, std::uint32_t row) const
{
    const std::int32_t line = text(side).lineOfRow(row);
    if (line == git::Row::gap)
        return std::nullopt;
    const auto &excerpts = m_view->excerpts;
    const auto next = std::upper_bound(
        excerpts.begin(), excerpts.end(), std::uint32_t(line),
        [side](std::uint32_t l, const auto &excerpt) { return l < linesOf(excerpt, side).begin; });
    if (next == excerpts.begin())
        return std::uint32_t(line);
    const git::PatchedFile::Excerpt &excerpt = *std::prev(next);
    const std::uint32_t first = side == git::Side::Old ? excerpt.oldFirstLine : excerpt.newFirstLine;
    return first + (std::uint32_t(line) - linesOf(excerpt, side).begin);
}

std::uint32_t DiffPage::largestLineNumber(git::Side side) const
{
    const RowText &rows = text(side);
    if (rows.lineCount() == 0)
        return 0;
    return lineNumber(side, rows.rowOfLine(rows.lineCount() - 1)).value_or(0);
}

bool DiffPage::beginsExcerpt(std::uint32_t row) const
{
    return std::binary_search(m_excerptRows.begin(), m_excerptRows.end(), row);
}

} // namespace ui
