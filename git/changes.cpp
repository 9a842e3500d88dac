// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/display.h"
#include "git/open_repository.h"

#include <algorithm>
#include <map>

namespace git {
namespace {

using DeltasByPath = std::map<std::string, FileDelta>;
using EndpointKind = ResolvedEndpoint::Kind;

/// What libgit2's callbacks look at while a diff is made.
struct Guard {
    const std::stop_token &stop;
    bool tooMany = false;
};

int onDelta(const git_diff *soFar, const git_diff_delta *, const char *, void *payload)
{
    auto *guard = static_cast<Guard *>(payload);
    guard->tooMany = git_diff_num_deltas(soFar) >= maxFiles;
    return guard->tooMany ? GIT_EUSER : 0;
}

int onProgress(const git_diff *, const char *, const char *, void *payload)
{
    return static_cast<Guard *>(payload)->stop.stop_requested() ? GIT_EUSER : 0;
}

/// Path filters as libgit2 takes them; must outlive the options made from it.
class PathFilter {
public:
    explicit PathFilter(const std::vector<std::string> &paths) : m_paths(paths)
    {
        for (std::string &path : m_paths) {
            while (path.size() > 1 && path.ends_with('/'))
                path.pop_back();
            if (path.starts_with("./"))
                path.erase(0, 2);
            m_pointers.push_back(path.data());
        }
        if (std::find(m_paths.begin(), m_paths.end(), ".") != m_paths.end())
            m_pointers.clear();
    }

    git_strarray array() { return {m_pointers.data(), m_pointers.size()}; }

private:
    std::vector<std::string> m_paths;
    std::vector<char *> m_pointers;
};

git_diff_options makeOptions(PathFilter &filter, Guard &guard)
{
    git_diff_options options;
    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags =
        GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK | GIT_DIFF_DISABLE_PATHSPEC_MATCH;
    options.ignore_submodules = GIT_SUBMODULE_IGNORE_NONE;
    options.pathspec = filter.array();
    options.notify_cb = onDelta;
    options.progress_cb = onProgress;
    options.payload = &guard;
    return options;
}

FileSide toSide(const git_diff_file &file, bool known)
{
    if (file.mode == 0 || file.mode == GIT_FILEMODE_TREE)
        return {};
    return {file.path, known ? toHex(file.id) : std::string(), file.mode};
}

FileStatus statusOf(const FileSide &oldSide, const FileSide &newSide)
{
    if (!oldSide.exists())
        return FileStatus::Added;
    if (!newSide.exists())
        return FileStatus::Deleted;
    return (oldSide.mode & S_IFMT) == (newSide.mode & S_IFMT) ? FileStatus::Modified
                                                              : FileStatus::TypeChanged;
}

FileDelta toDelta(FileSide oldSide, FileSide newSide)
{
    const FileStatus status = statusOf(oldSide, newSide);
    return {status, std::move(oldSide), std::move(newSide), 0};
}

/// The deltas of a libgit2 diff. Bytes of the work tree have no id.
DeltasByPath toDeltas(const git_diff &diff, bool toWorkTree)
{
    DeltasByPath deltas;
    for (std::size_t i = 0; i < git_diff_num_deltas(&diff); ++i) {
        const git_diff_delta &raw = *git_diff_get_delta(&diff, i);
        const bool hasOld = raw.status != GIT_DELTA_ADDED && raw.status != GIT_DELTA_UNTRACKED;
        const bool hasNew = raw.status != GIT_DELTA_DELETED;
        if (raw.status == GIT_DELTA_CONFLICTED || raw.status == GIT_DELTA_UNREADABLE)
            continue;
        FileDelta delta = toDelta(hasOld ? toSide(raw.old_file, true) : FileSide(),
                                  hasNew ? toSide(raw.new_file, !toWorkTree) : FileSide());
        if (!delta.oldSide.exists() && !delta.newSide.exists())
            continue;
        const std::string path = delta.path();
        if (!path.ends_with('/'))
            deltas.insert_or_assign(path, std::move(delta));
    }
    return deltas;
}

/// Compares two sides of a repository; one object per listing.
class Listing {
public:
    Listing(const OpenRepository &repository, const std::vector<std::string> &paths,
            const std::stop_token &stop)
        : m_repository(repository)
        , m_filter(paths)
        , m_guard{stop}
    {}

