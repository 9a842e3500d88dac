// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>

namespace ui {

/// A dock with a quiet title: the section's name, how many it holds, and a button to let it float. Moves,
/// tabs and floats as any dock.
class Dock : public QDockWidget {
    Q_OBJECT

public:
    /// `id` names it in saved layouts.
    Dock(const QString &id, const QString &title, QWidget *content, QWidget *parent);
    /// Shown beside the title and on its tab; `open` of `total`, nothing when there are none.
    void setCount(int open, int total);

private:
    class Title;
    QString m_title;
    Title *m_bar;
};

} // namespace ui
