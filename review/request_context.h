// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/repository.h"
#include "review/manifest.h"
#include "review/request.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace review {

/// The crates of one side of a diff: which folder's Cargo.toml a file belongs to, and its edition. Manifests
/// are read when first asked for and kept.
class Crates {
public:
    Crates(const git::Repository &repository, const git::ResolvedEndpoint &endpoint,
           const std::vector<git::TreeFile> &files);

    /// The folder ("" or "a/b") of the nearest Cargo.toml above a path; "" when there is none.
    std::string folderOf(std::string_view path) const;
    /// "2021" …; empty when no manifest says so or it can't be read.
    std::string editionOf(std::string_view path);
    /// How many manifests could not be read.
    std::size_t unreadable() const { return m_unreadable; }

private:
    const Manifest *manifestIn(const std::string &folder);
    const Manifest *workspaceRootOf(const std::string &folder, const Manifest &package);

    const git::Repository &m_repository;
    const git::ResolvedEndpoint &m_endpoint;
    std::unordered_map<std::string, const git::TreeFile *> m_manifestFiles; ///< by folder
    std::unordered_map<std::string, Manifest> m_manifests;
    std::size_t m_unreadable = 0;
};

/// What stands before a `::`: the crates, modules and types that a text goes through.
using PathWords = std::set<std::string, std::less<>>;
void addPathWords(std::string_view text, PathWords &words);

/// Rust files of the same crates as the reviewed ones, other than them: the modules that are named first, and
/// then the nearest folders. Tests, benchmarks, examples and build output of a crate are not among them.
std::vector<const git::TreeFile *> planContext(const std::vector<git::TreeFile> &files, const Crates &crates,
                                               const std::set<std::string> &reviewed, const PathWords &named);

/// Reads the planned files until the limit and says in `request.leftOut` what did not fit. False when
/// stopped.
bool readContext(Request &request, const git::Repository &repository, const git::ResolvedEndpoint &endpoint,
                 const std::vector<const git::TreeFile *> &plan, Crates &crates, std::stop_token stop,
                 const std::function<void()> &step);

/// "src" of "src/db.rs"; "" at the top.
std::string_view folderPart(std::string_view path);
/// "1 file", "12 files".
std::string counted(std::size_t number, const std::string &noun);

} // namespace review
