// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/folder_check.h"

#include "git/display.h"
#include "git/safe_file.h"

#include <filesystem>

namespace git {
namespace {

constexpr int maxNames = 200'000;

/// Git's own socket for its file system monitor, which nobody reads.
constexpr const char *monitorSocket = "fsmonitor--daemon.ipc";

bool isWithoutEnd(const std::filesystem::directory_entry &entry)
{
    std::error_code ignored;
    const std::filesystem::file_type type = entry.status(ignored).type();
    using std::filesystem::file_type;
    return type == file_type::fifo || type == file_type::character || type == file_type::block ||
           (type == file_type::socket && entry.path().filename() != monitorSocket);
}

} // namespace

Result<void> checkGitFolder(const std::string &folder)
{
    std::error_code failure;
    std::filesystem::recursive_directory_iterator entry(
        folder, std::filesystem::directory_options::skip_permission_denied, failure);
    for (int names = 0; !failure && entry != std::filesystem::end(entry) && names < maxNames; ++names) {
        if (isWithoutEnd(*entry))
            return Error{ErrorKind::InvalidInput,
                         displayName(entry->path().native()) +
                             " is a pipe or device, which git never makes: the repository is "
                             "not opened."};
        entry.increment(failure);
    }
    return {};
}

} // namespace git
