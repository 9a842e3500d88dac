// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/diff/editor.h"

#include <QObject>

namespace ui {

/// Keeps two editors at the same row, the same column and the same zoom, whichever of them is scrolled and
/// however. Scroll bars and the wheel tell at once; keys and programs only with the next paint, when the
/// other side's own late report must not bounce back: the place both were last brought to is remembered.
class ScrollSync : public QObject {
    Q_OBJECT

public:
    ScrollSync(DiffEditor &left, DiffEditor &right, QObject *parent = nullptr);

    /// Brings both to the row. Clamped by Scintilla.
    void scrollTo(std::uint32_t row);
    /// After both got new texts of the same number of rows: both at the top, and as wide as the wider one.
    void reset();
    /// Both show a horizontal scroll bar, or none does: their heights must stay the same.
    void updateWidths();

signals:
    void scrolled();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void watch(DiffEditor &from, DiffEditor &to);
    void follow(const DiffEditor &from, DiffEditor &to);
    void followZoom(const DiffEditor &from, DiffEditor &to);

    DiffEditor &m_left;
    DiffEditor &m_right;
    long m_row = 0;
    long m_offset = 0;
};

} // namespace ui
