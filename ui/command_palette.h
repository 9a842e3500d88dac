// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands.h"

#include <QDialog>
#include <QPointer>

class QLineEdit;
class QListView;
class QSortFilterProxyModel;

namespace ui {

/// A list of all commands with a filter; Return gives the chosen one. Deletes itself when closed.
class CommandPalette : public QDialog {
    Q_OBJECT

public:
    CommandPalette(const Commands &commands, QWidget *parent);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void run();

    QLineEdit *m_filter;
    QListView *m_list;
    QSortFilterProxyModel *m_shown;
};

/// A page with the keys of all commands, by menu. Deletes itself when closed.
class KeyPage : public QDialog {
    Q_OBJECT

public:
    KeyPage(const Commands &commands, QWidget *parent);

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

} // namespace ui
