// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/untracked.h"

#include "git/display.h"
#include "git/open_repository.h"

#include <memory>

#include <dirent.h>
#include <fcntl.h>

namespace git {
namespace {

constexpr std::size_t maxPathBytes = 4096;

struct CloseFolder {
    void operator()(DIR *folder) const { closedir(folder); }
};
using FolderPointer = std::unique_ptr<DIR, CloseFolder>;

FolderPointer openForListing(const OpenRepository &repository, const std::string &folder)
{
    const std::string path = folder.substr(0, folder.size() - 1);
    const FileDescriptor opened = openBeneath(repository.workFolder.get(), path, O_RDONLY | O_DIRECTORY);
    const int copy = opened ? fcntl(opened.get(), F_DUPFD_CLOEXEC, 0) : -1;
    return FolderPointer(copy < 0 ? nullptr : fdopendir(copy));
}

bool isIgnored(const OpenRepository &repository, const std::string &path)
{
    int ignored = 0;
    return git_ignore_path_is_ignored(&ignored, repository.handle.get(), path.c_str()) == 0 && ignored == 1;
}

class UntrackedWalk {
public:
    UntrackedWalk(const OpenRepository &repository, std::vector<std::string> folders,
                  const std::stop_token &stop)
        : m_repository(repository)
        , m_open(std::move(folders))
        , m_stop(stop)
    {}

    Result<std::vector<FileSide>> run()
    {
        while (!m_open.empty() && !m_stop.stop_requested()) {
            if (m_files.size() > maxFiles)
                return Error{ErrorKind::InvalidInput, "More than a million untracked files in " +
                                                          displayName(m_repository.path) +
                                                          ": add ignore rules."};
            const std::string folder = std::move(m_open.back());
            m_open.pop_back();
            if (const Result<void> checked = checkIgnoreFiles(m_repository, folder); !checked)
                return checked.error();
            list(folder);
        }
        if (m_stop.stop_requested())
            return Error{ErrorKind::Cancelled, "Listing untracked files: cancelled"};
        return std::move(m_files);
    }

private:
    void list(const std::string &folder)
    {
        const FolderPointer opened = openForListing(m_repository, folder);
        if (!opened || folder.size() > maxPathBytes)
            return;
        struct stat status = {};
        if (fstatat(dirfd(opened.get()), ".git", &status, AT_SYMLINK_NOFOLLOW) == 0)
            return;
        while (const dirent *entry = m_stop.stop_requested() ? nullptr : readdir(opened.get())) {
            const std::string_view name = entry->d_name;
            if (name != "." && name != ".." &&
                fstatat(dirfd(opened.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
                add(folder + entry->d_name, status.st_mode);
        }
    }

    void add(std::string path, mode_t mode)
    {
        if (S_ISDIR(mode))
            path += '/';
        if ((!S_ISDIR(mode) && !S_ISREG(mode) && !S_ISLNK(mode)) || isIgnored(m_repository, path))
            return;
        if (S_ISDIR(mode))
            m_open.push_back(std::move(path));
        else
            m_files.push_back({std::move(path),
                               {},
                               S_ISLNK(mode)    ? 0120000u
                               : mode & S_IXUSR ? 0100755u
                                                : 0100644u});
    }

    const OpenRepository &m_repository;
    std::vector<std::string> m_open;
    const std::stop_token &m_stop;
    std::vector<FileSide> m_files;
};

} // namespace

Result<void> checkIgnoreFiles(const OpenRepository &repository, const std::string &folder)
{
    for (const char *name : {".gitignore", ".gitattributes"}) {
        struct stat status = {};
        const std::string path = folder + name;
        if (fstatat(repository.workFolder.get(), path.c_str(), &status, 0) == 0 &&
            !isHarmlessToOpen(status.st_mode))
            return Error{ErrorKind::InvalidInput, displayName(path) + " in " + displayName(repository.path) +
                                                      " is a pipe or device: the work tree is not compared. "
                                                      "Remove it, or give a range of commits."};
    }
    return {};
}

Result<std::vector<FileSide>> listUntracked(const OpenRepository &repository,
                                            std::vector<std::string> folders, const std::stop_token &stop)
{
    return UntrackedWalk(repository, std::move(folders), stop).run();
}

} // namespace git
