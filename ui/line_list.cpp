// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/line_list.h"

#include "ui/list_delegates.h"
#include "ui/theme.h"

#include <QKeyEvent>
#include <QPainter>

namespace ui {

LineList::LineList(models::ReviewListModel &model, const QString &name, QWidget *parent)
    : QListView(parent)
    , m_model(model)
{
    setModel(&m_model);
    setItemDelegate(new LineDelegate(this));
    setMouseTracking(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setResizeMode(Adjust);
    setAccessibleName(name);
    setMinimumHeight(40);
    // Not `activated`: a double click would choose twice.
    connect(this, &QListView::clicked, this,
            [this](const QModelIndex &index) { emit lineChosen(m_model.line(index)); });
}

void LineList::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

void LineList::paintEvent(QPaintEvent *event)
{
    QListView::paintEvent(event);
    if (m_model.rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(themeFor(palette()).mutedText);
    painter.drawText(viewport()->rect().adjusted(12, 8, -12, 0), Qt::AlignTop | Qt::TextWordWrap,
                     m_emptyText);
}

void LineList::resizeEvent(QResizeEvent *event)
{
    QListView::resizeEvent(event);
    scheduleDelayedItemsLayout(); // the text wraps anew
}

void LineList::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Delete && currentIndex().isValid())
        emit removalAsked(m_model.line(currentIndex()));
    else if (enter && currentIndex().isValid())
        emit lineChosen(m_model.line(currentIndex()));
    else
        QListView::keyPressEvent(event);
}

} // namespace ui
