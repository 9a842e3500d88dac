// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/file_tree_model.h"
#include "ui/icons.h"
#include "ui/list_delegates.h"
#include "ui/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QTreeView>

namespace ui {

namespace {

constexpr int boxSize = 13;

QRectF boxRect(const QRect &row)
{
    return {row.left() + 3.5, row.center().y() - boxSize / 2 + 0.5, double(boxSize), double(boxSize)};
}

void paintBox(QPainter &painter, const QRectF &box, Qt::CheckState state, const Theme &theme)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const bool empty = state == Qt::Unchecked;
    painter.setPen(QPen(empty ? theme.mutedText : theme.accent, 1));
    painter.setBrush(empty ? QBrush(Qt::NoBrush) : QBrush(theme.accent));
    painter.drawRoundedRect(box, 3, 3);
    if (state == Qt::Checked)
        paintGlyph(painter, box.adjusted(1.5, 1.5, -1.5, -1.5), Glyph::Check, theme.onAccent);
    else if (state == Qt::PartiallyChecked)
        painter.fillRect(box.adjusted(3, 5.5, -3, -5.5), theme.onAccent);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

QColor statusColor(git::FileStatus status, const Theme &theme)
{
    switch (status) {
    case git::FileStatus::Added:
    case git::FileStatus::Copied:
        return theme.added;
    case git::FileStatus::Deleted:
    case git::FileStatus::Conflicted:
        return theme.removed;
    case git::FileStatus::Renamed:
        return theme.accent;
    default:
        return theme.mutedText;
    }
}

/// Draws from right to left and gives back where the next thing ends.
class RightEdge {
public:
    RightEdge(QPainter &painter, const QRect &row) : m_painter(painter), m_row(row), m_right(row.right() - 10)
    {}
    void text(const QString &text, const QColor &color)
    {
        const int width = m_painter.fontMetrics().horizontalAdvance(text);
        m_painter.setPen(color);
        m_painter.drawText(QRect(m_right - width, m_row.top(), width + 2, m_row.height()), Qt::AlignVCenter,
                           text);
        m_right -= width + 6;
    }
    QRectF square(int size)
    {
        m_right -= size + 5;
        return {double(m_right + 5), m_row.center().y() - size / 2.0 + 0.5, double(size), double(size)};
    }
    void skip(int pixels) { m_right -= pixels; }
    int right() const { return m_right; }

private:
    QPainter &m_painter;
    QRect m_row;
    int m_right;
};

void paintFacts(QPainter &painter, RightEdge &edge, const QModelIndex &index, const Theme &theme)
{
    const bool folder = index.data(models::IsFolderRole).toBool();
    if (index.data(models::ViewedRole).toBool())
        paintGlyph(painter, edge.square(13), Glyph::Check, theme.done);
    if (!folder && index.data(models::CountsKnownRole).toBool()) {
        const int removed = index.data(models::RemovedRole).toInt();
        const int added = index.data(models::AddedRole).toInt();
        if (removed > 0)
            edge.text(QStringLiteral("−%1").arg(removed), theme.removed);
        if (added > 0)
            edge.text(QStringLiteral("+%1").arg(added), theme.added);
    }
    const int findings = index.data(models::FindingCountRole).toInt();
    if (findings > 0) {
        const auto severity = review::Severity(index.data(models::SeverityRole).toInt());
        edge.skip(4);
        edge.text(QString::number(findings), theme.of(severity));
        paintSeverity(painter, edge.square(10), severity, theme.of(severity));
    }
}

} // namespace

void FileDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const Theme &theme = themeFor(option.palette);
    const QRect row = option.rect;
    painter->save();
    const auto *view = qobject_cast<const QTreeView *>(option.widget);
    const QRect whole(0, row.top(), view ? view->viewport()->width() : row.right(), row.height());
    if (option.state & QStyle::State_Selected)
        painter->fillRect(whole, theme.selected);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(whole, theme.hover);

    const bool folder = index.data(models::IsFolderRole).toBool();
    if (folder && view) {
        // The branch arrow stands left of the row's own rectangle.
        painter->save();
        painter->translate(row.left() - 8.5, row.center().y() + 1);
        painter->rotate(view->isExpanded(index) ? 0 : -90);
        paintGlyph(*painter, QRectF(-7, -7, 14, 14), Glyph::ChevronDown, theme.mutedText);
        painter->restore();
    }
    const QVariant check = index.data(Qt::CheckStateRole);
    if (check.isValid())
        paintBox(*painter, boxRect(row), Qt::CheckState(check.toInt()), theme);

    painter->setFont(option.font);
    RightEdge edge(*painter, row);
    paintFacts(*painter, edge, index, theme);
    int left = row.left() + boxSize + 11;
    const auto status = git::FileStatus(index.data(models::StatusRole).toInt());
    const QString letter = folder ? QString() : statusLetter(status);
    if (!letter.isEmpty()) {
        QFont bold = option.font;
        bold.setBold(true);
        painter->setFont(bold);
        painter->setPen(statusColor(status, theme));
        painter->drawText(QRect(left, row.top(), 14, row.height()), Qt::AlignVCenter | Qt::AlignHCenter,
                          letter);
        painter->setFont(option.font);
        left += 19;
    }
    const bool quiet = folder || index.data(models::ViewedRole).toBool();
    painter->setPen(quiet ? theme.mutedText : theme.text);
    const int width = edge.right() - left;
    painter->drawText(QRect(left, row.top(), width, row.height()), Qt::AlignVCenter,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, width));
    painter->restore();
}

QSize FileDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {100, option.fontMetrics.height() + 8};
}

bool FileDelegate::editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                               const QModelIndex &index)
{
    const QVariant check = index.data(Qt::CheckStateRole);
    if (event->type() != QEvent::MouseButtonRelease || !check.isValid())
        return false;
    const auto *mouse = static_cast<QMouseEvent *>(event);
    if (!boxRect(option.rect).adjusted(-4, -4, 4, 4).contains(mouse->position()))
        return false;
    const bool on = check.toInt() != Qt::Checked;
    return model->setData(index, on ? Qt::Checked : Qt::Unchecked, Qt::CheckStateRole);
}

} // namespace ui
