// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/diff.h"
#include "git/range.h"
#include "git/result.h"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace git {

/// A file of a tree, for the list of all files and for reading what surrounds a change.
struct TreeFile {
    std::string path;
    std::string id; ///< blob id, empty where only the work tree has the bytes
    std::uint32_t mode = 0;
    std::uint64_t size = 0; ///< 0 where it is not known without reading

    bool operator==(const TreeFile &) const = default;
};

/// A branch, tag or remote branch that a reviewer can choose as a side.
struct Reference {
    std::string name; ///< short, as typed: "main", "origin/main", "v1.2"
    std::string id;
    std::string fullName; ///< "refs/heads/main": what a name that a branch and a tag share can't be taken for

    bool operator==(const Reference &) const = default;
};

/// A repository opened for reading. Opening runs nothing and writes nothing: no hook, no filter, no external
/// command, no index refresh. Move-only; used by one thread at a time (each job opens its own), but that two
/// may ask texts() and read().
class Repository {
public:
    /// Does what is done once in a program, so that the first opening need not: libgit2 takes 10 ms to start.
    static void prepare();
    /// Opens a work tree, a bare repository, a linked work tree, or a folder inside of one.
    static Result<Repository> open(const std::string &path);
    Repository(Repository &&) noexcept;
    Repository &operator=(Repository &&) noexcept;
    ~Repository();

    /// The work tree's root without a final slash; empty for a bare repository.
    const std::string &workTree() const;
    /// The folder to show and to reopen: the work tree's root, or the bare repository.
    const std::string &path() const;
    /// Things about this repository that a careful reviewer should know (a `core.worktree` that points
    /// elsewhere, includes in its config, …).
    const std::vector<std::string> &warnings() const;

    /// "main", or "detached at 1a2b3c4", or "main (no commit yet)".
    std::string headName() const;
    std::vector<Reference> references() const;

    /// The files that changed, with renames found as `git diff -M` does; no file content is compared. Paths
    /// restrict the result to these files and folders (no globbing).
    Result<Diff> diff(const Range &range, const std::vector<std::string> &paths = {},
                      std::stop_token stop = {}) const;
    /// Reads both sides of a file. Work-tree bytes are read without following links; what is no regular file
    /// any more, or gone, is Missing. They are given in the form git would store: where `core.autocrlf` or
    /// the attributes ask for CRLF in the work tree, with LF, or every line would seem changed.
    /// WorkTree::read gives them as they are.
    Result<FileTexts> texts(const Diff &diff, const FileDelta &file,
                            std::uint64_t maxBytes = maxTextBytes) const;
    /// All files of one side of a diff, submodules and links included, in path order.
    Result<std::vector<TreeFile>> files(const ResolvedEndpoint &endpoint, std::stop_token stop = {}) const;
    /// The bytes of one file of `files(endpoint)`.
    Result<std::string> read(const ResolvedEndpoint &endpoint, const TreeFile &file,
                             std::uint64_t maxBytes = maxTextBytes) const;

private:
    struct State;
    explicit Repository(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace git
