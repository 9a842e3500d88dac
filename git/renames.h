// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/diff.h"
#include "git/position.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace git {

struct OpenRepository;

/// Where rename detection gets the bytes from. Empty answers stand for bytes that can't be had: such files
/// are only left out. Asked by two threads at once.
class RenameContents {
public:
    virtual ~RenameContents() = default;
    virtual std::string id(const FileSide &side) const = 0;
    virtual std::optional<std::uint64_t> size(const FileSide &side) const = 0;
    virtual std::optional<std::string> bytes(const FileSide &side) const = 0;
};

/// The real one: blobs by id, files without an id from the work tree.
class RepositoryContents : public RenameContents {
public:
    explicit RepositoryContents(const OpenRepository &repository) : m_repository(repository) {}
    std::string id(const FileSide &side) const override;
    std::optional<std::uint64_t> size(const FileSide &side) const override;
    std::optional<std::string> bytes(const FileSide &side) const override;

private:
    const OpenRepository &m_repository;
};

/// 256 MiB: enough for some hundred thousand files of usual size.
inline constexpr std::size_t maxFingerprintChunks = 32u << 20;

/// Joins deletions and additions that are renames, and sorts by path. The steps and limits are those of `git
/// diff -M`: equal contents first, then files that keep a unique name and at least three quarters of their
/// bytes, then the best pairs of at least half, unless there are more than a million pairs. False: bytes were
/// missing, too large or too many, so renames may be left as delete and add. `maxChunks` bounds the memory
/// for what the files are made of (Fingerprint::size of all together).
bool findRenames(std::vector<FileDelta> &files, const RenameContents &contents, const std::stop_token &stop,
                 std::size_t maxChunks = maxFingerprintChunks);

} // namespace git
