// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/row_paint.h"

#include <QAbstractItemView>
#include <QPainter>

namespace ui {

QFont smaller(QFont font)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * 0.9);
    return font;
}

void paintGround(QPainter &painter, const QStyleOptionViewItem &option, const Theme &theme)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    QRect row = option.rect;
    if (view) {
        row.setLeft(0);
        row.setRight(view->viewport()->width());
    }
    if (option.state & QStyle::State_Selected) {
        painter.fillRect(row, theme.selected);
        if (view && view->hasFocus())
            painter.fillRect(QRect(0, row.top(), 3, row.height()), theme.accent);
    } else if (option.state & QStyle::State_MouseOver) {
        painter.fillRect(row, theme.hover);
    }
}

} // namespace ui
