// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list_delegates.h"

#include "models/file_tree_model.h"
#include "models/findings_model.h"
#include "models/review_lists.h"
#include "ui/icons.h"
#include "ui/row_paint.h"
#include "ui/theme.h"

#include <QAbstractItemView>
#include <QMouseEvent>
#include <QPainter>
#include <QTextLayout>

namespace ui {

namespace {

constexpr int margin = 12;

/// Draws wrapped text and returns its height; draws nothing without a painter.
int layoutText(QPainter *painter, const QRect &rect, const QFont &font, const QColor &color,
               const QString &text)
{
    const QFontMetrics metrics(font);
    const int flags = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;
    if (painter) {
        painter->setFont(font);
        painter->setPen(color);
        painter->drawText(rect, flags, text);
    }
    return metrics.boundingRect(QRect(0, 0, std::max(20, rect.width()), 10000), flags, text).height();
}

QString originText(int origin)
{
    switch (review::Origin(origin)) {
    case review::Origin::Introduced:
        return FindingDelegate::tr("introduced");
    case review::Origin::Touched:
        return FindingDelegate::tr("touched");
    case review::Origin::Existing:
        break;
    }
    return FindingDelegate::tr("was there before");
}

QString belowTitle(const QModelIndex &index)
{
    QString text = index.data(models::SeverityTextRole).toString();
    text[0] = text[0].toUpper();
    text += QStringLiteral(" · ") + originText(index.data(models::OriginRole).toInt());
    const int decision = index.data(models::DecisionRole).toInt();
    if (decision != 0)
        text += QStringLiteral(" · ") +
                (decision == 1 ? FindingDelegate::tr("dismissed") : FindingDelegate::tr("applied"));
    return text;
}

void paintQuestionsHeading(QPainter &painter, const QStyleOptionViewItem &option, const QString &text,
                           const Theme &theme)
{
    painter.setFont(smaller(option.font));
    painter.setPen(theme.mutedText);
    const bool open = option.state & QStyle::State_Open;
    painter.save();
    painter.translate(option.rect.left() + margin + 7, option.rect.center().y() + 1);
    painter.rotate(open ? 0 : -90);
    paintGlyph(painter, QRectF(-7, -7, 14, 14), Glyph::ChevronDown, theme.mutedText);
    painter.restore();
    painter.drawText(option.rect.adjusted(margin + 22, 0, -margin, 0), Qt::AlignVCenter, text);
}

} // namespace

void FindingDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const Theme &theme = themeFor(option.palette);
    painter->save();
    paintGround(*painter, option, theme);
    if (index.data(models::FindingIdRole).toString().isEmpty()) {
        paintQuestionsHeading(*painter, option, index.data().toString(), theme);
        painter->restore();
        return;
    }
    const int decision = index.data(models::DecisionRole).toInt();
    const auto severity = review::Severity(index.data(models::FindingSeverityRole).toInt());
    const QFontMetrics metrics(option.font);
    const QRect inner = option.rect.adjusted(margin, 6, -margin, -6);
    const QRect title(inner.left() + 24, inner.top(), inner.width() - 24, metrics.height());
    const QRectF shape(inner.left(), title.center().y() - 6.0, 13, 13);
    if (decision == 2)
        paintGlyph(*painter, shape, Glyph::Check, theme.done);
    else if (decision == 1)
        paintGlyph(*painter, shape, Glyph::Close, theme.mutedText);
    else
        paintSeverity(*painter, shape, severity, theme.of(severity));
    painter->setPen(decision ? theme.mutedText : theme.text);
    QFont titleFont = option.font;
    titleFont.setStrikeOut(decision == 1);
    painter->setFont(titleFont);
    painter->drawText(title, Qt::AlignVCenter,
                      metrics.elidedText(index.data().toString(), Qt::ElideRight, title.width()));

    const QFont below = smaller(option.font);
    const QFontMetrics belowMetrics(below);
    const QRect second(title.left(), title.bottom() + 3, title.width(), belowMetrics.height());
    const QString words = belowTitle(index);
    const QString place = index.data(models::PlaceTextRole).toString();
    const int placeWidth = second.width() - belowMetrics.horizontalAdvance(words) - 12;
    painter->setFont(below);
    painter->setPen(theme.mutedText);
    painter->drawText(second, Qt::AlignLeft | Qt::AlignVCenter,
                      belowMetrics.elidedText(words, Qt::ElideRight, second.width()));
    if (placeWidth > 40)
        painter->drawText(second, Qt::AlignRight | Qt::AlignVCenter,
                          belowMetrics.elidedText(place, Qt::ElideLeft, placeWidth));
    painter->restore();
}

QSize FindingDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int line = QFontMetrics(option.font).height();
    if (index.data(models::FindingIdRole).toString().isEmpty())
        return {100, line + 10};
    return {100, line + QFontMetrics(smaller(option.font)).height() + 15};
}

void LineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const Theme &theme = themeFor(option.palette);
    painter->save();
    paintGround(*painter, option, theme);
    QRect inner = option.rect.adjusted(margin, 7, -margin, -7);
    inner.setTop(inner.top() + layoutText(painter, inner, option.font, theme.text, index.data().toString()) +
                 2);
    layoutText(painter, inner, smaller(option.font), theme.mutedText,
               index.data(models::DetailRole).toString());
    painter->restore();
}

QSize LineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    const QRect inner(0, 0, (view ? view->viewport()->width() : 240) - 2 * margin, 10000);
    const QString detail = index.data(models::DetailRole).toString();
    int height = layoutText(nullptr, inner, option.font, {}, index.data().toString());
    if (!detail.isEmpty())
        height += 2 + layoutText(nullptr, inner, smaller(option.font), {}, detail);
    return {100, height + 14};
}

} // namespace ui
