// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/start_page.h"

#include "models/workspace.h"
#include "ui/commands.h"
#include "ui/icons.h"
#include "ui/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QFileInfo>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int columnWidth = 620;

/// A large button: a glyph, what it opens, and a sentence.
class Card : public QAbstractButton {
public:
    Card(Glyph glyph, const QString &title, const QString &sentence, QAction *action)
        : m_glyph(glyph)
        , m_sentence(sentence)
    {
        setText(title);
        setAccessibleName(title);
        setAccessibleDescription(sentence);
        setFocusPolicy(Qt::StrongFocus);
        setCursor(Qt::PointingHandCursor);
        setAttribute(Qt::WA_Hover);
        setToolTip(action->shortcut().toString(QKeySequence::NativeText));
        connect(this, &QAbstractButton::clicked, action, &QAction::trigger);
    }
    QSize sizeHint() const override { return {290, fontMetrics().height() * 3 + 30}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Theme &theme = themeFor(palette());
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(hasFocus() ? theme.accent : theme.border, 1));
        painter.setBrush(underMouse() || isDown() ? theme.hover : theme.raised);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
        paintGlyph(painter, QRectF(16, 16, 20, 20), m_glyph, theme.accent);
        QFont bold = font();
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.setPen(theme.text);
        const QRect inner = rect().adjusted(50, 13, -14, -10);
        painter.drawText(inner, Qt::AlignTop, text());
        painter.setFont(font());
        painter.setPen(theme.mutedText);
        painter.drawText(inner.adjusted(0, fontMetrics().height() + 5, 0, 0), Qt::AlignTop | Qt::TextWordWrap,
                         m_sentence);
    }

private:
    Glyph m_glyph;
    QString m_sentence;
};

class RecentDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {100, option.fontMetrics.height() + 14};
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        // A transparent list's own palette says nothing about what lies below it.
        const QPalette palette = QApplication::palette();
        const Theme &theme = themeFor(palette);
        const QFileInfo file(index.data().toString());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(option.state & QStyle::State_HasFocus ? theme.selected : theme.hover);
            painter->drawRoundedRect(QRectF(option.rect), 6, 6);
        }
        const QRect row = option.rect.adjusted(16, 0, -14, 0);
        const bool session = file.suffix() == QLatin1String("ferriscope");
        const bool patch = file.suffix() == QLatin1String("patch") || file.suffix() == QLatin1String("diff");
        paintGlyph(*painter, QRectF(row.left(), row.center().y() - 7, 15, 15),
                   session ? Glyph::Session
                   : patch ? Glyph::Patch
                           : Glyph::Repository,
                   theme.mutedText);
        painter->setPen(theme.text);
        const QRect text = row.adjusted(34, 0, 0, 0);
        painter->drawText(text, Qt::AlignVCenter, file.fileName());
        const int used = option.fontMetrics.horizontalAdvance(file.fileName()) + 16;
        painter->setPen(theme.mutedText);
        painter->drawText(text.adjusted(used, 0, 0, 0), Qt::AlignVCenter,
                          option.fontMetrics.elidedText(file.path(), Qt::ElideMiddle, text.width() - used));
        painter->restore();
    }
};

/// What was opened lately. A click or Enter chooses; the second press of a double click must not choose
/// again.
class RecentList : public QListWidget {
public:
    std::function<void(const QString &)> choose;

    RecentList()
    {
        setItemDelegate(new RecentDelegate(this));
        setAccessibleName(StartPage::tr("Recently opened"));
        setMouseTracking(true);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setStyleSheet(QStringLiteral("QListWidget { background: transparent; }"));
        connect(this, &QListWidget::itemClicked, this,
                [this](QListWidgetItem *item) { choose(item->text()); });
    }

protected:
    void keyPressEvent(QKeyEvent *event) override
    {
        if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentItem())
            choose(currentItem()->text());
        else
            QListWidget::keyPressEvent(event);
    }
};

QLabel *makeLabel(const QString &text, double scale, bool strong)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setWeight(strong ? QFont::DemiBold : QFont::Normal);
    label->setFont(font);
    return label;
}

} // namespace

StartPage::StartPage(models::Settings &settings, Commands &commands, QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_recentHeading(makeLabel(tr("Recent"), 1, true))
{
    auto *recent = new RecentList;
    recent->choose = [this](const QString &path) { emit recentChosen(path); };
    m_recent = recent;
    setAutoFillBackground(true);
    auto *title = makeLabel(tr("Ferriscope"), 2.0, true);
    auto *subtitle =
        makeLabel(tr("Review Rust changes in distributed systems: side by side, with reasons."), 1, false);
    subtitle->setProperty("muted", true);
    auto *grid = new QGridLayout;
    grid->setSpacing(12);
    grid->addWidget(new Card(Glyph::Repository, tr("Open a repository"),
                             tr("A folder with a git repository, bare ones too."),
                             commands.action("open.repository")),
                    0, 0);
    grid->addWidget(new Card(Glyph::Sample, tr("Try the sample"),
                             tr("A small key-value store whose new branch has defects."),
                             commands.action("open.sample")),
                    0, 1);
    grid->addWidget(new Card(Glyph::Session, tr("Open a saved review"),
                             tr("A .ferriscope file; needs neither repository nor network."),
                             commands.action("open.session")),
                    1, 0);
    grid->addWidget(new Card(Glyph::Patch, tr("Open a patch"),
                             tr("A .patch or .diff file, without its repository."),
                             commands.action("open.patch")),
                    1, 1);
    auto *hint =
        makeLabel(tr("Or drop a folder, a saved review or a patch here.  ?  shows all keys."), 1, false);
    hint->setProperty("muted", true);

    auto *column = new QWidget;
    column->setFixedWidth(columnWidth);
    auto *inside = new QVBoxLayout(column);
    inside->setSpacing(6);
    inside->addStretch(2);
    inside->addWidget(title);
    inside->addWidget(subtitle);
    inside->addSpacing(18);
    inside->addLayout(grid);
    inside->addSpacing(10);
    inside->addWidget(hint);
    inside->addSpacing(20);
    inside->addWidget(m_recentHeading);
    inside->addWidget(m_recent);
    inside->addStretch(3);
    auto *outside = new QHBoxLayout(this);
    outside->addStretch();
    outside->addWidget(column);
    outside->addStretch();

    refresh();
}

void StartPage::refresh()
{
    constexpr int shown = 7;
    m_recent->clear();
    m_recent->addItems(m_settings.recent().mid(0, shown));
    const int rows = m_recent->count();
    m_recent->setFixedHeight(rows * (fontMetrics().height() + 14) + 4);
    m_recent->setVisible(rows > 0);
    m_recentHeading->setVisible(rows > 0);
}

} // namespace ui
