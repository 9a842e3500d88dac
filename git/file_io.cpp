// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/file_io.h"

#include "git/display.h"
#include "git/safe_file.h"
#include "git/temporary_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

namespace git {
namespace {

Error cannotWrite(const std::string &path)
{
    return systemError(errno, "Cannot write " + displayName(path));
}

/// The file a chain of links ends at; the path itself where there is none yet.
std::string linkTarget(const std::string &path)
{
    char *resolved = realpath(path.c_str(), nullptr);
    if (!resolved)
        return path;
    std::string target = resolved;
    std::free(resolved);
    return target;
}

Result<void> writeDirectly(const std::string &path, std::string_view bytes)
{
    const FileDescriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!file || !writeAll(file.get(), bytes))
        return cannotWrite(path);
    return {};
}

} // namespace

Result<std::string> readFile(const std::string &path, std::uint64_t maxBytes)
{
    const std::string what = "Cannot read " + displayName(path);
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status = {};
    if (!file || fstat(file.get(), &status) != 0)
        return systemError(errno, what);
    if (!S_ISREG(status.st_mode))
        return Error{ErrorKind::InvalidInput, what + ": it is no regular file."};
    std::optional<std::string> bytes = readAll(file.get(), maxBytes);
    if (!bytes && errno == EFBIG)
        return Error{ErrorKind::InvalidInput,
                     what + ": it is larger than the limit of " + std::to_string(maxBytes) + " bytes."};
    if (!bytes)
        return systemError(errno, what);
    return std::move(*bytes);
}

Result<void> writeFile(const std::string &path, std::string_view bytes)
{
    struct stat status = {};
    const bool exists = stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        return Error{ErrorKind::InvalidInput, "Cannot write " + displayName(path) + ": it is a folder."};
    if (exists && !S_ISREG(status.st_mode))
        return writeDirectly(path, bytes);
    const std::string target = linkTarget(path);
    const std::size_t slash = target.rfind('/');
    const std::string parent = slash == std::string::npos ? "." : slash == 0 ? "/" : target.substr(0, slash);
    const FileDescriptor folder(open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    TemporaryFile file = folder ? TemporaryFile(folder.get(), 0666) : TemporaryFile();
    if (!folder || !file.isOpen())
        return cannotWrite(path);
    const bool permitted = !exists || fchmod(file.descriptor(), status.st_mode & 07777) == 0;
    const std::string name = target.substr(slash + 1);
    if (!permitted || !writeAll(file.descriptor(), bytes) || fsync(file.descriptor()) != 0 ||
        !file.renameTo(name) || fsync(folder.get()) != 0)
        return cannotWrite(path);
    return {};
}

} // namespace git
