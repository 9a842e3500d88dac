// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenario_walk.h"

#include "models/workspace.h"
#include "ui/commands.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace ui {

namespace {

QToolButton *makeButton(QAction *action, Qt::ArrowType arrow)
{
    auto *button = new QToolButton;
    button->setArrowType(arrow);
    button->setAccessibleName(action->text());
    button->setToolTip(
        QStringLiteral("%1 (%2)").arg(action->text(), action->shortcut().toString(QKeySequence::NativeText)));
    QObject::connect(button, &QToolButton::clicked, action, &QAction::trigger);
    return button;
}

} // namespace

ScenarioWalk::ScenarioWalk(Commands &commands, QWidget *parent)
    : QWidget(parent)
    , m_commands(commands)
    , m_previous(makeButton(commands.action("go.previousStep"), Qt::LeftArrow))
    , m_text(new QLabel)
    , m_next(makeButton(commands.action("go.nextStep"), Qt::RightArrow))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_previous, m_text, m_next})
        layout->addWidget(widget);
    m_text->setProperty("muted", true);
    commands.on("go.nextStep", this, [this] { move(1); });
    commands.on("go.previousStep", this, [this] { move(-1); });
    refresh();
}

void ScenarioWalk::begin(int steps)
{
    m_steps = steps;
    m_step = -1;
    refresh();
}

void ScenarioWalk::setStep(int step)
{
    m_step = step;
    refresh();
}

void ScenarioWalk::move(int direction)
{
    const int step = m_step + direction;
    if (step < 0 || step >= m_steps)
        return;
    setStep(step);
    emit stepped(step);
}

void ScenarioWalk::refresh()
{
    setVisible(m_steps > 0);
    m_text->setText(m_step < 0 ? models::counted(m_steps, "step", "steps")
                               : tr("Step %1 of %2").arg(m_step + 1).arg(m_steps));
    m_commands.action("go.previousStep")->setEnabled(m_step > 0);
    m_commands.action("go.nextStep")->setEnabled(m_step + 1 < m_steps);
    m_previous->setEnabled(m_step > 0);
    m_next->setEnabled(m_step + 1 < m_steps);
}

} // namespace ui
