// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/files_panel.h"

#include "ui/icons.h"
#include "ui/list_delegates.h"
#include "ui/theme.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QTabBar>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr int expandAllBelow = 400; ///< files; larger trees open folder by folder
constexpr int indentation = 15;

/// Keeps files whose path holds the filter's text, and the folders above them.
class PathFilter : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        const QModelIndex index = sourceModel()->index(row, 0, parent);
        if (index.data(models::IsFolderRole).toBool())
            return false; // shown for what lies below
        const QString path = QString::fromUtf8(index.data(models::PathRole).toByteArray());
        return filterRegularExpression().match(path).hasMatch();
    }
};

QTreeView *makeTree()
{
    auto *tree = new QTreeView;
    tree->setItemDelegate(new FileDelegate(tree));
    tree->setHeaderHidden(true);
    tree->setUniformRowHeights(true);
    tree->setMouseTracking(true);
    tree->setIndentation(indentation);
    tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    tree->setAccessibleName(FilesPanel::tr("Files"));
    // The delegate draws the arrows and the whole row's ground.
    tree->setStyleSheet(QStringLiteral("QTreeView::branch { image: none; background: transparent; }"));
    return tree;
}

} // namespace

FilesPanel::FilesPanel(models::Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_changed(workspace, models::FileTreeModel::Content::Changed)
    , m_all(workspace, models::FileTreeModel::Content::All)
    , m_lister(workspace, m_all)
    , m_tabs(new QTabBar)
    , m_tree(makeTree())
    , m_shown(new PathFilter(this))
    , m_filter(new QLineEdit)
    , m_summary(new QLabel)
{
    m_shown->setRecursiveFilteringEnabled(true);
    m_shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_shown->setSourceModel(&m_changed);
    m_tree->setModel(m_shown);
    layOut();
    connect(m_tabs, &QTabBar::currentChanged, this, &FilesPanel::showTab);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_following = true; // the current row may go: no reason to show another file
        m_shown->setFilterRegularExpression(
            QRegularExpression(QRegularExpression::escape(text), QRegularExpression::CaseInsensitiveOption));
        m_following = false;
        follow();
        if (!text.isEmpty())
            m_tree->expandAll();
    });
    connect(m_filter, &QLineEdit::returnPressed, this, &FilesPanel::focusTree);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &FilesPanel::activate);
    connect(m_tree, &QTreeView::clicked, this, [this](const QModelIndex &index) {
        if (index.data(models::IsFolderRole).toBool())
            m_tree->setExpanded(index, !m_tree->isExpanded(index));
        else
            activate(index); // also the current row, when the reader was led elsewhere
    });
    connect(&m_lister, &models::TreeLister::failed, this, &FilesPanel::failed);
    connect(&m_all, &models::FileTreeModel::modelReset, this, &FilesPanel::follow);
    connect(&m_workspace, &models::Workspace::replaced, this, [this] {
        m_filter->clear();
        m_tabs->setCurrentIndex(0);
        if (m_workspace.fileCount() < expandAllBelow)
            m_tree->expandAll();
        showSummary();
    });
    connect(&m_workspace, &models::Workspace::refreshed, this, [this] {
        showSummary();
        const QModelIndex row = m_tree->currentIndex();
        if (row.isValid() && row.data(models::FileRole).toInt() == m_workspace.currentFile())
            return; // the reader may have scrolled elsewhere
        if (m_tabs->currentIndex() == 0 && m_workspace.fileCount() < expandAllBelow)
            m_tree->expandAll();
        follow();
    });
    connect(&m_workspace, &models::Workspace::currentFileChanged, this, &FilesPanel::follow);
    connect(&m_workspace, &models::Workspace::factsRead, this, &FilesPanel::showSummary);
    connect(&m_workspace, &models::Workspace::viewedChanged, this, &FilesPanel::showSummary);
}

void FilesPanel::layOut()
{
    m_tabs->addTab(tr("Changes"));
    m_tabs->addTab(tr("All files"));
    m_tabs->setAccessibleName(tr("Which files are listed"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_filter->setPlaceholderText(tr("Filter files"));
    m_filter->setAccessibleName(tr("Filter files"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(glyphIcon(Glyph::Search), QLineEdit::LeadingPosition);
    m_summary->setProperty("muted", true);
    m_summary->setTextFormat(Qt::PlainText);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tabs);
    auto *below = new QVBoxLayout;
    below->setContentsMargins(10, 8, 10, 8);
    below->setSpacing(6);
    below->addWidget(m_filter);
    below->addWidget(m_summary);
    layout->addLayout(below);
    layout->addWidget(m_tree, 1);
}

void FilesPanel::showTab(int tab)
{
    m_shown->setSourceModel(tab == 0 ? &m_changed : &m_all);
    if (tab == 1)
        m_lister.list();
    if (tab == 0 && m_workspace.fileCount() < expandAllBelow)
        m_tree->expandAll();
    follow();
}

int FilesPanel::firstToRead() const
{
    const std::vector<git::FileDelta> &files = m_workspace.diff().files;
    const auto rust = std::find_if(order().begin(), order().end(),
                                   [&](int file) { return models::isRust(files[std::size_t(file)]); });
    if (rust != order().end())
        return *rust;
    return order().empty() ? -1 : order().front();
}

void FilesPanel::follow()
{
    const auto &model = m_tabs->currentIndex() == 0 ? m_changed : m_all;
    const QModelIndex index = m_shown->mapFromSource(model.indexOfFile(m_workspace.currentFile()));
    if (!index.isValid() && m_workspace.currentTreeFile())
        return; // the reader chose it here, or it has no row
    m_following = true;
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
    m_following = false;
}

void FilesPanel::activate(const QModelIndex &index)
{
    if (m_following || !index.isValid())
        return;
    const int file = index.data(models::FileRole).toInt();
    const auto &model = m_tabs->currentIndex() == 0 ? m_changed : m_all;
    if (index.data(models::IsFolderRole).toBool())
        return;
    if (file >= 0)
        m_workspace.showFile(file);
    else if (const git::TreeFile *other = model.treeFile(m_shown->mapToSource(index)))
        m_workspace.showTreeFile(*other);
}

void FilesPanel::showSummary()
{
    uint added = 0;
    uint removed = 0;
    int viewed = 0;
    for (int file = 0; file < m_workspace.fileCount(); ++file) {
        added += m_workspace.facts(file).counts.added;
        removed += m_workspace.facts(file).counts.removed;
        viewed += m_workspace.isViewed(file);
    }
    m_summary->setText(models::counted(m_workspace.fileCount(), "file", "files") +
                       tr("  +%1 −%2").arg(added).arg(removed) +
                       (viewed > 0 ? tr("  %1 viewed").arg(viewed) : QString()));
}

void FilesPanel::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void FilesPanel::focusTree()
{
    m_tree->setFocus(Qt::ShortcutFocusReason);
}

bool FilesPanel::treeHasFocus() const
{
    return m_tree->hasFocus();
}

void FilesPanel::toggleCurrentRow()
{
    const QModelIndex index = m_tree->currentIndex();
    const QVariant check = index.data(Qt::CheckStateRole);
    if (check.isValid())
        m_shown->setData(index, check.toInt() == Qt::Checked ? Qt::Unchecked : Qt::Checked,
                         Qt::CheckStateRole);
}

} // namespace ui
