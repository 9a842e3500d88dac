// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/scroll_sync.h"

#include <QEvent>
#include <QScrollBar>

#include <algorithm>

namespace ui {

using Sci = QsciScintillaBase;

ScrollSync::ScrollSync(DiffEditor &left, DiffEditor &right, QObject *parent)
    : QObject(parent)
    , m_left(left)
    , m_right(right)
{
    watch(left, right);
    watch(right, left);
}

void ScrollSync::watch(DiffEditor &from, DiffEditor &to)
{
    const auto copy = [this, &from, &to] { follow(from, to); };
    connect(from.verticalScrollBar(), &QScrollBar::valueChanged, this, copy);
    connect(from.horizontalScrollBar(), &QScrollBar::valueChanged, this, copy);
    connect(&from, &Sci::SCN_UPDATEUI, this, copy);
    connect(&from, &Sci::SCN_ZOOM, this, [this, &from, &to] { followZoom(from, to); });
    from.viewport()->installEventFilter(this);
}

void ScrollSync::follow(const DiffEditor &from, DiffEditor &to)
{
    const long row = from.SendScintilla(Sci::SCI_GETFIRSTVISIBLELINE);
    const long offset = from.SendScintilla(Sci::SCI_GETXOFFSET);
    if (row == m_row && offset == m_offset)
        return;
    m_row = row;
    m_offset = offset;
    to.SendScintilla(Sci::SCI_SETFIRSTVISIBLELINE, static_cast<unsigned long>(row));
    to.SendScintilla(Sci::SCI_SETXOFFSET, static_cast<unsigned long>(offset));
    emit scrolled();
}

void ScrollSync::followZoom(const DiffEditor &from, DiffEditor &to)
{
    const long zoom = from.SendScintilla(Sci::SCI_GETZOOM);
    if (to.SendScintilla(Sci::SCI_GETZOOM) != zoom)
        to.SendScintilla(Sci::SCI_SETZOOM, static_cast<unsigned long>(zoom));
    updateWidths();
    emit scrolled();
}

void ScrollSync::scrollTo(std::uint32_t row)
{
    m_left.SendScintilla(Sci::SCI_SETFIRSTVISIBLELINE, static_cast<unsigned long>(row));
    m_right.SendScintilla(Sci::SCI_SETFIRSTVISIBLELINE, static_cast<unsigned long>(row));
    const DiffEditor &shown = m_right.isHidden() ? m_left : m_right;
    m_row = shown.SendScintilla(Sci::SCI_GETFIRSTVISIBLELINE);
    emit scrolled();
}

void ScrollSync::reset()
{
    m_row = 0;
    m_offset = 0;
    updateWidths();
    scrollTo(0);
}

void ScrollSync::updateWidths()
{
    const int width = std::max({m_left.textWidth(), m_right.textWidth(), 1});
    int room = INT_MAX;
    for (DiffEditor *editor : {&m_left, &m_right}) {
        if (!editor->isHidden())
            room = std::min(room, editor->viewport()->width() - editor->marginsWidth());
    }
    for (DiffEditor *editor : {&m_left, &m_right}) {
        editor->SendScintilla(Sci::SCI_SETSCROLLWIDTH, static_cast<unsigned long>(width));
        editor->setHorizontalScrollBarPolicy(width > room ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
    }
}

bool ScrollSync::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        QMetaObject::invokeMethod(
            this,
            [this] {
                updateWidths();
                emit scrolled();
            },
            Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
}

} // namespace ui
