// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rule_delegate.h"

#include "review/rule_switches.h"
#include "ui/icons.h"
#include "ui/row_paint.h"
#include "ui/theme.h"

#include <QPainter>

namespace ui {

namespace {

constexpr int margin = 12;

QFont strong(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

QString atRight(const QModelIndex &index)
{
    switch (review::RuleState(index.data(RuleStateRole).toInt())) {
    case review::RuleState::OffHere:
        return RuleDelegate::tr("off here");
    case review::RuleState::OffEverywhere:
        return RuleDelegate::tr("off for good");
    case review::RuleState::On:
        break;
    }
    const int hits = index.data(RuleHitsRole).toInt();
    return hits > 0 ? RuleDelegate::tr("%1 here").arg(hits) : QString();
}

} // namespace

void RuleDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const Theme &theme = themeFor(option.palette);
    painter->save();
    if (index.data(RuleIdRole).toString().isEmpty()) {
        painter->setFont(strong(option.font));
        painter->setPen(theme.mutedText);
        painter->drawText(option.rect.adjusted(margin, 8, -margin, 0), Qt::AlignVCenter,
                          index.data().toString());
        painter->restore();
        return;
    }
    paintGround(*painter, option, theme);

    const bool off = review::RuleState(index.data(RuleStateRole).toInt()) != review::RuleState::On;
    const auto severity = review::Severity(index.data(RuleSeverityRole).toInt());
    const QFontMetrics metrics(option.font);
    const QRect inner = option.rect.adjusted(margin, 6, -margin, -6);
    const QRect title(inner.left() + 24, inner.top(), inner.width() - 24, metrics.height());
    paintSeverity(*painter, QRectF(inner.left(), title.center().y() - 6.0, 13, 13), severity,
                  off ? theme.mutedText : theme.of(severity));
    painter->setFont(option.font);
    painter->setPen(off ? theme.mutedText : theme.text);
    painter->drawText(title, Qt::AlignVCenter,
                      metrics.elidedText(index.data().toString(), Qt::ElideRight, title.width()));

    const QFont below = smaller(option.font);
    const QFontMetrics belowMetrics(strong(below));
    const QRect second(title.left(), title.bottom() + 3, title.width(), belowMetrics.height());
    const QString right = atRight(index);
    QString left = index.data(RuleIdRole).toString();
    if (const QString measured = index.data(RuleMeasuredRole).toString(); !measured.isEmpty())
        left += QStringLiteral(" · ") + measured;
    painter->setFont(below);
    painter->setPen(theme.mutedText);
    painter->drawText(second, Qt::AlignLeft | Qt::AlignVCenter,
                      belowMetrics.elidedText(left, Qt::ElideRight,
                                              second.width() - belowMetrics.horizontalAdvance(right) - 12));
    painter->setFont(strong(below));
    painter->setPen(off ? theme.mutedText : theme.text);
    painter->drawText(second, Qt::AlignRight | Qt::AlignVCenter, right);
    painter->restore();
}

QSize RuleDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int line = QFontMetrics(option.font).height();
    if (index.data(RuleIdRole).toString().isEmpty())
        return {100, line + 22};
    return {100, line + QFontMetrics(smaller(option.font)).height() + 15};
}

} // namespace ui
