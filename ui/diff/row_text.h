// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/lines.h"
#include "git/rows.h"
#include "models/file_view.h"

#include <QByteArray>

#include <cstdint>
#include <string>
#include <vector>

namespace ui {

/// What an editor shows of one side: one line of text for each row, gap rows empty. Within a line each byte
/// stands at the column it has in the file: a CR that ends no line is replaced by one byte of the same width,
/// and marks (a missing final newline, a CR that only some lines have, the cut of an overlong line) come
/// after the line's own bytes. Holds views into the file view it was made from. One pass over the text.
class RowText {
public:
    /// Shown instead of the byte or appended; the editor draws them as labelled boxes.
    static constexpr char loneCarriageReturn = '\x1C';
    static constexpr const char *lineEndMark = "\xEF\xA3\xB0";    // U+F8F0, for private use
    static constexpr const char *noFinalNewline = "\xEF\xA3\xB1"; // U+F8F1
    static constexpr const char *cutMark = "\xEF\xA3\xB2";        // U+F8F2
    /// Scintilla lays out a whole line to paint any part of it: 20,000 bytes keep a page of such lines below
    /// a frame or two.
    static constexpr std::size_t maxShownBytes = 20'000;

    RowText() = default;
    /// `markLineEnds`: the line ends of both texts differ, and a reader has to see which is which.
    RowText(const models::FileView &view, git::Side side, bool markLineEnds);

    const std::string &bytes() const { return m_bytes; }
    std::uint32_t rowCount() const { return std::uint32_t(m_lineOfRow.size()); }
    /// 0-based line of the side's text, or git::Row::gap.
    std::int32_t lineOfRow(std::uint32_t row) const { return m_lineOfRow[row]; }
    std::uint32_t lineCount() const { return std::uint32_t(m_rowOfLine.size()); }
    /// The row that shows the line; a line beyond the end gives the last row.
    std::uint32_t rowOfLine(std::uint32_t line) const;
    /// The line at the row, or the one above the gap the row is in (the first line if there is none above).
    std::uint32_t nearestLine(std::uint32_t row) const;
    std::uint32_t rowStart(std::uint32_t row) const { return m_rowStart[row]; }
    const git::Lines &lines() const { return m_lines; }
    std::uint32_t cutLines() const { return m_cutLines; }
    std::size_t longestRow() const { return m_longestRow; } ///< bytes, a tab counts for four

    /// The file's own bytes between two positions of bytes(): gap rows and marks are left out, line ends are
    /// those of the file. `begin` <= `end`.
    QByteArray clean(std::uint32_t begin, std::uint32_t end) const;

private:
    struct Column {
        std::uint32_t row;
        std::uint32_t byte; ///< in the row's line
    };
    Column columnAt(std::uint32_t position) const;
    struct Marks {
        bool carriageReturns;
        bool finalNewline;
    };
    void appendLine(std::uint32_t line, const Marks &marks);

    std::string m_bytes;
    git::Lines m_lines;
    std::vector<std::int32_t> m_lineOfRow;
    std::vector<std::uint32_t> m_rowOfLine;
    std::vector<std::uint32_t> m_rowStart;
    std::uint32_t m_cutLines = 0;
    std::size_t m_longestRow = 0;
};

} // namespace ui
