// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/hunk_gutter.h"

#include "ui/theme.h"

#include <QCoreApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>

namespace ui {
namespace {

constexpr int gutterWidth = 28;
constexpr double boxSize = 15;

} // namespace

HunkGutter::HunkGutter(QWidget *parent) : QWidget(parent)
{
    setFixedWidth(gutterWidth);
    setMouseTracking(true);
    setAccessibleName(tr("Hunks chosen for review"));
}

void HunkGutter::setEditor(const DiffEditor *editor)
{
    m_editor = editor;
    update();
}

void HunkGutter::setPage(std::shared_ptr<const DiffPage> page)
{
    m_page = std::move(page);
    m_current = m_hovered = -1;
    update();
}

void HunkGutter::setChosen(const QSet<QString> &hunks)
{
    m_chosen = hunks;
    update();
}

void HunkGutter::setCurrentHunk(int hunk)
{
    if (m_current == hunk)
        return;
    m_current = hunk;
    setAccessibleDescription(hunk < 0         ? QString()
                             : isChosen(hunk) ? tr("The current hunk is chosen for review")
                                              : tr("The current hunk is not chosen for review"));
    update();
}

QString HunkGutter::id(int hunk) const
{
    return QString::fromStdString(m_page->view().hunks[std::size_t(hunk)].id);
}

bool HunkGutter::isChosen(int hunk) const
{
    return m_page && hunk >= 0 && m_chosen.contains(id(hunk));
}

int HunkGutter::hunkAt(int y) const
{
    if (!m_page || !m_editor)
        return -1;
    return m_page->hunkAt(m_editor->rowAt(y));
}

QRectF HunkGutter::boxOf(int hunk) const
{
    const RowRange rows = m_page->hunks()[std::size_t(hunk)];
    const int height = m_editor->rowHeight();
    const double lowest = m_editor->rowTop(rows.end - 1);
    const double top = std::min(std::max(double(m_editor->rowTop(rows.begin)), 0.0), lowest);
    return {(width() - boxSize) / 2, top + (height - boxSize) / 2, boxSize, boxSize};
}

void HunkGutter::paintEvent(QPaintEvent *)
{
    const Theme &theme = themeFor(palette());
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, 0, 1, height()), theme.border);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), theme.border);
    if (!m_page || !m_editor)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    const std::uint32_t begin = m_editor->firstVisibleRow();
    const std::uint32_t end = begin + m_editor->visibleRowCount() + 2;
    const auto &hunks = m_page->hunks();
    auto hunk =
        std::partition_point(hunks.begin(), hunks.end(), [=](const RowRange &r) { return r.end <= begin; });
    for (; hunk != hunks.end() && hunk->begin < end; ++hunk)
        paintHunk(painter, int(hunk - hunks.begin()));
}

void HunkGutter::paintHunk(QPainter &painter, int hunk)
{
    const Theme &theme = themeFor(palette());
    const RowRange rows = m_page->hunks()[std::size_t(hunk)];
    const bool chosen = isChosen(hunk);
    const bool current = hunk == m_current;
    const QColor bracket = chosen ? theme.chosenHunk : current ? theme.accent : theme.border;
    const double top = m_editor->rowTop(rows.begin) + 2;
    const double bottom = m_editor->rowTop(rows.end) - 2;
    const double middle = width() / 2.0;
    painter.setPen(QPen(bracket, current ? 3 : 2, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(middle, top), QPointF(middle, bottom));

    const QRectF box = boxOf(hunk).adjusted(0.5, 0.5, -0.5, -0.5);
    const QColor edge = chosen                         ? theme.chosenHunk
                        : current || hunk == m_hovered ? theme.accent
                                                       : theme.mutedText;
    painter.setPen(QPen(edge, current ? 2 : 1.4));
    painter.setBrush(chosen ? theme.chosenHunk : hunk == m_hovered ? theme.hover : theme.panel);
    painter.drawRoundedRect(box, 3.5, 3.5);
    if (!chosen)
        return;
    QPainterPath check;
    check.moveTo(box.left() + boxSize * 0.22, box.top() + boxSize * 0.48);
    check.lineTo(box.left() + boxSize * 0.42, box.top() + boxSize * 0.68);
    check.lineTo(box.left() + boxSize * 0.74, box.top() + boxSize * 0.26);
    painter.setPen(QPen(theme.onAccent, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(check);
}

void HunkGutter::mousePressEvent(QMouseEvent *event)
{
    const int hunk = hunkAt(event->pos().y());
    if (event->button() == Qt::LeftButton && hunk >= 0)
        emit toggleRequested(hunk);
}

void HunkGutter::mouseMoveEvent(QMouseEvent *event)
{
    setHovered(hunkAt(event->pos().y()));
}

void HunkGutter::leaveEvent(QEvent *)
{
    setHovered(-1);
}

void HunkGutter::setHovered(int hunk)
{
    if (m_hovered == hunk)
        return;
    m_hovered = hunk;
    setCursor(hunk >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void HunkGutter::wheelEvent(QWheelEvent *event)
{
    if (m_editor)
        QCoreApplication::sendEvent(m_editor->viewport(), event);
}

bool HunkGutter::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int hunk = hunkAt(help->pos().y());
    QToolTip::showText(help->globalPos(),
                       hunk < 0 ? QString()
                       : isChosen(hunk)
                           ? tr("This hunk is chosen for review. Click or press Space to leave it out.")
                           : tr("Click or press Space to choose this hunk for review."),
                       this);
    return true;
}

} // namespace ui
