// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/safe_file.h"

#include "git/display.h"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace git {
namespace {

int retryOpen(int folder, const char *name, int flags)
{
    int descriptor = -1;
    do
        descriptor = openat(folder, name, flags | O_CLOEXEC);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

} // namespace

FileDescriptor &FileDescriptor::operator=(FileDescriptor &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

FileDescriptor::~FileDescriptor()
{
    if (m_descriptor >= 0)
        close(m_descriptor);
}

Result<FileDescriptor> openFolder(const std::string &path)
{
    FileDescriptor folder(retryOpen(AT_FDCWD, path.c_str(), O_PATH | O_DIRECTORY));
    if (!folder)
        return systemError(errno, "Cannot open the folder " + displayName(path));
    return folder;
}

FileDescriptor openPartByPart(int folder, std::string_view path, int flags)
{
    FileDescriptor current;
    int at = folder;
    while (true) {
        const std::size_t slash = path.find('/');
        const std::string part(path.substr(0, slash));
        if (part == ".." || (part.empty() && !path.empty())) {
            errno = EXDEV;
            return {};
        }
        const bool last = slash == std::string_view::npos;
        const int partFlags = last ? flags | O_NOFOLLOW : O_PATH | O_DIRECTORY | O_NOFOLLOW;
        FileDescriptor next(retryOpen(at, part.c_str(), partFlags));
        if (last || !next)
            return next;
        current = std::move(next);
        at = current.get();
        path.remove_prefix(slash + 1);
    }
}

FileDescriptor openBeneath(int folder, const std::string &path, int flags)
{
    open_how how = {};
    how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    long descriptor = -1;
    errno = EAGAIN; // The kernel's answer where a rename came in between.
    for (int attempt = 0; attempt < 100 && descriptor < 0 && (errno == EINTR || errno == EAGAIN); ++attempt)
        descriptor = syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how);
    if (descriptor < 0 && (errno == ENOSYS || errno == EPERM))
        return openPartByPart(folder, path, flags);
    return FileDescriptor(static_cast<int>(descriptor));
}

ParentFolder openParent(int folder, const std::string &path)
{
    const std::size_t slash = path.rfind('/');
    const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash);
    return {openBeneath(folder, parent, O_RDONLY | O_DIRECTORY), path.substr(slash + 1)};
}

std::optional<RegularFile> openRegular(int folder, const std::string &path)
{
    RegularFile file;
    file.descriptor = openBeneath(folder, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!file.descriptor || fstat(file.descriptor.get(), &file.status) != 0)
        return std::nullopt;
    if (!S_ISREG(file.status.st_mode)) {
        errno = ELOOP;
        return std::nullopt;
    }
    return file;
}

bool isHarmlessToOpen(mode_t mode)
{
    return S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode);
}

std::optional<std::string> readAll(int descriptor, std::uint64_t maxBytes)
{
    std::string bytes;
    struct stat status = {};
    if (fstat(descriptor, &status) == 0 && status.st_size > 0)
        bytes.reserve(std::min<std::uint64_t>(static_cast<std::uint64_t>(status.st_size), maxBytes) + 1);
    constexpr std::size_t step = 256 << 10;
    while (true) {
        const std::size_t had = bytes.size();
        bytes.resize(had + step);
        const ssize_t got = read(descriptor, bytes.data() + had, step);
        bytes.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
        if (got == 0)
            return bytes;
        if (got < 0 && errno != EINTR)
            return std::nullopt;
        if (bytes.size() > maxBytes) {
            errno = EFBIG;
            return std::nullopt;
        }
    }
}

std::optional<std::string> readLinkBeneath(int folder, const std::string &path)
{
    const ParentFolder parent = openParent(folder, path);
    if (!parent.folder)
        return std::nullopt;
    std::string target(4096, '\0');
    const ssize_t length = readlinkat(parent.folder.get(), parent.name.c_str(), target.data(), target.size());
    if (length < 0)
        return std::nullopt;
    target.resize(static_cast<std::size_t>(length));
    return target;
}

bool writeAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Error systemError(int errorNumber, const std::string &what)
{
    ErrorKind kind = ErrorKind::Io;
    if (errorNumber == ENOENT || errorNumber == ENOTDIR)
        kind = ErrorKind::NotFound;
    else if (errorNumber == ELOOP || errorNumber == EXDEV || errorNumber == EFBIG)
        kind = ErrorKind::InvalidInput;
    char buffer[256];
    const std::string reason = errorNumber == ELOOP
                                   ? "it is a symbolic link, lies behind one, or is no regular file"
                               : errorNumber == EXDEV ? "it leads out of the folder"
                                                      : strerror_r(errorNumber, buffer, sizeof buffer);
    return {kind, what + ": " + reason};
}

} // namespace git
