// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QToolButton;

namespace ui {

class Commands;

/// Walks through the steps of a scenario, forth and back, by its two buttons and the commands `go.nextStep`
/// and `go.previousStep`. Steps count from 0; -1: before the first. Hidden when there are none.
class ScenarioWalk : public QWidget {
    Q_OBJECT

public:
    explicit ScenarioWalk(Commands &commands, QWidget *parent = nullptr);

    void begin(int steps); ///< of another scenario
    void setStep(int step);
    int step() const { return m_step; }

signals:
    void stepped(int step); ///< by the reader

private:
    void move(int direction);
    void refresh();

    Commands &m_commands;
    QToolButton *m_previous;
    QLabel *m_text;
    QToolButton *m_next;
    int m_steps = 0;
    int m_step = -1;
};

} // namespace ui
