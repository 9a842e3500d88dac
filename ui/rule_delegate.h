// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace ui {

/// What a row of the list of rules tells beside its title (Qt::DisplayRole).
enum RuleRole {
    RuleIdRole = Qt::UserRole, ///< empty on the row that heads a section
    RuleSearchRole,            ///< what the filter looks at
    RuleSeverityRole,          ///< int of review::Severity
    RuleMeasuredRole,          ///< "12 of 15 true"; empty: no hit was read
    RuleHitsRole,              ///< how often it fires in the open review
    RuleStateRole              ///< int of review::RuleState
};

/// A rule in two lines: severity by shape and title; its id and what was measured, and at the right whether
/// it fires here or is switched off.
class RuleDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui
