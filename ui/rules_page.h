// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/rule_book.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QStandardItem;
class QStandardItemModel;
class QTreeView;

namespace ui {

class SafeBrowser;

/// All rules by section, with a filter; the chosen one's card, where it fires in the open review, and its
/// switch. A page of the window: Escape leaves it.
class RulesPage : public QWidget {
    Q_OBJECT

public:
    RulesPage(models::Workspace &workspace, models::RuleBook &book, QWidget *parent = nullptr);

    /// Shows a rule's card; the one that was chosen before for an empty or unknown id.
    void showRule(const QString &id);
    QString rule() const; ///< the chosen one; empty: none fits the filter

signals:
    void findingChosen(const QString &id);
    void left(); ///< the reader wants to go back

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void layOut();
    void fill();
    void addSection(review::Section section);
    void refreshRows();
    void refreshCard();
    void refreshSummary();
    void applyFilter(const QString &text);
    void chooseState(int choice);

    models::Workspace &m_workspace;
    models::RuleBook &m_book;
    QLabel *m_summary;
    QLabel *m_mistakes;
    QLineEdit *m_filter;
    QTreeView *m_list;
    QStandardItemModel *m_rules;
    QSortFilterProxyModel *m_shown;
    QComboBox *m_state;
    SafeBrowser *m_card;
    QStringList m_findings; ///< that the card's links lead to
    bool m_stale = true;    ///< filled when it is looked at: nobody waits for it before
};

} // namespace ui
