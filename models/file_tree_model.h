// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/path_tree.h"
#include "models/workspace.h"

#include <QAbstractItemModel>

#include <vector>

namespace models {

/// What a row of the file tree tells beside its name (Qt::DisplayRole) and its check state. Folders sum up
/// what lies below.
enum FileTreeRole {
    FileRole = Qt::UserRole, ///< index in the diff; -1: a folder, or a file that did not change
    PathRole,                ///< QByteArray, raw
    IsFolderRole,
    StatusRole,      ///< int of git::FileStatus
    CountsKnownRole, ///< whether the next two are known
    AddedRole,
    RemovedRole,
    FindingCountRole, ///< open findings
    SeverityRole,     ///< int of the gravest of them
    ViewedRole
};

/// The tree of changed files, or of all files of the head side. A row is checked when all of its hunks are
/// chosen for review.
class FileTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum class Content { Changed, All };
    FileTreeModel(Workspace &workspace, Content content, QObject *parent = nullptr);

    /// For Content::All: the files, once they are known.
    void setAllFiles(std::vector<git::TreeFile> files);
    bool isLoaded() const { return !m_entries.empty(); }

    QModelIndex indexOfFile(int file) const;                       ///< of the diff
    const git::TreeFile *treeFile(const QModelIndex &index) const; ///< an unchanged file; null for others
    /// The changed files as they stand in the tree, from top to bottom.
    const std::vector<int> &order() const { return m_order; }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Entry {
        int file = -1; ///< index in the diff
        git::TreeFile treeFile;

        bool operator==(const Entry &) const = default;
    };
    struct Findings {
        int open = 0;
        int severity = -1; ///< the gravest: smallest int of review::Severity; -1: none
    };

    void rebuild(std::vector<Entry> entries);
    void refresh();
    std::vector<Entry> changedEntries() const;
    std::vector<Entry> entriesOf(std::vector<git::TreeFile> files) const;
    void countFindings();
    std::vector<Findings> openFindings() const;
    void refreshFile(int file);
    void refreshAll(const QList<int> &roles);
    QModelIndex indexOfNode(int node) const;
    const PathTree::Node &node(const QModelIndex &index) const;
    QVariant checkState(const PathTree::Node &node) const;
    QVariant sum(const PathTree::Node &node, int role) const;
    QString accessibleText(const QModelIndex &index) const;

    template <typename Visit>
    void forEachFile(const PathTree::Node &node, Visit visit) const;

    Workspace &m_workspace;
    Content m_content;
    PathTree m_tree;
    std::vector<Entry> m_entries;
    std::vector<int> m_entryOfFile;
    std::vector<int> m_order;
    std::vector<Findings> m_findings; ///< by index in the diff
};

} // namespace models
