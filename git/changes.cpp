// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/display.h"
#include "git/listing.h"

namespace git {
namespace {

using EndpointKind = ResolvedEndpoint::Kind;

/// Lays what is not staged over what is. A file of both is compared by content: it may be back at the base's
/// bytes.
void mergeUnstaged(const OpenRepository &repository, DeltasByPath &staged, DeltasByPath unstaged)
{
    for (auto &[path, later] : unstaged) {
        const auto earlier = staged.find(path);
        if (earlier == staged.end()) {
            staged.emplace(path, std::move(later));
            continue;
        }
        FileDelta merged = toDelta(earlier->second.oldSide, later.newSide);
        const FileSide &oldSide = merged.oldSide;
        const FileSide &newSide = merged.newSide;
        const bool bothAbsent = !oldSide.exists() && !newSide.exists();
        const bool same =
            oldSide.exists() && oldSide.mode == newSide.mode && oldSide.id == workFileId(repository, newSide);
        if (bothAbsent || same)
            staged.erase(earlier);
        else
            earlier->second = std::move(merged);
    }
}

FileSide entrySide(const git_index_entry *entry)
{
    return entry ? FileSide{entry->path, toHex(entry->id), entry->mode} : FileSide{};
}

FileSide treeSide(git_tree *tree, const std::string &path)
{
    git_tree_entry *raw = nullptr;
    if (!tree || git_tree_entry_bypath(&raw, tree, path.c_str()) != 0)
        return {};
    const LibraryPointer<git_tree_entry, git_tree_entry_free> entry(raw);
    if (git_tree_entry_type(raw) == GIT_OBJECT_TREE)
        return {};
    return {path, toHex(*git_tree_entry_id(raw)),
            static_cast<std::uint32_t>(git_tree_entry_filemode_raw(raw))};
}

FileSide workSide(const OpenRepository &repository, const std::string &path)
{
    if (const std::optional<RegularFile> file = openRegular(repository.workFolder.get(), path))
        return {path, {}, file->status.st_mode & S_IXUSR ? 0100755u : 0100644u};
    return readLinkBeneath(repository.workFolder.get(), path) ? FileSide{path, {}, 0120000} : FileSide{};
}

/// Files with an unresolved merge: the base's version beside the work tree's (with its conflict marks), or
/// beside "ours" where only the index is asked for.
void addConflicts(const OpenRepository &repository, const Listing &listing, const ResolvedSides &sides,
                  DeltasByPath &deltas)
{
    git_index_conflict_iterator *raw = nullptr;
    if (git_index_conflict_iterator_new(&raw, listing.index()) != 0)
        return;
    const LibraryPointer<git_index_conflict_iterator, git_index_conflict_iterator_free> conflicts(raw);
    const git_index_entry *ancestor = nullptr, *ours = nullptr, *theirs = nullptr;
    while (git_index_conflict_next(&ancestor, &ours, &theirs, raw) == 0) {
        const std::string path = (ours ? ours : theirs ? theirs : ancestor)->path;
        if (!listing.filter().contains(path))
            continue;
        const bool inWorkTree = sides.head.endpoint.kind == EndpointKind::WorkTree;
        FileDelta delta;
        delta.status = FileStatus::Conflicted;
        delta.oldSide = sides.base.endpoint.kind == EndpointKind::Index
                            ? entrySide(ours)
                            : treeSide(sides.base.tree.get(), path);
        delta.newSide = inWorkTree ? workSide(repository, path) : entrySide(ours ? ours : theirs);
        if (!delta.oldSide.exists() && !delta.newSide.exists())
            delta.oldSide.path = path;
        deltas.insert_or_assign(path, std::move(delta));
    }
}

void dropIntentToAdd(git_index *index, DeltasByPath &staged)
{
    std::erase_if(staged, [index](const auto &entry) {
        const git_index_entry *found = git_index_get_bypath(index, entry.first.c_str(), 0);
        return entry.second.status == FileStatus::Added && found &&
               (found->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD);
    });
}

Result<DeltasByPath> listUncommitted(const OpenRepository &repository, Listing &listing,
                                     const ResolvedSides &sides)
{
    if (!repository.hasWorkTree())
        return Error{ErrorKind::InvalidInput,
                     displayName(repository.path) +
                         " is a bare repository and has no work tree: give two commits, A..B."};
    if (const Result<void> opened = listing.openIndex(); !opened)
        return opened.error();
    Result<DeltasByPath> deltas = DeltasByPath{};
    if (sides.base.endpoint.kind != EndpointKind::Index)
        deltas = listing.staged(sides.base.tree.get());
    if (!deltas)
        return deltas;
    if (sides.head.endpoint.kind == EndpointKind::WorkTree) {
        Result<DeltasByPath> unstaged = listing.unstaged();
        if (!unstaged)
            return unstaged;
        mergeUnstaged(repository, *deltas, std::move(*unstaged));
    } else {
        dropIntentToAdd(listing.index(), *deltas);
    }
    if (git_index_has_conflicts(listing.index()))
        addConflicts(repository, listing, sides, *deltas);
    return deltas;
}

bool isTree(const ResolvedSide &side)
{
    return side.endpoint.kind == EndpointKind::Commit || side.endpoint.kind == EndpointKind::Tree ||
           side.endpoint.kind == EndpointKind::EmptyTree;
}

} // namespace

Result<std::vector<FileDelta>> listChanges(const OpenRepository &repository, const ResolvedSides &sides,
                                           const std::vector<std::string> &paths, const std::stop_token &stop)
{
    Listing listing(repository, paths, stop);
    const bool baseIsIndex = sides.base.endpoint.kind == EndpointKind::Index;
    const bool headIsIndex = sides.head.endpoint.kind == EndpointKind::Index;
    Result<DeltasByPath> deltas = DeltasByPath{};
    if (isTree(sides.base) && isTree(sides.head))
        deltas = listing.trees(sides.base.tree.get(), sides.head.tree.get());
    else if ((isTree(sides.base) || baseIsIndex) && !isTree(sides.head) && !(baseIsIndex && headIsIndex))
        deltas = listUncommitted(repository, listing, sides);
    else
        return Error{
            ErrorKind::InvalidInput,
            "The index or the work tree can only be the new side of a comparison: exchange the sides."};
    if (!deltas)
        return deltas.error();
    std::vector<FileDelta> files;
    files.reserve(deltas->size());
    for (auto &[path, delta] : *deltas)
        files.push_back(std::move(delta));
    return files;
}

} // namespace git