    Result<DeltasByPath> trees(git_tree *base, git_tree *head)
    {
        git_diff_options options = makeOptions(m_filter, m_guard);
        git_diff *raw = nullptr;
        const int code = git_diff_tree_to_tree(&raw, m_repository.handle.get(), base, head, &options);
        return finish(code, raw, false);
    }

    Result<DeltasByPath> staged(git_tree *base)
    {
        git_diff_options options = makeOptions(m_filter, m_guard);
        git_diff *raw = nullptr;
        const int code =
            git_diff_tree_to_index(&raw, m_repository.handle.get(), base, m_index.get(), &options);
        return finish(code, raw, false);
    }

    Result<DeltasByPath> unstaged()
    {
        git_diff_options options = makeOptions(m_filter, m_guard);
        options.flags |=
            GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS | GIT_DIFF_IGNORE_SUBMODULES;
        options.ignore_submodules = GIT_SUBMODULE_IGNORE_ALL;
        git_diff *raw = nullptr;
        const int code = git_diff_index_to_workdir(&raw, m_repository.handle.get(), m_index.get(), &options);
        Result<DeltasByPath> deltas = finish(code, raw, true);
        if (deltas)
            std::erase_if(*deltas, [this](const auto &entry) {
                return isSetAside(entry.second) || isOnlyConverted(entry.second);
            });
        return deltas;
    }

    Result<void> openIndex()
    {
        git_index *raw = nullptr;
        const int code = git_repository_index(&raw, m_repository.handle.get());
        m_index.reset(raw);
        if (code != 0)
            return libraryError(code, "Cannot read the index of " + displayName(m_repository.path) +
                                          "; a range of commits does not need it");
        return {};
    }

    git_index *index() const { return m_index.get(); }

private:
    Result<DeltasByPath> finish(int code, git_diff *raw, bool toWorkTree)
    {
        const DiffPointer diff(raw);
        if (m_guard.tooMany)
            return Error{ErrorKind::InvalidInput, "More than a million files differ in " +
                                                      displayName(m_repository.path) +
                                                      ": choose a smaller range, or paths."};
        if (code != 0)
            return libraryError(code, "Cannot compare the files of " + displayName(m_repository.path));
        return toDeltas(*diff, toWorkTree);
    }

    /// Files that a sparse checkout leaves out are no deletions, and a submodule's folder may be empty.
    bool isSetAside(const FileDelta &delta) const
    {
        if (delta.oldSide.mode == GIT_FILEMODE_COMMIT && !S_ISREG(delta.newSide.mode) &&
            !S_ISLNK(delta.newSide.mode))
            return true;
        const git_index_entry *entry = git_index_get_bypath(m_index.get(), delta.path().c_str(), 0);
        return delta.status == FileStatus::Deleted && entry &&
               (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE);
    }

    /// libgit2 takes another size for a change before it thinks of line ends.
    bool isOnlyConverted(const FileDelta &delta) const
    {
        return delta.status == FileStatus::Modified && delta.oldSide.mode == delta.newSide.mode &&
               S_ISREG(delta.newSide.mode) && isConverted(m_repository, delta.path()) &&
               workFileId(m_repository, delta.newSide) == delta.oldSide.id;
    }

    const OpenRepository &m_repository;
    PathFilter m_filter;
    Guard m_guard;
    IndexPointer m_index;
};

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
void addConflicts(const OpenRepository &repository, git_index *index, const ResolvedSides &sides,
                  DeltasByPath &deltas)
{
    git_index_conflict_iterator *raw = nullptr;
    if (git_index_conflict_iterator_new(&raw, index) != 0)
        return;
    const LibraryPointer<git_index_conflict_iterator, git_index_conflict_iterator_free> conflicts(raw);
    const git_index_entry *ancestor = nullptr, *ours = nullptr, *theirs = nullptr;
    while (git_index_conflict_next(&ancestor, &ours, &theirs, raw) == 0) {
        const std::string path = (ours ? ours : theirs ? theirs : ancestor)->path;
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
        addConflicts(repository, listing.index(), sides, *deltas);
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
