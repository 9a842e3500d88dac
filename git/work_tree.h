// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace git {

/// A regular file of a work tree as it is now.
struct WorkFile {
    std::string bytes;
    std::uint32_t permissions = 0; ///< st_mode & 07777
    std::uint64_t links = 1;       ///< hard links to it

    bool operator==(const WorkFile &) const = default;
};

/// Reading and writing files of one work tree; the only place in the product that writes there. `path` is
/// relative and is refused (InvalidInput) when it is absolute, has an empty, `.` or `..` part, or a part that
/// is `.git` in any spelling a file system may accept. No symbolic link is followed in any part. An
/// interface, so that tests can inject faults.
class WorkTree {
public:
    virtual ~WorkTree() = default;
    virtual Result<WorkFile> read(const std::string &path, std::uint64_t maxBytes) = 0;
    /// Replaces an existing file's bytes atomically and durably when it still holds `expected` and nobody has
    /// it open for writing (else Conflict, nothing written); permissions are kept. What another program saves
    /// meanwhile is never lost: it stays, or the message says where it was kept.
    virtual Result<void> replace(const std::string &path, std::string_view expected,
                                 std::string_view bytes) = 0;
};

/// The real one, below the folder `root`.
Result<std::unique_ptr<WorkTree>> openWorkTree(const std::string &root);

} // namespace git
