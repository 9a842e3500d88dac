// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/settings.h"

#include <QWidget>

class QListWidget;

namespace ui {

class Commands;

/// What is seen while nothing is open: what can be opened, and what was opened lately.
class StartPage : public QWidget {
    Q_OBJECT

public:
    StartPage(models::Settings &settings, Commands &commands, QWidget *parent = nullptr);
    void refresh(); ///< reads the recent ones anew

signals:
    void recentChosen(const QString &path);

private:
    models::Settings &m_settings;
    QWidget *m_recentHeading;
    QListWidget *m_recent;
};

} // namespace ui
