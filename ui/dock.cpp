// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dock.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

namespace ui {

/// Lets the mouse through to the dock, which moves itself.
class Dock::Title : public QWidget {
public:
    Title(const QString &title, Dock *dock) : QWidget(dock), m_title(title)
    {
        auto *layout = new QHBoxLayout(this);
        layout->setContentsMargins(0, 3, 5, 3);
        layout->addStretch();
        layout->addWidget(addButton(Glyph::Float, tr("Let %1 float or dock it").arg(title),
                                    [dock] { dock->setFloating(!dock->isFloating()); }));
        layout->addWidget(addButton(Glyph::Close, tr("Close %1; the View menu brings it back").arg(title),
                                    [dock] { dock->close(); }));
    }

    void setCount(int open, int total)
    {
        m_open = open;
        m_total = total;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Theme &theme = themeFor(palette());
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.fillRect(rect(), theme.window);
        painter.fillRect(QRect(0, height() - 1, width(), 1), theme.border);
        QFont bold = font();
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.setPen(theme.text);
        painter.drawText(rect().adjusted(12, 0, 0, 0), Qt::AlignVCenter, m_title);
        if (m_total == 0)
            return;
        const int left = 12 + painter.fontMetrics().horizontalAdvance(m_title) + 8;
        const QString count =
            m_open == m_total ? QString::number(m_total) : tr("%1 of %2").arg(m_open).arg(m_total);
        const int width = painter.fontMetrics().horizontalAdvance(count) + 14;
        const QRectF pill(left, height() / 2.0 - 9, width, 18);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.selected);
        painter.drawRoundedRect(pill, 9, 9);
        painter.setPen(theme.text);
        painter.drawText(pill, Qt::AlignCenter, count);
    }

    void enterEvent(QEnterEvent *) override { showButtons(true); }
    void leaveEvent(QEvent *) override { showButtons(false); }

private:
    QToolButton *addButton(Glyph glyph, const QString &name, const std::function<void()> &run)
    {
        auto *button = new QToolButton;
        button->setIcon(glyphIcon(glyph));
        button->setIconSize({13, 13});
        button->setAccessibleName(name);
        button->setToolTip(name);
        button->setFocusPolicy(Qt::NoFocus);
        QSizePolicy policy = button->sizePolicy();
        policy.setRetainSizeWhenHidden(true);
        button->setSizePolicy(policy);
        button->hide();
        connect(button, &QToolButton::clicked, this, run);
        m_buttons.append(button);
        return button;
    }
    void showButtons(bool shown)
    {
        for (QToolButton *button : m_buttons)
            button->setVisible(shown);
    }

    QString m_title;
    int m_open = 0;
    int m_total = 0;
    QList<QToolButton *> m_buttons;
};

Dock::Dock(const QString &id, const QString &title, QWidget *content, QWidget *parent)
    : QDockWidget(title, parent)
    , m_title(title)
    , m_bar(new Title(title, this))
{
    setObjectName(id);
    setWidget(content);
    setTitleBarWidget(m_bar);
    setAccessibleName(title);
    toggleViewAction()->setObjectName(QStringLiteral("view.") + id);
}

void Dock::setCount(int open, int total)
{
    m_bar->setCount(open, total);
    setWindowTitle(total == 0 ? m_title : QStringLiteral("%1 (%2)").arg(m_title).arg(open));
}

} // namespace ui
