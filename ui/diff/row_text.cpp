// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/row_text.h"

#include "ui/text_position.h"

#include <algorithm>

namespace ui {
namespace {

/// A link's target is stored without a line end: nothing is missing there.
bool endsLines(const models::FileView &view, git::Side side)
{
    const git::ContentKind kind = side == git::Side::Old ? view.texts.oldKind : view.texts.newKind;
    return kind != git::ContentKind::Symlink;
}

} // namespace

RowText::RowText(const models::FileView &view, git::Side side, bool markLineEnds)
    : m_lines(side == git::Side::Old ? view.texts.oldText : view.texts.newText)
{
    const std::vector<git::Row> &rows = view.alignment.rows;
    const Marks marks{.carriageReturns = markLineEnds, .finalNewline = endsLines(view, side)};
    m_bytes.reserve(m_lines.text().size() + rows.size() + 16);
    m_lineOfRow.reserve(rows.size());
    m_rowStart.reserve(rows.size() + 1);
    m_rowOfLine.reserve(m_lines.count());
    for (const git::Row &row : rows) {
        const std::int32_t line = side == git::Side::Old ? row.oldLine : row.newLine;
        if (!m_lineOfRow.empty())
            m_bytes += '\n';
        m_rowStart.push_back(std::uint32_t(m_bytes.size()));
        m_lineOfRow.push_back(line);
        if (line != git::Row::gap)
            appendLine(std::uint32_t(line), marks);
    }
    m_rowStart.push_back(std::uint32_t(m_bytes.size()) + 1);
}

void RowText::appendLine(std::uint32_t line, const Marks &marks)
{
    m_rowOfLine.push_back(std::uint32_t(m_lineOfRow.size()) - 1);
    const std::string_view whole = m_lines.withEnd(line);
    const std::string_view text = m_lines[line];
    const std::size_t shown = cutAtCharacter(text, maxShownBytes);
    const std::size_t start = m_bytes.size();
    m_bytes += text.substr(0, shown);
    if (text.find('\r') != std::string_view::npos)
        std::replace(m_bytes.begin() + std::ptrdiff_t(start), m_bytes.end(), '\r', loneCarriageReturn);
    if (shown < text.size()) {
        m_bytes += cutMark;
        ++m_cutLines;
    }
    if (marks.carriageReturns && whole.ends_with("\r\n"))
        m_bytes += lineEndMark;
    if (marks.finalNewline && !whole.ends_with('\n'))
        m_bytes += noFinalNewline;
    std::size_t columns = m_bytes.size() - start;
    if (text.find('\t') != std::string_view::npos)
        columns += 3 * std::size_t(std::count(text.begin(), text.end(), '\t'));
    m_longestRow = std::max(m_longestRow, columns);
}

std::uint32_t RowText::rowOfLine(std::uint32_t line) const
{
    if (m_rowOfLine.empty())
        return 0;
    return m_rowOfLine[std::min<std::size_t>(line, m_rowOfLine.size() - 1)];
}

std::uint32_t RowText::nearestLine(std::uint32_t row) const
{
    const auto after = std::upper_bound(m_rowOfLine.begin(), m_rowOfLine.end(), row);
    return after == m_rowOfLine.begin() ? 0 : std::uint32_t(after - m_rowOfLine.begin()) - 1;
}

RowText::Column RowText::columnAt(std::uint32_t position) const
{
    const auto next = std::upper_bound(m_rowStart.begin(), m_rowStart.end() - 1, position);
    const auto row = std::uint32_t(next - m_rowStart.begin()) - 1;
    return {row, position - m_rowStart[row]};
}

QByteArray RowText::clean(std::uint32_t begin, std::uint32_t end) const
{
    QByteArray result;
    if (m_lineOfRow.empty() || begin >= end)
        return result;
    const Column first = columnAt(begin);
    const Column last = columnAt(end);
    for (std::uint32_t row = first.row; row <= last.row; ++row) {
        if (m_lineOfRow[row] == git::Row::gap)
            continue;
        std::string_view text = m_lines.withEnd(std::size_t(m_lineOfRow[row]));
        const std::size_t own = m_lines[std::size_t(m_lineOfRow[row])].size();
        // A column within the marks stands at the end of the line's own bytes; those of a cut line count as
        // reached.
        const auto inLine = [&](std::uint32_t column) {
            return column >= std::min(own, cutAtCharacter(text.substr(0, own), maxShownBytes)) ? own : column;
        };
        if (row == last.row)
            text = text.substr(0, inLine(last.byte));
        if (row == first.row)
            text = text.substr(std::min(text.size(), std::size_t(inLine(first.byte))));
        result.append(text.data(), qsizetype(text.size()));
    }
    return result;
}

} // namespace ui
