// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/editor.h"
#include "ui/icons.h"

#include <QPaintEvent>
#include <QPainter>

#include <algorithm>

namespace ui {
namespace {

constexpr int stripeDistance = 8;
constexpr int edgeWidth = 3;

/// One tile of diagonal stripes; QBrush's own pattern is one device pixel fine and turns grey on dense
/// screens.
QPixmap makeHatching(const Theme &theme, double ratio)
{
    QPixmap tile(QSize(stripeDistance, stripeDistance) * ratio);
    tile.setDevicePixelRatio(ratio);
    tile.fill(theme.gap);
    QPainter painter(&tile);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.gapStripe, 1.2));
    for (int shift : {-stripeDistance, 0, stripeDistance})
        painter.drawLine(QPointF(shift - 1, stripeDistance + 1), QPointF(shift + stripeDistance + 1, -1));
    return tile;
}

} // namespace

struct DiffEditor::Span {
    std::uint32_t begin;
    std::uint32_t end;
    int height; ///< of a row
    int margin;
    int width;
    const Theme &theme;

    QRect rect(std::uint32_t first, std::uint32_t last, int left, int right) const
    {
        return {left, int(first - begin) * height, right - left, int(last - first) * height};
    }
};

void DiffEditor::paintEvent(QPaintEvent *event)
{
    const std::uint32_t begin = firstVisibleRow();
    const std::uint32_t rows = m_page ? m_page->rowCount() : 0;
    const std::uint32_t end = std::min(rows, begin + visibleRowCount() + 2);
    m_decorations.ensure(begin, end);
    QsciScintilla::paintEvent(event);
    if (begin >= end)
        return;
    const Span span{begin, end, rowHeight(), marginsWidth(), viewport()->width(), themeFor(palette())};
    QPainter painter(viewport());
    paintGaps(painter, span);
    paintMargin(painter, span);
    paintExcerpts(painter, span);
    paintHunkEdge(painter, span);
    paintFlash(painter, span);
}

void DiffEditor::paintGaps(QPainter &painter, const Span &span)
{
    if (m_hatching.isNull() || m_hatching.devicePixelRatio() != devicePixelRatioF())
        m_hatching = makeHatching(span.theme, devicePixelRatioF());
    for (std::uint32_t row = span.begin; row < span.end; ++row) {
        if (!isGap(row))
            continue;
        const std::uint32_t first = row;
        while (row < span.end && isGap(row))
            ++row;
        const QRect rect = span.rect(first, row, 0, span.width);
        // The stripes stand still in the text while it scrolls.
        painter.drawTiledPixmap(rect, m_hatching, QPointF(0, (int(first) * span.height) % stripeDistance));
    }
}

void DiffEditor::paintMargin(QPainter &painter, const Span &span)
{
    const bool old = m_side == git::Side::Old;
    QFont bold = m_marginFont;
    bold.setBold(true);
    auto mark = std::lower_bound(m_marks.begin(), m_marks.end(), span.begin,
                                 [](const RowMark &m, std::uint32_t row) { return m.row < row; });
    for (std::uint32_t row = span.begin; row < span.end; ++row) {
        const bool changed = m_page->row(row).kind != git::RowKind::Equal;
        // The ground of a changed line begins at the margin, not at its text.
        const int right = span.margin + (changed && m_page->hasBothSides() ? textIndent : 0);
        const QRect cell = span.rect(row, row + 1, 0, right);
        const std::optional<std::uint32_t> number = m_page->lineNumber(m_side, row);
        if (number) {
            painter.fillRect(cell, changed ? (old ? span.theme.removedLine : span.theme.addedLine)
                                   : row == m_currentRow ? span.theme.currentLine
                                                         : span.theme.editor);
            painter.setFont(row == m_currentRow ? bold : m_marginFont);
            painter.setPen(row == m_currentRow ? span.theme.editorText : span.theme.lineNumber);
            painter.drawText(QRect(0, cell.top(), m_numberRight, cell.height()),
                             Qt::AlignRight | Qt::AlignVCenter, QString::number(*number + 1));
        }
        if (number && changed) {
            painter.setFont(bold);
            painter.setPen(old ? span.theme.removed : span.theme.added);
            painter.drawText(QRect(m_signLeft, cell.top(), span.margin - m_signLeft, cell.height()),
                             Qt::AlignLeft | Qt::AlignVCenter,
                             old ? QString(QChar(0x2212)) : QStringLiteral("+"));
        }
        if (mark != m_marks.end() && mark->row == row) {
            const double size = std::min(span.height - 4.0, QFontMetricsF(m_marginFont).ascent() + 1);
            paintSeverity(painter, QRectF(m_markLeft, cell.top() + (cell.height() - size) / 2, size, size),
                          mark->severity, span.theme.of(mark->severity));
        }
        while (mark != m_marks.end() && mark->row == row)
            ++mark;
    }
}

/// A patch shows parts of a file: a line where some of it is left out.
void DiffEditor::paintExcerpts(QPainter &painter, const Span &span)
{
    painter.setPen(QPen(span.theme.mutedText, 1, Qt::DashLine));
    for (std::uint32_t row = span.begin; row < span.end; ++row) {
        if (m_page->beginsExcerpt(row))
            painter.drawLine(0, rowTop(row), span.width, rowTop(row));
    }
}

void DiffEditor::paintHunkEdge(QPainter &painter, const Span &span)
{
    const int hunk = m_page->hunkAt(m_currentRow);
    if (hunk < 0)
        return;
    const RowRange rows = m_page->hunks()[std::size_t(hunk)];
    const std::uint32_t first = std::max(rows.begin, span.begin);
    const std::uint32_t last = std::min(rows.end, span.end);
    if (first >= last)
        return;
    const QRect rect = span.rect(first, last, span.margin - edgeWidth - 1, span.width);
    painter.fillRect(QRect(rect.left(), rect.top(), edgeWidth, rect.height()), span.theme.accent);
    QColor line = span.theme.accent;
    line.setAlpha(110);
    painter.setPen(line);
    if (first == rows.begin)
        painter.drawLine(0, rect.top(), span.width, rect.top());
    if (last == rows.end)
        painter.drawLine(0, rect.bottom(), span.width, rect.bottom());
}

void DiffEditor::paintFlash(QPainter &painter, const Span &span)
{
    if (m_flash.state() != QAbstractAnimation::Running || m_flashRow < span.begin || m_flashRow >= span.end)
        return;
    QColor color = span.theme.flash;
    color.setAlphaF(float(m_flash.currentValue().toDouble()));
    // Only the ground takes the colour: the text, which is to be read, is further from it already.
    painter.setCompositionMode(span.theme.dark ? QPainter::CompositionMode_Lighten
                                               : QPainter::CompositionMode_Darken);
    painter.fillRect(span.rect(m_flashRow, m_flashRow + 1, 0, span.width), color);
    painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
}

} // namespace ui
