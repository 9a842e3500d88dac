// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/work_tree.h"

#include "git/display.h"
#include "git/path_rules.h"
#include "git/safe_file.h"
#include "git/temporary_file.h"

#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace git {
namespace {

Error changedMeanwhile(const std::string &path)
{
    return {ErrorKind::Conflict, displayName(path) + " has changed since it was read, or is being written by "
                                                     "another program: nothing was written. Reload it."};
}

Error cannotWrite(const std::string &path)
{
    return systemError(errno, "Cannot write " + displayName(path));
}

/// Extended attributes hold access lists and security labels. What may not be copied is left to the file
/// system.
void copyAttributes(int from, int to)
{
    std::string names(64 << 10, '\0');
    const ssize_t size = flistxattr(from, names.data(), names.size());
    for (ssize_t at = 0; at < size;) {
        const char *name = names.data() + at;
        std::string value(64 << 10, '\0');
        const ssize_t length = fgetxattr(from, name, value.data(), value.size());
        if (length >= 0)
            fsetxattr(to, name, value.data(), static_cast<std::size_t>(length), 0);
        at += static_cast<ssize_t>(std::char_traits<char>::length(name)) + 1;
    }
}

/// Owner first: a change of owner may clear permission bits.
bool copyOwnerAndMode(const struct stat &from, int to)
{
    struct stat status = {};
    if (fstat(to, &status) != 0)
        return false;
    const bool sameOwner = status.st_uid == from.st_uid && status.st_gid == from.st_gid;
    if (!sameOwner && fchown(to, from.st_uid, from.st_gid) != 0) {
        // Only root may give files away: else the new file is the writer's, as with any editor, in the old
        // group.
        [[maybe_unused]] const int failed = fchown(to, static_cast<uid_t>(-1), from.st_gid);
    }
    return fchmod(to, from.st_mode & 07777) == 0;
}

/// The bytes of a regular file if they are `expected`.
bool holds(int folder, const std::string &name, std::string_view expected)
{
    const std::optional<RegularFile> file = openRegular(folder, name);
    const std::optional<std::string> bytes =
        file ? readAll(file->descriptor.get(), expected.size()) : std::nullopt;
    return bytes && *bytes == expected;
}

/// A file by what it is, not by its name. While it is held, its inode is given to no other.
class HeldFile {
public:
    HeldFile(int folder, const std::string &name) : m_file(openRegular(folder, name)) {}

    /// Someone may yet write to it. Not known (then false) on some file systems and for another user's files.
    bool isBeingWritten() const
    {
        if (!m_file)
            return false;
        // The kernel grants a read lease only while nobody has the file open for writing. Its signal must be
        // one that is ignored: SIGIO would end the program.
        const int file = m_file->descriptor.get();
        fcntl(file, F_SETSIG, SIGURG);
        if (fcntl(file, F_SETLEASE, F_RDLCK) != 0)
            return errno == EAGAIN;
        fcntl(file, F_SETLEASE, F_UNLCK);
        return false;
    }

    /// Whether this is the file that `before` was, and nobody has written or writes to it.
    bool isStill(const HeldFile &before) const
    {
        if (!m_file || !before.m_file || isBeingWritten())
            return false;
        struct stat now = {};
        const struct stat &then = before.m_file->status;
        return fstat(m_file->descriptor.get(), &now) == 0 && now.st_dev == then.st_dev &&
               now.st_ino == then.st_ino && now.st_size == then.st_size &&
               now.st_mtim.tv_sec == then.st_mtim.tv_sec && now.st_mtim.tv_nsec == then.st_mtim.tv_nsec;
    }

private:
    std::optional<RegularFile> m_file;
};

/// Puts back what the temporary file's name holds since an exchange that put `put` in its place. If another
/// program has saved in between, that save comes out instead: it is the later one and goes back in, until
/// nobody saved. So the last save stays, as if nothing had been tried; where that can't be had, the version
/// that is left over is kept beside it.
Error takeBack(const std::string &path, const ParentFolder &parent, TemporaryFile &file, HeldFile put)
{
    constexpr int maxExchanges = 100;
    const int folder = parent.folder.get();
    for (int i = 0; i < maxExchanges; ++i) {
        HeldFile later(folder, file.name());
        if (!file.exchangeWith(parent.name))
            break;
        if (HeldFile(folder, file.name()).isStill(put))
            return changedMeanwhile(path);
        put = std::move(later);
    }
    const std::string kept =
        file.keepAs(parent.name + ".kept" + file.name().substr(0, file.name().rfind('.')));
    const std::string beside = path.substr(0, path.size() - parent.name.size()) + kept;
    return {ErrorKind::Conflict, displayName(path) +
                                     " was saved or moved by another program while it was being written. One "
                                     "of its versions was kept as " +
                                     displayName(beside) + ": compare the two."};
}

class FolderWorkTree : public WorkTree {
public:
    explicit FolderWorkTree(FileDescriptor root) : m_root(std::move(root)) {}

