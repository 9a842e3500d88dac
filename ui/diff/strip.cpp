// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/strip.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QCoreApplication>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace ui {
namespace {

constexpr int stripWidth = 22;
constexpr int changesLeft = 3;
constexpr int changesWidth = 8;
constexpr double shapeSize = 9;
constexpr double smallestFrame = 16;

} // namespace

DiffStrip::DiffStrip(QWidget *parent) : QWidget(parent)
{
    setFixedWidth(stripWidth);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("Overview of changes and findings"));
}

void DiffStrip::setEditor(const DiffEditor *editor)
{
    m_editor = editor;
    update();
}

void DiffStrip::setPage(std::shared_ptr<const DiffPage> page)
{
    m_page = std::move(page);
    m_marks.clear();
    m_changes = {};
    update();
}

void DiffStrip::setMarks(std::vector<RowMark> marks)
{
    // The gravest are drawn last, over the others.
    std::stable_sort(marks.begin(), marks.end(),
                     [](const RowMark &a, const RowMark &b) { return a.severity > b.severity; });
    m_marks = std::move(marks);
    update();
}

double DiffStrip::pixelsPerRow() const
{
    const double fitting = double(height()) / std::max(1u, m_page->rowCount());
    return std::min(fitting, double(m_editor->rowHeight()));
}

QPixmap DiffStrip::renderChanges() const
{
    const Theme &theme = themeFor(palette());
    QPixmap pixmap(size() * devicePixelRatioF());
    pixmap.setDevicePixelRatio(devicePixelRatioF());
    pixmap.fill(theme.panel);
    QPainter painter(&pixmap);
    painter.fillRect(QRect(0, 0, 1, height()), theme.border);
    const double scale = pixelsPerRow();
    const auto draw = [&](RowRange rows, double left, double width, const QColor &color) {
        painter.fillRect(
            QRectF(left, rows.begin * scale, width, std::max(2.0, (rows.end - rows.begin) * scale)), color);
    };
    for (std::uint32_t row = 0; row < m_page->rowCount();) {
        const git::RowKind kind = m_page->row(row).kind;
        const std::uint32_t begin = row;
        while (row < m_page->rowCount() && m_page->row(row).kind == kind)
            ++row;
        if (kind == git::RowKind::Removed || kind == git::RowKind::Changed)
            draw({begin, row}, changesLeft, changesWidth / 2.0, theme.removed);
        if (kind == git::RowKind::Added || kind == git::RowKind::Changed)
            draw({begin, row}, changesLeft + changesWidth / 2.0, changesWidth / 2.0, theme.added);
    }
    return pixmap;
}

void DiffStrip::paintEvent(QPaintEvent *)
{
    const Theme &theme = themeFor(palette());
    QPainter painter(this);
    if (!m_page || !m_editor) {
        painter.fillRect(rect(), theme.panel);
        return;
    }
    if (m_changes.isNull())
        m_changes = renderChanges();
    painter.drawPixmap(0, 0, m_changes);
    const double scale = pixelsPerRow();
    for (const RowMark &mark : m_marks) {
        const double y =
            std::clamp((mark.row + 0.5) * scale - shapeSize / 2, 0.0, std::max(0.0, height() - shapeSize));
        paintSeverity(painter, QRectF(width() - shapeSize - 1.5, y, shapeSize, shapeSize), mark.severity,
                      theme.of(mark.severity));
    }
    const double top = m_editor->firstVisibleRow() * scale;
    const double length = std::max(smallestFrame, m_editor->visibleRowCount() * scale);
    QColor ground = theme.mutedText;
    ground.setAlpha(38);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.mutedText, 1));
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF(1.5, std::min(top + 0.5, height() - length), width() - 2, length - 1), 3,
                            3);
}

void DiffStrip::goTo(double y)
{
    if (!m_page || !m_editor)
        return;
    const double row = std::clamp(y / pixelsPerRow(), 0.0, double(std::max(1u, m_page->rowCount()) - 1));
    emit rowRequested(std::uint32_t(row));
}

void DiffStrip::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        goTo(event->position().y());
}

void DiffStrip::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton)
        goTo(event->position().y());
}

void DiffStrip::wheelEvent(QWheelEvent *event)
{
    if (m_editor)
        QCoreApplication::sendEvent(m_editor->viewport(), event);
}

void DiffStrip::resizeEvent(QResizeEvent *)
{
    m_changes = {};
}

void DiffStrip::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_changes = {};
}

} // namespace ui
