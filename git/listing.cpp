// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/listing.h"

#include "git/display.h"
#include "git/untracked.h"

#include <algorithm>

namespace git {
namespace {

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

bool isUntrackedFolder(const git_diff_delta &delta)
{
    return delta.status == GIT_DELTA_UNTRACKED && std::string_view(delta.new_file.path).ends_with('/');
}

/// The deltas of a libgit2 diff. Bytes of the work tree have no id.
DeltasByPath toDeltas(const git_diff &diff, bool toWorkTree)
{
    DeltasByPath deltas;
    for (std::size_t i = 0; i < git_diff_num_deltas(&diff); ++i) {
        const git_diff_delta &raw = *git_diff_get_delta(&diff, i);
        const bool hasOld = raw.status != GIT_DELTA_ADDED && raw.status != GIT_DELTA_UNTRACKED;
        const bool hasNew = raw.status != GIT_DELTA_DELETED;
        if (raw.status == GIT_DELTA_CONFLICTED || raw.status == GIT_DELTA_UNREADABLE ||
            isUntrackedFolder(raw))
            continue;
        FileDelta delta = toDelta(hasOld ? toSide(raw.old_file, true) : FileSide(),
                                  hasNew ? toSide(raw.new_file, !toWorkTree) : FileSide());
        if (!delta.oldSide.exists() && !delta.newSide.exists())
            continue;
        const std::string path = delta.path();
        deltas.insert_or_assign(path, std::move(delta));
    }
    return deltas;
}

} // namespace

FileDelta toDelta(FileSide oldSide, FileSide newSide)
{
    const FileStatus status = statusOf(oldSide, newSide);
    return {status, std::move(oldSide), std::move(newSide), 0};
}

PathFilter::PathFilter(const std::vector<std::string> &paths) : m_paths(paths)
{
    for (std::string &path : m_paths) {
        if (path.starts_with("./"))
            path.erase(0, 2);
        while (path.size() > 1 && path.ends_with('/'))
            path.pop_back();
    }
    const auto isRoot = [](const std::string &path) { return path.empty() || path == "."; };
    if (std::any_of(m_paths.begin(), m_paths.end(), isRoot))
        m_paths.clear();
    for (std::string &path : m_paths)
        m_pointers.push_back(path.data());
}

bool PathFilter::contains(const std::string &path) const
{
    return m_paths.empty() || std::any_of(m_paths.begin(), m_paths.end(), [&path](const std::string &wanted) {
               return path.starts_with(wanted) &&
                      (path.size() == wanted.size() || path[wanted.size()] == '/');
           });
}

int Listing::onDelta(const git_diff *soFar, const git_diff_delta *, const char *, void *payload)
{
    auto *listing = static_cast<Listing *>(payload);
    listing->m_tooMany = git_diff_num_deltas(soFar) >= maxFiles;
    return listing->m_tooMany ? GIT_EUSER : 0;
}

int Listing::onProgress(const git_diff *, const char *, const char *, void *payload)
{
    return static_cast<Listing *>(payload)->m_stop.stop_requested() ? GIT_EUSER : 0;
}

git_diff_options Listing::makeOptions()
{
    git_diff_options options;
    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags =
        GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK | GIT_DIFF_DISABLE_PATHSPEC_MATCH;
    options.ignore_submodules = GIT_SUBMODULE_IGNORE_NONE;
    options.pathspec = m_filter.array();
    options.notify_cb = onDelta;
    options.progress_cb = onProgress;
    options.payload = this;
    return options;
}

Result<DiffPointer> Listing::finish(int code, git_diff *raw) const
{
    DiffPointer diff(raw);
    if (m_tooMany)
        return Error{ErrorKind::InvalidInput, "More than a million files differ in " +
                                                  displayName(m_repository.path) +
                                                  ": choose a smaller range, or paths."};
    if (code != 0)
        return libraryError(code, "Cannot compare the files of " + displayName(m_repository.path));
    return diff;
}

Result<DeltasByPath> Listing::trees(git_tree *base, git_tree *head)
{
    const git_diff_options options = makeOptions();
    git_diff *raw = nullptr;
    const int code = git_diff_tree_to_tree(&raw, m_repository.handle.get(), base, head, &options);
    const Result<DiffPointer> diff = finish(code, raw);
    return diff ? Result<DeltasByPath>(toDeltas(**diff, false)) : diff.error();
}

Result<void> Listing::openIndex()
{
    git_index *raw = nullptr;
    int code = git_repository_index(&raw, m_repository.handle.get());
    m_index.reset(raw);
    if (code == 0)
        code = git_index_read(raw, false); // It may have changed since the repository was opened.
    if (code != 0)
        return libraryError(code, "Cannot read the index of " + displayName(m_repository.path) +
                                      "; a range of commits does not need it");
    return {};
}

Result<DeltasByPath> Listing::staged(git_tree *base)
{
    const git_diff_options options = makeOptions();
    git_diff *raw = nullptr;
    const int code = git_diff_tree_to_index(&raw, m_repository.handle.get(), base, m_index.get(), &options);
    const Result<DiffPointer> diff = finish(code, raw);
    return diff ? Result<DeltasByPath>(toDeltas(**diff, false)) : diff.error();
}

Result<DeltasByPath> Listing::unstaged()
{
    if (const Result<void> checked = checkTrackedFolders(); !checked)
        return checked.error();
    git_diff_options options = makeOptions();
    options.flags |=
        GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_ENABLE_FAST_UNTRACKED_DIRS | GIT_DIFF_IGNORE_SUBMODULES;
    options.ignore_submodules = GIT_SUBMODULE_IGNORE_ALL;
    options.pathspec = {}; // It would hide an untracked folder that holds a wanted file.
    git_diff *raw = nullptr;
    const int code = git_diff_index_to_workdir(&raw, m_repository.handle.get(), m_index.get(), &options);
    const Result<DiffPointer> diff = finish(code, raw);
    if (!diff)
        return diff.error();
    DeltasByPath deltas = toDeltas(**diff, true);
    std::erase_if(deltas, [this](const auto &entry) {
        return !m_filter.contains(entry.first) || isSetAside(entry.second) || isOnlyConverted(entry.second);
    });
    if (const Result<void> added = addUntracked(**diff, deltas); !added)
        return added.error();
    return deltas;
}

/// libgit2 enters these folders, and reads their ignore rules.
Result<void> Listing::checkTrackedFolders() const
{
    Result<void> checked = checkIgnoreFiles(m_repository, {});
    std::string last;
    for (std::size_t i = 0; checked && i < git_index_entrycount(m_index.get()); ++i) {
        const std::string_view path = git_index_get_byindex(m_index.get(), i)->path;
        const std::string_view folder = path.substr(0, path.rfind('/') + 1);
        for (std::size_t slash = folder.find('/'); checked && slash != std::string_view::npos;
             slash = folder.find('/', slash + 1)) {
            if (!last.starts_with(folder.substr(0, slash + 1)))
                checked = checkIgnoreFiles(m_repository, std::string(folder.substr(0, slash + 1)));
        }
        last = folder;
    }
    return checked;
}

/// Untracked folders come as such: what is in them is listed without libgit2, which would wait for a pipe.
Result<void> Listing::addUntracked(const git_diff &diff, DeltasByPath &deltas) const
{
    std::vector<std::string> folders;
    for (std::size_t i = 0; i < git_diff_num_deltas(&diff); ++i) {
        const git_diff_delta &delta = *git_diff_get_delta(&diff, i);
        if (isUntrackedFolder(delta))
            folders.emplace_back(delta.new_file.path);
    }
    Result<std::vector<FileSide>> files = listUntracked(m_repository, std::move(folders), m_stop);
    if (!files)
        return files.error();
    for (FileSide &file : *files) {
        const std::string path = file.path;
        if (m_filter.contains(path))
            deltas.insert_or_assign(path, toDelta({}, std::move(file)));
    }
    return {};
}

/// Files that a sparse checkout leaves out are no deletions, and a submodule's folder may be empty.
bool Listing::isSetAside(const FileDelta &delta) const
{
    if (delta.oldSide.mode == GIT_FILEMODE_COMMIT && !S_ISREG(delta.newSide.mode) &&
        !S_ISLNK(delta.newSide.mode))
        return true;
    const git_index_entry *entry = git_index_get_bypath(m_index.get(), delta.path().c_str(), 0);
    return delta.status == FileStatus::Deleted && entry &&
           (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE);
}

/// libgit2 takes another size for a change before it thinks of line ends.
bool Listing::isOnlyConverted(const FileDelta &delta) const
{
    return delta.status == FileStatus::Modified && delta.oldSide.mode == delta.newSide.mode &&
           S_ISREG(delta.newSide.mode) && !m_stop.stop_requested() &&
           isConverted(m_repository, delta.path()) &&
           workFileId(m_repository, delta.newSide) == delta.oldSide.id;
}

} // namespace git
