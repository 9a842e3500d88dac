// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QHash>
#include <QObject>
#include <QString>

#include <functional>
#include <vector>

class QMenuBar;
class QMenu;

namespace ui {

enum class Menu { File, Edit, View, Review, Go, Help };
QString toText(Menu menu);

/// Everything the window can be told to do, in one list: menus, keys, the `?` page and the list of all
/// commands are made from it.
class Commands : public QObject {
    Q_OBJECT

public:
    struct Command {
        QString id;
        Menu menu;
        bool separatorBefore = false;
        QAction *action = nullptr;
    };

    explicit Commands(QWidget *window);

    QAction *action(const char *id) const;
    /// Calls `run` when the command is given, as long as `context` lives.
    void on(const char *id, QObject *context, const std::function<void()> &run);
    const std::vector<Command> &all() const { return m_all; }
    void fill(QMenuBar *bar);
    QMenu *menu(Menu menu) const { return m_menus.value(int(menu)); }
    /// Adds an action made elsewhere (a dock's toggle) to a menu and to the list.
    void add(Menu menu, QAction *action);

private:
    std::vector<Command> m_all;
    QHash<QString, QAction *> m_byId;
    QHash<int, QMenu *> m_menus;
};

} // namespace ui
