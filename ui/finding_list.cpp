// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/finding_list.h"

#include "ui/list_delegates.h"
#include "ui/theme.h"

#include <QPainter>

namespace ui {

FindingList::FindingList(models::FindingsModel &model, const QString &name, QWidget *parent)
    : QTreeView(parent)
    , m_model(model)
{
    setModel(&m_model);
    setItemDelegate(new FindingDelegate(this));
    setHeaderHidden(true);
    setRootIsDecorated(false);
    setIndentation(0);
    setMouseTracking(true);
    setUniformRowHeights(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setExpandsOnDoubleClick(false);
    setAccessibleName(name);
    setMinimumHeight(40);
    connect(this, &QTreeView::clicked, this, [this](const QModelIndex &index) {
        const QString id = index.data(models::FindingIdRole).toString();
        if (id.isEmpty())
            setExpanded(index, !isExpanded(index));
        else
            emit findingChosen(id); // again, for a reader who scrolled away
    });
}

void FindingList::setCurrentFinding(const QString &id)
{
    m_quiet = true;
    const QModelIndex index = m_model.indexOfFinding(id);
    if (index.parent().isValid())
        expand(index.parent());
    if (index != currentIndex())
        setCurrentIndex(index);
    if (!index.isValid())
        clearSelection();
    m_quiet = false;
}

void FindingList::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

void FindingList::paintEvent(QPaintEvent *event)
{
    QTreeView::paintEvent(event);
    if (m_model.rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(themeFor(palette()).mutedText);
    painter.drawText(viewport()->rect().adjusted(12, 8, -12, 0), Qt::AlignTop | Qt::TextWordWrap,
                     m_emptyText);
}

void FindingList::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    const QString id = current.data(models::FindingIdRole).toString();
    if (!m_quiet && hasFocus() && !id.isEmpty())
        emit findingChosen(id);
}

} // namespace ui
