// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message_bar.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace ui {

MessageBar::MessageBar(QWidget *parent) : QFrame(parent), m_text(new QLabel), m_layout(new QHBoxLayout(this))
{
    setAccessibleName(tr("Message"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_layout->setContentsMargins(38, 7, 10, 7);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_text, 1);
    hide();
}

void MessageBar::showMessage(Kind kind, const QString &text, const QList<Choice> &choices)
{
    m_kind = kind;
    m_text->setText(text);
    for (QWidget *button : m_buttons)
        button->deleteLater();
    m_buttons.clear();
    for (const Choice &choice : choices) {
        auto *button = new QPushButton(choice.text);
        button->setProperty("main", choice.isMain);
        button->setAutoDefault(true); // Return presses it
        connect(button, &QPushButton::clicked, this, [this, run = choice.run] {
            dismiss();
            run();
        });
        m_buttons.append(button);
    }
    if (choices.isEmpty()) {
        auto *close = new QToolButton;
        close->setIcon(glyphIcon(Glyph::Close));
        close->setAccessibleName(tr("Close the message"));
        connect(close, &QToolButton::clicked, this, [this] {
            hide();
            emit dismissed();
        });
        m_buttons.append(close);
    }
    for (QWidget *button : m_buttons)
        m_layout->addWidget(button, 0, Qt::AlignVCenter);
    show();
    update();
}

void MessageBar::focusMain()
{
    const auto isMain = [](QWidget *button) { return button->property("main").toBool(); };
    const auto found = std::find_if(m_buttons.begin(), m_buttons.end(), isMain);
    if (QWidget *focus = QApplication::focusWidget(); !isAncestorOf(focus))
        m_focusBefore = focus;
    if (!m_buttons.isEmpty())
        (found == m_buttons.end() ? m_buttons.first() : *found)->setFocus(Qt::OtherFocusReason);
}

void MessageBar::dismiss()
{
    if (m_focusBefore && isAncestorOf(QApplication::focusWidget()))
        m_focusBefore->setFocus(Qt::OtherFocusReason);
    m_focusBefore.clear();
    hide();
}

QString MessageBar::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void MessageBar::paintEvent(QPaintEvent *)
{
    const Theme &theme = themeFor(palette());
    const QColor color = m_kind == Kind::Problem ? theme.critical : theme.accent;
    QPainter painter(this);
    painter.fillRect(rect(), theme.raised);
    painter.fillRect(QRect(0, 0, 3, height()), color);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.border);
    paintGlyph(painter, QRectF(14, (height() - 15) / 2.0, 15, 15),
               m_kind == Kind::Problem ? Glyph::Warning : Glyph::Info, color);
}

} // namespace ui
