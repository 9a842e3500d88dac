// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/file_tree_model.h"

namespace models {

FileTreeModel::FileTreeModel(Workspace &workspace, Content content, QObject *parent)
    : QAbstractItemModel(parent)
    , m_workspace(workspace)
    , m_content(content)
    , m_tree(makePathTree({}))
{
    connect(&m_workspace, &Workspace::replaced, this,
            [this] { rebuild(m_content == Content::Changed ? changedEntries() : std::vector<Entry>()); });
    connect(&m_workspace, &Workspace::refreshed, this, &FileTreeModel::refresh);
    connect(&m_workspace, &Workspace::reviewRenewed, this, &FileTreeModel::countFindings);
    connect(&m_workspace, &Workspace::factsRead, this, [this](const QList<int> &files) {
        for (const int file : files)
            refreshFile(file);
    });
    connect(&m_workspace, &Workspace::selectionChanged, this, [this] { refreshAll({Qt::CheckStateRole}); });
    connect(&m_workspace, &Workspace::viewedChanged, this, &FileTreeModel::refreshFile);
    connect(&m_workspace, &Workspace::reviewBegun, this, &FileTreeModel::countFindings);
    connect(&m_workspace, &Workspace::decided, this, &FileTreeModel::countFindings);
    connect(&m_workspace, &Workspace::recorded, this, [this](const std::vector<review::Event> &events) {
        for (const review::Event &event : events)
            if (std::holds_alternative<review::FindingClosed>(event))
                return countFindings();
    });
}

std::vector<FileTreeModel::Entry> FileTreeModel::changedEntries() const
{
    std::vector<Entry> entries;
    for (int file = 0; file < m_workspace.fileCount(); ++file)
        entries.push_back({file, {m_workspace.diff().files[std::size_t(file)].path(), {}, 0, 0}});
    return entries;
}

std::vector<FileTreeModel::Entry> FileTreeModel::entriesOf(std::vector<git::TreeFile> files) const
{
    std::vector<Entry> entries;
    for (git::TreeFile &file : files) {
        const int index = m_workspace.fileIndex(file.path);
        const bool changed = index >= 0 && m_workspace.diff().files[std::size_t(index)].path() == file.path;
        entries.push_back({changed ? index : -1, std::move(file)});
    }
    return entries;
}

void FileTreeModel::setAllFiles(std::vector<git::TreeFile> files)
{
    std::vector<Entry> entries = entriesOf(std::move(files));
    if (entries != m_entries)
        rebuild(std::move(entries));
}

/// While the same files are listed nothing moves.
void FileTreeModel::refresh()
{
    std::vector<git::TreeFile> listed;
    for (const Entry &entry : m_entries)
        listed.push_back(entry.treeFile);
    std::vector<Entry> entries =
        m_content == Content::Changed ? changedEntries() : entriesOf(std::move(listed));
    if (entries == m_entries)
        refreshAll({});
    else
        rebuild(std::move(entries));
}

void FileTreeModel::rebuild(std::vector<Entry> entries)
{
    beginResetModel();
    m_entries = std::move(entries);
    std::vector<std::string> paths;
    paths.reserve(m_entries.size());
    m_entryOfFile.assign(std::size_t(m_workspace.fileCount()), -1);
    for (std::size_t entry = 0; entry < m_entries.size(); ++entry) {
        paths.push_back(m_entries[entry].treeFile.path);
        if (m_entries[entry].file >= 0)
            m_entryOfFile[std::size_t(m_entries[entry].file)] = int(entry);
    }
    m_tree = makePathTree(paths);
    m_order.clear();
    for (const int entry : m_tree.filesInOrder)
        if (m_entries[std::size_t(entry)].file >= 0)
            m_order.push_back(m_entries[std::size_t(entry)].file);
    m_findings = openFindings();
    endResetModel();
}

void FileTreeModel::countFindings()
{
    m_findings = openFindings();
    refreshAll({FindingCountRole, SeverityRole, Qt::AccessibleTextRole});
}

std::vector<FileTreeModel::Findings> FileTreeModel::openFindings() const
{
    std::vector<Findings> counted(std::size_t(m_workspace.fileCount()));
    for (const review::Finding &finding : m_workspace.session().findings) {
        const int file = m_workspace.fileIndex(finding.place.path);
        if (file < 0 || m_workspace.decision(QString::fromStdString(finding.id)))
            continue;
        Findings &mine = counted[std::size_t(file)];
        ++mine.open;
        if (mine.severity < 0 || int(finding.severity) < mine.severity)
            mine.severity = int(finding.severity);
    }
    return counted;
}

void FileTreeModel::refreshFile(int file)
{
    for (QModelIndex index = indexOfFile(file); index.isValid(); index = index.parent())
        emit dataChanged(index, index);
}

void FileTreeModel::refreshAll(const QList<int> &roles)
{
    for (std::size_t node = 0; node < m_tree.nodes.size(); ++node) {
        const std::vector<int> &children = m_tree.nodes[node].children;
        if (!children.empty())
            emit dataChanged(indexOfNode(children.front()), indexOfNode(children.back()), roles);
    }
}

QModelIndex FileTreeModel::indexOfNode(int node) const
{
    return node <= 0 ? QModelIndex() : createIndex(m_tree.nodes[std::size_t(node)].row, 0, quintptr(node));
}

const PathTree::Node &FileTreeModel::node(const QModelIndex &index) const
{
    return m_tree.nodes[index.isValid() ? std::size_t(index.internalId()) : 0];
}

QModelIndex FileTreeModel::indexOfFile(int file) const
{
    if (file < 0 || std::size_t(file) >= m_entryOfFile.size() || m_entryOfFile[std::size_t(file)] < 0)
        return {};
    return indexOfNode(m_tree.nodeOfFile[std::size_t(m_entryOfFile[std::size_t(file)])]);
}

const git::TreeFile *FileTreeModel::treeFile(const QModelIndex &index) const
{
    const int entry = index.isValid() ? node(index).file : -1;
    if (entry < 0 || m_entries[std::size_t(entry)].file >= 0)
        return nullptr;
    return &m_entries[std::size_t(entry)].treeFile;
}

QModelIndex FileTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    return hasIndex(row, column, parent) ? indexOfNode(node(parent).children[std::size_t(row)])
                                         : QModelIndex();
}

