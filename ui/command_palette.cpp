// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/command_palette.h"

#include "ui/theme.h"

#include <QApplication>
#include <QFrame>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace ui {

namespace {

enum Role { KeysRole = Qt::UserRole, MenuRole, ActionRole };

QString plain(QString text)
{
    return text.remove(QLatin1Char('&'));
}

QString keysOf(const QAction *action)
{
    return action->shortcut().toString(QKeySequence::NativeText);
}

/// "Next Change" left, its key right.
class CommandDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {100, option.fontMetrics.height() + 12};
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QPalette palette = QApplication::palette();
        const Theme &theme = themeFor(palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme.selected);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(4, 1, -4, -1), 5, 5);
        }
        const QRect text = option.rect.adjusted(14, 0, -14, 0);
        const bool enabled = index.flags() & Qt::ItemIsEnabled;
        painter->setPen(theme.mutedText);
        painter->drawText(text, Qt::AlignRight | Qt::AlignVCenter, index.data(KeysRole).toString());
        const QString menu = index.data(MenuRole).toString() + QStringLiteral("  ");
        painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, menu);
        painter->setPen(enabled ? theme.text : theme.mutedText);
        painter->drawText(text.adjusted(option.fontMetrics.horizontalAdvance(menu), 0, 0, 0),
                          Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
        painter->restore();
    }
};

QGridLayout *makeKeyColumn(const Commands &commands, const QList<Menu> &menus)
{
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(4);
    int row = 0;
    for (const Menu menu : menus) {
        auto *heading = new QLabel(plain(toText(menu)));
        heading->setProperty("heading", true);
        heading->setContentsMargins(0, row == 0 ? 0 : 12, 0, 2);
        grid->addWidget(heading, row++, 0, 1, 2);
        for (const Commands::Command &command : commands.all()) {
            if (command.menu != menu || command.action->shortcut().isEmpty())
                continue;
            auto *keys = new QLabel(keysOf(command.action));
            keys->setFont(codeFont());
            keys->setFixedHeight(keys->fontMetrics().height() + 2);
            grid->addWidget(new QLabel(plain(command.action->text())), row, 0);
            grid->addWidget(keys, row++, 1, Qt::AlignRight);
        }
    }
    return grid;
}

} // namespace

CommandPalette::CommandPalette(const Commands &commands, QWidget *parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint)
    , m_filter(new QLineEdit)
    , m_list(new QListView)
    , m_shown(new QSortFilterProxyModel(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("All commands"));
    auto *model = new QStandardItemModel(this);
    for (const Commands::Command &command : commands.all()) {
        auto *item = new QStandardItem(plain(command.action->text()));
        item->setData(keysOf(command.action), KeysRole);
        item->setData(plain(toText(command.menu)), MenuRole);
        item->setData(QVariant::fromValue(QPointer<QAction>(command.action)), ActionRole);
        item->setEnabled(command.action->isEnabled());
        model->appendRow(item);
    }
    m_shown->setSourceModel(model);
    m_shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter->setPlaceholderText(tr("Type a command"));
    m_filter->setAccessibleName(tr("Filter commands"));
    m_filter->setProperty("flat", true);
    m_filter->installEventFilter(this);
    m_list->setModel(m_shown);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    m_list->setProperty("bare", true);
    m_list->setAccessibleName(tr("Commands"));
    m_list->setFocusPolicy(Qt::NoFocus);

    auto *frame = new QFrame;
    frame->setProperty("popup", true);
    auto *inside = new QVBoxLayout(frame);
    inside->setContentsMargins(4, 6, 4, 6);
    inside->addWidget(m_filter);
    inside->addWidget(m_list);
    auto *outside = new QVBoxLayout(this);
    outside->setContentsMargins(0, 0, 0, 0);
    outside->addWidget(frame);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_shown->setFilterFixedString(text);
        m_list->setCurrentIndex(m_shown->index(0, 0));
    });
    connect(m_list, &QListView::clicked, this, &CommandPalette::run);
    m_list->setCurrentIndex(m_shown->index(0, 0));
    resize(560, 420);
    move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, parent->height() / 8)));
    m_filter->setFocus();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const int row = m_list->currentIndex().row();
    if (key->key() == Qt::Key_Down || key->key() == Qt::Key_Up) {
        const int next = row + (key->key() == Qt::Key_Down ? 1 : -1);
        m_list->setCurrentIndex(m_shown->index(std::clamp(next, 0, std::max(0, m_shown->rowCount() - 1)), 0));
        return true;
    }
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
        run();
        return true;
    }
    return QDialog::eventFilter(watched, event);
}

void CommandPalette::run()
{
    const auto action = m_list->currentIndex().data(ActionRole).value<QPointer<QAction>>();
    close();
    if (action && action->isEnabled())
        action->trigger();
}

KeyPage::KeyPage(const Commands &commands, QWidget *parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("All keys"));
    auto *frame = new QFrame;
    frame->setProperty("popup", true);
    auto *columns = new QHBoxLayout(frame);
    columns->setContentsMargins(28, 20, 28, 24);
    columns->setSpacing(44);
    // A grid for each column: the headings of one must not part the lines of the other.
    for (const QList<Menu> &menus :
         {QList<Menu>{Menu::Go, Menu::Review}, QList<Menu>{Menu::File, Menu::Edit, Menu::View, Menu::Help}}) {
        auto *column = new QVBoxLayout;
        column->addLayout(makeKeyColumn(commands, menus));
        column->addStretch();
        columns->addLayout(column);
    }
    auto *outside = new QVBoxLayout(this);
    outside->setContentsMargins(0, 0, 0, 0);
    outside->addWidget(frame);
    adjustSize();
    move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, (parent->height() - height()) / 3)));
}

void KeyPage::keyPressEvent(QKeyEvent *)
{
    close();
}

} // namespace ui
