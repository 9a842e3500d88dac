// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/display.h"
#include "git/open_repository.h"
#include "git/renames.h"
#include "git/similarity.h"

#include <cerrno>

namespace git {
namespace {

ContentKind kindOf(const FileSide &side, std::string_view bytes)
{
    if (S_ISLNK(side.mode))
        return ContentKind::Symlink;
    return looksBinary(bytes) ? ContentKind::Binary : ContentKind::Text;
}

SideContent toContent(const FileSide &side, std::string bytes)
{
    const ContentKind kind = kindOf(side, bytes);
    if (kind == ContentKind::Binary)
        bytes.clear();
    return {kind, std::move(bytes)};
}

/// libgit2 has only filters of its own, for line ends and `$Id$`; it runs no command that a repository names.
FilterListPointer storingFilters(const OpenRepository &repository, const std::string &path)
{
    git_filter_list *raw = nullptr;
    git_filter_list_load(&raw, repository.handle.get(), nullptr, path.c_str(), GIT_FILTER_TO_ODB,
                         GIT_FILTER_ALLOW_UNSAFE);
    return FilterListPointer(raw);
}

OdbPointer openOdb(const OpenRepository &repository)
{
    git_odb *odb = nullptr;
    git_repository_odb(&odb, repository.handle.get());
    return OdbPointer(odb);
}

/// The blob's size; empty with libgit2's error set where it can't be had.
std::optional<std::uint64_t> blobSize(git_odb *odb, const git_oid &id, int &code)
{
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    code = odb ? git_odb_read_header(&size, &type, odb, &id) : GIT_ERROR;
    if (code != 0 || type != GIT_OBJECT_BLOB)
        return std::nullopt;
    return size;
}

Result<SideContent> readBlob(const OpenRepository &repository, const FileSide &side, std::uint64_t maxBytes)
{
    const git_oid id = toOid(side.id);
    const OdbPointer odb = openOdb(repository);
    int code = 0;
    const std::optional<std::uint64_t> size = blobSize(odb.get(), id, code);
    if (code == GIT_ENOTFOUND)
        return SideContent{ContentKind::Missing, {}};
    const std::string what =
        "Cannot read " + displayName(side.path) + " (blob " + side.id.substr(0, 10) + ")";
    if (code != 0)
        return libraryError(code, what);
    if (!size)
        return Error{ErrorKind::Io, what + ": the object is no blob. Check the repository with git fsck."};
    if (*size > maxBytes)
        return SideContent{ContentKind::TooLarge, {}};
    git_odb_object *raw = nullptr;
    code = git_odb_read(&raw, odb.get(), &id);
    const OdbObjectPointer object(raw);
    if (code != 0)
        return libraryError(code, what);
    return toContent(side, {static_cast<const char *>(git_odb_object_data(raw)), git_odb_object_size(raw)});
}

/// What is no regular file any more, or is gone, is Missing: the list was made a moment ago.
Result<SideContent> readWorkFile(const OpenRepository &repository, const FileSide &side,
                                 std::uint64_t maxBytes)
{
    if (S_ISLNK(side.mode)) {
        std::optional<std::string> target = readLinkBeneath(repository.workFolder.get(), side.path);
        return target ? SideContent{ContentKind::Symlink, std::move(*target)}
                      : SideContent{ContentKind::Missing, {}};
    }
    const std::optional<RegularFile> file = openRegular(repository.workFolder.get(), side.path);
    if (!file) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EXDEV || errno == ENXIO)
            return SideContent{ContentKind::Missing, {}};
        return systemError(errno,
                           "Cannot read " + displayName(side.path) + " in " + displayName(repository.path));
    }
    std::optional<std::string> bytes = readAll(file->descriptor.get(), maxBytes);
    if (!bytes && errno == EFBIG)
        return SideContent{ContentKind::TooLarge, {}};
    if (!bytes)
        return systemError(errno,
                           "Cannot read " + displayName(side.path) + " in " + displayName(repository.path));
    return toContent(side, toStored(repository, side.path, std::move(*bytes)));
}

} // namespace

Result<SideContent> readSide(const OpenRepository &repository, const FileSide &side, bool inWorkTree,
                             std::uint64_t maxBytes)
{
    if (!side.exists())
        return SideContent{};
    if (side.mode == GIT_FILEMODE_COMMIT)
        return SideContent{ContentKind::Submodule, {}};
    if (!side.id.empty())
        return readBlob(repository, side, maxBytes);
    if (inWorkTree && repository.hasWorkTree())
        return readWorkFile(repository, side, maxBytes);
    return Error{ErrorKind::InvalidInput,
                 displayName(side.path) + " has no blob in " + displayName(repository.path)};
}

std::string toStored(const OpenRepository &repository, const std::string &path, std::string bytes)
{
    const std::lock_guard lock(repository.converting);
    const FilterListPointer filters = storingFilters(repository, path);
    LibraryBuffer stored;
    if (!filters ||
        git_filter_list_apply_to_buffer(&stored.value, filters.get(), bytes.data(), bytes.size()) != 0)
        return bytes;
    return std::string(stored.view());
}

bool isConverted(const OpenRepository &repository, const std::string &path)
{
    const std::lock_guard lock(repository.converting);
    return storingFilters(repository, path) != nullptr;
}

std::string workFileId(const OpenRepository &repository, const FileSide &side)
{
    if (!repository.hasWorkTree())
        return {};
    std::optional<std::string> bytes;
    if (S_ISLNK(side.mode)) {
        bytes = readLinkBeneath(repository.workFolder.get(), side.path);
    } else if (const std::optional<RegularFile> file = openRegular(repository.workFolder.get(), side.path)) {
        bytes = readAll(file->descriptor.get(), maxTextBytes);
        if (bytes)
            bytes = toStored(repository, side.path, std::move(*bytes));
    }
    git_oid id = {};
    if (!bytes || git_odb_hash(&id, bytes->data(), bytes->size(), GIT_OBJECT_BLOB) != 0)
        return {};
    return toHex(id);
}

std::string RepositoryContents::id(const FileSide &side) const
{
    return side.id.empty() ? workFileId(m_repository, side) : side.id;
}

std::optional<std::uint64_t> RepositoryContents::size(const FileSide &side) const
{
    if (side.id.empty()) {
        const std::optional<RegularFile> file = openRegular(m_repository.workFolder.get(), side.path);
        return file ? std::optional<std::uint64_t>(file->status.st_size) : std::nullopt;
    }
    int code = 0;
    return blobSize(openOdb(m_repository).get(), toOid(side.id), code);
}

std::optional<std::string> RepositoryContents::bytes(const FileSide &side) const
{
    if (side.id.empty()) {
        const std::optional<RegularFile> file = openRegular(m_repository.workFolder.get(), side.path);
        std::optional<std::string> bytes =
            file ? readAll(file->descriptor.get(), maxTextBytes) : std::nullopt;
        return bytes ? std::optional(toStored(m_repository, side.path, std::move(*bytes))) : std::nullopt;
    }
    const git_oid id = toOid(side.id);
    git_odb_object *raw = nullptr;
    if (git_odb_read(&raw, openOdb(m_repository).get(), &id) != 0)
        return std::nullopt;
    const OdbObjectPointer object(raw);
    return std::string(static_cast<const char *>(git_odb_object_data(raw)), git_odb_object_size(raw));
}

} // namespace git
