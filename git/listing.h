// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/open_repository.h"

#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace git {

using DeltasByPath = std::map<std::string, FileDelta>;

/// The delta of two sides, its status told from them.
FileDelta toDelta(FileSide oldSide, FileSide newSide);

/// The files and folders that a listing is limited to, taken literally; all where there are none.
class PathFilter {
public:
    explicit PathFilter(const std::vector<std::string> &paths);

    bool contains(const std::string &path) const;
    /// For libgit2; must not outlive this.
    git_strarray array() { return {m_pointers.data(), m_pointers.size()}; }

private:
    std::vector<std::string> m_paths;
    std::vector<char *> m_pointers;
};

/// Lists what differs between two neighbours of tree, index and work tree, by libgit2. One object per
/// listing; it must not outlive what it was made from.
class Listing {
public:
    Listing(const OpenRepository &repository, const std::vector<std::string> &paths,
            const std::stop_token &stop)
        : m_repository(repository)
        , m_stop(stop)
        , m_filter(paths)
    {}

    Result<DeltasByPath> trees(git_tree *base, git_tree *head);
    /// The index is opened before staged and unstaged.
    Result<void> openIndex();
    Result<DeltasByPath> staged(git_tree *base);
    /// Untracked files that are not ignored count as added; their sides have no id.
    Result<DeltasByPath> unstaged();

    git_index *index() const { return m_index.get(); }
    const PathFilter &filter() const { return m_filter; }

private:
    static int onDelta(const git_diff *soFar, const git_diff_delta *, const char *, void *payload);
    static int onProgress(const git_diff *, const char *, const char *, void *payload);
    git_diff_options makeOptions();
    Result<DiffPointer> finish(int code, git_diff *raw) const;
    Result<void> checkTrackedFolders() const;
    Result<void> addUntracked(const git_diff &diff, DeltasByPath &deltas) const;
    bool isSetAside(const FileDelta &delta) const;
    bool isOnlyConverted(const FileDelta &delta) const;

    const OpenRepository &m_repository;
    const std::stop_token &m_stop;
    PathFilter m_filter;
    IndexPointer m_index;
    bool m_tooMany = false;
};

} // namespace git
