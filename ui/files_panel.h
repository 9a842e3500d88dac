// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/file_tree_model.h"
#include "models/tree_lister.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QTabBar;
class QTreeView;

namespace ui {

/// The left side: the tree of changed files or of all files, with a filter. Follows the workspace's current
/// file and sets it.
class FilesPanel : public QWidget {
    Q_OBJECT

public:
    explicit FilesPanel(models::Workspace &workspace, QWidget *parent = nullptr);

    void focusFilter();
    void focusTree();
    bool treeHasFocus() const;
    void toggleCurrentRow(); ///< chooses or drops the row that has the keyboard
    /// The changed files in the order of the tree.
    const std::vector<int> &order() const { return m_changed.order(); }
    /// Where reading begins: the first changed Rust file in that order, else the first file; -1 if none changed.
    int firstToRead() const;
    QTreeView *tree() const { return m_tree; }

signals:
    void failed(const QString &message);

private:
    void layOut();
    void showTab(int tab);
    void follow();
    void showSummary();
    void activate(const QModelIndex &index);

    models::Workspace &m_workspace;
    models::FileTreeModel m_changed;
    models::FileTreeModel m_all;
    models::TreeLister m_lister;
    QTabBar *m_tabs;
    QTreeView *m_tree;
    QSortFilterProxyModel *m_shown;
    QLineEdit *m_filter;
    QLabel *m_summary;
    bool m_following = false;
};

} // namespace ui
