// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <sys/stat.h>

namespace git {

/// Owns a file descriptor; -1 owns none.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int descriptor) : m_descriptor(descriptor) {}
    FileDescriptor(FileDescriptor &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    FileDescriptor &operator=(FileDescriptor &&other) noexcept;
    ~FileDescriptor();

    int get() const { return m_descriptor; }
    explicit operator bool() const { return m_descriptor >= 0; }

private:
    int m_descriptor = -1;
};

/// Opens a folder as the root of later calls. The path itself may be a link: it is the user's choice.
Result<FileDescriptor> openFolder(const std::string &path);

/// Opens `path` below the folder. No part of it may be a link, `..` or absolute: the kernel refuses, without
/// a race. On failure the descriptor is empty and errno tells why.
FileDescriptor openBeneath(int folder, const std::string &path, int flags);

/// What openBeneath does on kernels before 5.6 and in sandboxes without openat2: one part after the other,
/// each opened without following a link.
FileDescriptor openPartByPart(int folder, std::string_view path, int flags);

/// A path's folder, opened by openBeneath, and its last part.
struct ParentFolder {
    FileDescriptor folder;
    std::string name;
};
ParentFolder openParent(int folder, const std::string &path);

/// A regular file opened for reading; a FIFO or device is opened without waiting for it and then refused.
struct RegularFile {
    FileDescriptor descriptor;
    struct stat status = {};
};
/// Empty with errno set where there is none, or where it is no regular file (then errno is ELOOP).
std::optional<RegularFile> openRegular(int folder, const std::string &path);

/// False for a pipe, device or socket: opening one in the usual way could wait for ever.
bool isHarmlessToOpen(mode_t mode);

/// All bytes of an open file, at most `maxBytes`; empty with errno set on failure (EFBIG beyond the bound).
std::optional<std::string> readAll(int descriptor, std::uint64_t maxBytes);

/// The target of the link `path` below the folder; empty with errno set where it is no link.
std::optional<std::string> readLinkBeneath(int folder, const std::string &path);

/// Writes everything or fails with errno set.
bool writeAll(int descriptor, std::string_view bytes);

/// "Cannot read src/a.rs: Permission denied", of the kind that fits errno.
Error systemError(int errorNumber, const std::string &what);

} // namespace git
