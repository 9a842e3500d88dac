// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/diff/search_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace ui {

SearchBar::SearchBar(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Search in this file"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 5, 8, 5);
    row->setSpacing(4);
    m_pattern = new QLineEdit;
    m_pattern->setPlaceholderText(tr("Find in both sides"));
    m_pattern->setAccessibleName(tr("Text to find"));
    m_pattern->setClearButtonEnabled(true);
    m_pattern->setMaximumWidth(420);
    row->addWidget(m_pattern, 1);
    m_matchCase = addButton(QStringLiteral("Aa"), tr("Match case"), true);
    m_expression = addButton(QStringLiteral(".*"), tr("Regular expression"), true);
    QToolButton *previous = addButton(QStringLiteral("↑"), tr("Previous hit (Shift+Enter)"), false);
    QToolButton *next = addButton(QStringLiteral("↓"), tr("Next hit (Enter)"), false);
    m_state = new QLabel;
    m_state->setTextFormat(Qt::PlainText);
    row->addWidget(m_state);
    row->addStretch(1);
    QToolButton *close = addButton(QStringLiteral("×"), tr("Close the search (Escape)"), false);

    connect(m_pattern, &QLineEdit::textChanged, this, &SearchBar::queryChanged);
    connect(m_matchCase, &QToolButton::toggled, this, &SearchBar::queryChanged);
    connect(m_expression, &QToolButton::toggled, this, &SearchBar::queryChanged);
    connect(previous, &QToolButton::clicked, this, [this] { emit stepped(false); });
    connect(next, &QToolButton::clicked, this, [this] { emit stepped(true); });
    connect(close, &QToolButton::clicked, this, &SearchBar::closed);
}

QToolButton *SearchBar::addButton(const QString &text, const QString &name, bool checkable)
{
    auto *button = new QToolButton;
    button->setText(text);
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setCheckable(checkable);
    button->setAutoRaise(true);
    layout()->addWidget(button);
    return button;
}

void SearchBar::open(const QString &pattern)
{
    show();
    if (!pattern.isEmpty())
        m_pattern->setText(pattern);
    m_pattern->setFocus(Qt::ShortcutFocusReason);
    m_pattern->selectAll();
}

SearchQuery SearchBar::query() const
{
    return {m_pattern->text(), m_matchCase->isChecked(), m_expression->isChecked()};
}

void SearchBar::setResult(const SearchResult &result, int current)
{
    if (!result.error.isEmpty())
        m_state->setText(tr("Not a valid expression: %1").arg(result.error));
    else if (m_pattern->text().isEmpty())
        m_state->clear();
    else if (result.hits.empty())
        m_state->setText(tr("Nothing found"));
    else if (current >= 0)
        m_state->setText((result.complete ? tr("%1 of %2") : tr("%1 of more than %2"))
                             .arg(current + 1)
                             .arg(result.hits.size()));
    else
        m_state->setText(
            (result.complete ? tr("%1 found") : tr("more than %1 found")).arg(result.hits.size()));
}

void SearchBar::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape)
        emit closed();
    else if (enter || event->matches(QKeySequence::FindNext) || event->matches(QKeySequence::FindPrevious))
        emit stepped(enter ? !(event->modifiers() & Qt::ShiftModifier)
                           : event->matches(QKeySequence::FindNext));
    else
        QWidget::keyPressEvent(event);
}

} // namespace ui