QModelIndex FileTreeModel::parent(const QModelIndex &child) const
{
    return child.isValid() ? indexOfNode(node(child).parent) : QModelIndex();
}

int FileTreeModel::rowCount(const QModelIndex &parent) const
{
    return int(node(parent).children.size());
}

int FileTreeModel::columnCount(const QModelIndex &) const
{
    return 1;
}

Qt::ItemFlags FileTreeModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsUserCheckable : flags;
}

template <typename Visit>
void FileTreeModel::forEachFile(const PathTree::Node &node, Visit visit) const
{
    for (int at = node.firstFile; at < node.lastFile; ++at) {
        const int file = m_entries[std::size_t(m_tree.filesInOrder[std::size_t(at)])].file;
        if (file >= 0)
            visit(file);
    }
}

QVariant FileTreeModel::checkState(const PathTree::Node &node) const
{
    std::size_t hunks = 0;
    std::size_t chosen = 0;
    forEachFile(node, [&](int file) {
        hunks += m_workspace.facts(file).hunks.size();
        chosen += std::size_t(m_workspace.facts(file).chosenCount());
    });
    if (hunks == 0)
        return {};
    return chosen == 0 ? Qt::Unchecked : chosen == hunks ? Qt::Checked : Qt::PartiallyChecked;
}

QVariant FileTreeModel::sum(const PathTree::Node &node, int role) const
{
    uint total = 0;
    bool known = true;
    bool viewed = node.lastFile > node.firstFile;
    int severity = -1;
    forEachFile(node, [&](int file) {
        const FileFacts &facts = m_workspace.facts(file);
        known = known && facts.known;
        viewed = viewed && (role != ViewedRole || m_workspace.isViewed(file));
        const Findings &findings = m_findings[std::size_t(file)];
        if (findings.severity >= 0 && (severity < 0 || findings.severity < severity))
            severity = findings.severity;
        if (role == AddedRole)
            total += facts.counts.added;
        else if (role == RemovedRole)
            total += facts.counts.removed;
        else
            total += uint(findings.open);
    });
    if (role == CountsKnownRole)
        return known;
    if (role == ViewedRole)
        return viewed;
    return role == SeverityRole ? QVariant(severity) : QVariant(total);
}

QString FileTreeModel::accessibleText(const QModelIndex &index) const
{
    QString text = index.data(Qt::DisplayRole).toString();
    const int file = index.data(FileRole).toInt();
    if (file >= 0)
        text +=
            tr(", %1").arg(QLatin1String(git::toText(m_workspace.diff().files[std::size_t(file)].status)));
    if (index.data(CountsKnownRole).toBool())
        text += tr(", %1 lines added, %2 removed")
                    .arg(index.data(AddedRole).toInt())
                    .arg(index.data(RemovedRole).toInt());
    if (const int findings = index.data(FindingCountRole).toInt())
        text += QStringLiteral(", ") + counted(findings, "finding", "findings");
    return index.data(ViewedRole).toBool() ? text + tr(", viewed") : text;
}

QVariant FileTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const PathTree::Node &mine = node(index);
    const bool folder = mine.file < 0;
    const int file = folder ? -1 : m_entries[std::size_t(mine.file)].file;
    switch (role) {
    case Qt::DisplayRole:
        return toDisplay(mine.name);
    case Qt::ToolTipRole:
        return folder ? QVariant() : toToolTip(toDisplay(m_entries[std::size_t(mine.file)].treeFile.path));
    case Qt::CheckStateRole:
        return checkState(mine);
    case Qt::AccessibleTextRole:
        return accessibleText(index);
    case FileRole:
        return file;
    case PathRole:
        return folder ? QByteArray()
                      : QByteArray::fromStdString(m_entries[std::size_t(mine.file)].treeFile.path);
    case IsFolderRole:
        return folder;
    case StatusRole:
        return file < 0 ? int(git::FileStatus::Unchanged)
                        : int(m_workspace.diff().files[std::size_t(file)].status);
    case CountsKnownRole:
    case AddedRole:
    case RemovedRole:
    case FindingCountRole:
    case SeverityRole:
    case ViewedRole:
        return sum(mine, role);
    default:
        return {};
    }
}

bool FileTreeModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || role != Qt::CheckStateRole)
        return false;
    // One signal for a whole folder: a folder of a thousand files is one click too.
    std::vector<int> files;
    forEachFile(node(index), [&](int file) { files.push_back(file); });
    m_workspace.chooseFiles(files, value.toInt() == Qt::Checked);
    return true;
}

} // namespace models
