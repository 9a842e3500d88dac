// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The only file that includes libgit2's header. Only git's own .cpp files may include this one.

#include "git/result.h"

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>

namespace git {

/// Frees a libgit2 object by the function libgit2 has for its type.
template <auto freeObject>
struct LibraryDelete {
    template <typename T>
    void operator()(T *object) const
    {
        freeObject(object);
    }
};
template <typename T, auto freeObject>
using LibraryPointer = std::unique_ptr<T, LibraryDelete<freeObject>>;

using RepositoryPointer = LibraryPointer<git_repository, git_repository_free>;
using ReferencePointer = LibraryPointer<git_reference, git_reference_free>;
using ObjectPointer = LibraryPointer<git_object, git_object_free>;
using CommitPointer = LibraryPointer<git_commit, git_commit_free>;
using TreePointer = LibraryPointer<git_tree, git_tree_free>;
using IndexPointer = LibraryPointer<git_index, git_index_free>;
using DiffPointer = LibraryPointer<git_diff, git_diff_free>;
using OdbPointer = LibraryPointer<git_odb, git_odb_free>;
using OdbObjectPointer = LibraryPointer<git_odb_object, git_odb_object_free>;
using FilterListPointer = LibraryPointer<git_filter_list, git_filter_list_free>;

/// A libgit2 buffer that is disposed of at the end of its scope.
struct LibraryBuffer {
    git_buf value = {};

    LibraryBuffer() = default;
    LibraryBuffer(const LibraryBuffer &) = delete;
    LibraryBuffer &operator=(const LibraryBuffer &) = delete;
    ~LibraryBuffer() { git_buf_dispose(&value); }
    std::string_view view() const { return {value.ptr ? value.ptr : "", value.size}; }
};

/// Starts libgit2 once per process: bounds what a hostile pack may ask for, and accepts the repository
/// extensions that change nothing for a reader.
void startLibrary();

/// The Error for libgit2's return code: `what` says what was tried ("Cannot read the index of /x"), libgit2's
/// own words follow. Call it on the thread that failed, before any other libgit2 call.
Error libraryError(int code, const std::string &what);

std::string toHex(const git_oid &id);
/// Zero for an empty or malformed id.
git_oid toOid(std::string_view hex);

} // namespace git