    Result<WorkFile> read(const std::string &path, std::uint64_t maxBytes) override
    {
        if (const Result<void> allowed = checkWorkPath(path); !allowed)
            return allowed.error();
        const std::optional<RegularFile> file = openRegular(m_root.get(), path);
        std::optional<std::string> bytes = file ? readAll(file->descriptor.get(), maxBytes) : std::nullopt;
        if (!bytes)
            return systemError(errno, "Cannot read " + displayName(path));
        return WorkFile{std::move(*bytes), file->status.st_mode & 07777u, file->status.st_nlink};
    }

    Result<void> replace(const std::string &path, std::string_view expected, std::string_view bytes) override
    {
        if (const Result<void> allowed = checkWorkPath(path); !allowed)
            return allowed.error();
        const ParentFolder parent = openParent(m_root.get(), path);
        const std::optional<RegularFile> current =
            parent.folder ? openRegular(parent.folder.get(), parent.name) : std::nullopt;
        if (!current)
            return cannotWrite(path);
        if (!holds(parent.folder.get(), parent.name, expected))
            return changedMeanwhile(path);
        TemporaryFile file(parent.folder.get(), 0600);
        if (!file.isOpen())
            return cannotWrite(path);
        copyAttributes(current->descriptor.get(), file.descriptor());
        if (!copyOwnerAndMode(current->status, file.descriptor()) || !writeAll(file.descriptor(), bytes) ||
            fsync(file.descriptor()) != 0)
            return cannotWrite(path);
        file.closeDescriptor();
        return exchange(path, parent, file, expected);
    }

private:
    /// In one step the new bytes come in and the old ones out; if these are not the expected ones, or may yet
    /// change, someone else saved in between, and they go back.
    static Result<void> exchange(const std::string &path, const ParentFolder &parent, TemporaryFile &file,
                                 std::string_view expected)
    {
        const int folder = parent.folder.get();
        HeldFile ours(folder, file.name());
        if (file.exchangeWith(parent.name)) {
            if (HeldFile(folder, file.name()).isBeingWritten() || !holds(folder, file.name(), expected))
                return takeBack(path, parent, file, std::move(ours));
        } else if (errno == EINVAL || errno == ENOSYS) {
            // Some network file systems can't exchange. What is left is a last look right before the rename.
            if (!holds(folder, parent.name, expected))
                return changedMeanwhile(path);
            if (!file.renameTo(parent.name))
                return cannotWrite(path);
        } else {
            return cannotWrite(path);
        }
        if (fsync(folder) != 0)
            return systemError(errno, displayName(path) + " was written, but may not survive a power cut");
        return {};
    }

    FileDescriptor m_root;
};

} // namespace

Result<std::unique_ptr<WorkTree>> openWorkTree(const std::string &root)
{
    Result<FileDescriptor> folder = openFolder(root);
    if (!folder)
        return folder.error();
    return std::unique_ptr<WorkTree>(std::make_unique<FolderWorkTree>(std::move(*folder)));
}

} // namespace git
