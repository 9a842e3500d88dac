// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/display.h"
#include "git/open_repository.h"

#include <algorithm>
#include <cstring>

namespace git {
namespace {

constexpr std::size_t maxDepth = 1000;

Error tooMany(const OpenRepository &repository)
{
    return {ErrorKind::InvalidInput, "There are more than a million files, or folders too deep, in " +
                                         displayName(repository.path) + "."};
}

Error cancelled(const OpenRepository &repository)
{
    return {ErrorKind::Cancelled, "Listing the files of " + displayName(repository.path) + ": cancelled"};
}

/// Lists a tree without recursion: its depth comes from the repository.
class TreeWalk {
public:
    TreeWalk(const OpenRepository &repository, const std::stop_token &stop)
        : m_repository(repository)
        , m_stop(stop)
    {}

    Result<std::vector<TreeFile>> run(TreePointer root)
    {
        m_open.push_back({std::move(root), {}, 0});
        while (!m_open.empty()) {
            if (m_stop.stop_requested())
                return cancelled(m_repository);
            if (m_files.size() > maxFiles || m_open.size() > maxDepth)
                return tooMany(m_repository);
            Level &level = m_open.back();
            if (level.next == git_tree_entrycount(level.tree.get())) {
                m_open.pop_back();
                continue;
            }
            if (Result<void> visited = visit(level); !visited)
                return visited.error();
        }
        return std::move(m_files);
    }

private:
    struct Level {
        TreePointer tree;
        std::string prefix;
        std::size_t next;
    };

    Result<void> visit(Level &level)
    {
        const git_tree_entry *entry = git_tree_entry_byindex(level.tree.get(), level.next++);
        const std::string path = level.prefix + git_tree_entry_name(entry);
        if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) {
            m_files.push_back({path, toHex(*git_tree_entry_id(entry)),
                               static_cast<std::uint32_t>(git_tree_entry_filemode(entry)), 0});
            return {};
        }
        git_tree *raw = nullptr;
        const int code = git_tree_lookup(&raw, m_repository.handle.get(), git_tree_entry_id(entry));
        if (code != 0)
            return libraryError(code, "Cannot read the folder " + displayName(path) + " of " +
                                          displayName(m_repository.path));
        m_open.push_back({TreePointer(raw), path + '/', 0});
        return {};
    }

    const OpenRepository &m_repository;
    const std::stop_token &m_stop;
    std::vector<Level> m_open;
    std::vector<TreeFile> m_files;
};

Result<IndexPointer> openIndex(const OpenRepository &repository)
{
    git_index *raw = nullptr;
    const int code = git_repository_index(&raw, repository.handle.get());
    if (code != 0)
        return libraryError(code, "Cannot read the index of " + displayName(repository.path));
    return IndexPointer(raw);
}

std::vector<TreeFile> listIndex(git_index *index)
{
    std::vector<TreeFile> files;
    for (std::size_t i = 0; i < git_index_entrycount(index); ++i) {
        const git_index_entry *entry = git_index_get_byindex(index, i);
        const bool another = !files.empty() && files.back().path == entry->path;
        if (!another)
            files.push_back({entry->path, toHex(entry->id), entry->mode, entry->file_size});
    }
    return files;
}

/// The index's files as the work tree has them, and the untracked ones.
Result<std::vector<TreeFile>> listWorkTree(const OpenRepository &repository, git_index *index,
                                           const std::stop_token &stop)
{
    ResolvedSides sides;
    sides.base.endpoint.kind = ResolvedEndpoint::Kind::Index;
    sides.head.endpoint.kind = ResolvedEndpoint::Kind::WorkTree;
    Result<std::vector<FileDelta>> changes = listChanges(repository, sides, {}, stop);
    if (!changes)
        return changes.error();
    std::vector<TreeFile> files;
    auto change = changes->begin();
    const auto addChange = [&files, &change] {
        if (change->newSide.exists())
            files.push_back({change->newSide.path, change->newSide.id, change->newSide.mode, 0});
        ++change;
    };
    for (TreeFile &file : listIndex(index)) {
        while (change != changes->end() && change->path() < file.path)
            addChange();
        if (change != changes->end() && change->path() == file.path)
            addChange();
        else
            files.push_back(std::move(file));
    }
    while (change != changes->end())
        addChange();
    return files;
}

} // namespace

Result<std::vector<TreeFile>> Repository::files(const ResolvedEndpoint &endpoint, std::stop_token stop) const
{
    Result<ResolvedSide> side = resolveEndpoint(*m_state, endpoint);
    if (!side)
        return side.error();
    if (side->tree)
        return TreeWalk(*m_state, stop).run(std::move(side->tree));
    if (side->endpoint.kind == ResolvedEndpoint::Kind::EmptyTree)
        return std::vector<TreeFile>();
    if (!m_state->hasWorkTree())
        return Error{ErrorKind::InvalidInput,
                     displayName(m_state->path) + " is a bare repository: it has no work tree."};
    const Result<IndexPointer> index = openIndex(*m_state);
    if (!index)
        return index.error();
    if (side->endpoint.kind == ResolvedEndpoint::Kind::Index)
        return listIndex(index->get());
    return listWorkTree(*m_state, index->get(), stop);
}

} // namespace git
