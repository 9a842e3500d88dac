// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/config_check.h"
#include "git/display.h"
#include "git/folder_check.h"
#include "git/open_repository.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace git {
namespace {

constexpr int foreignOwner = -36; ///< GIT_EOWNER, which libgit2 1.5's header does not name
constexpr std::uint64_t maxPointerBytes = 64 << 10;

std::string withoutFinalSlash(std::string path)
{
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return path;
}

Error openError(int code, const std::string &path)
{
    const git_error *last = git_error_last();
    const std::string_view words = last && last->message ? last->message : "";
    const std::string shown = displayName(path);
    if (code == foreignOwner || words.find("safe.directory") != std::string_view::npos)
        return {ErrorKind::InvalidInput,
                "The repository " + shown +
                    " belongs to another user. If you trust it, run: git config --global --add "
                    "safe.directory " +
                    shown};
    // libgit2 before 1.9 names the extension it does not know; later ones the object format.
    if (words.find("extension") != std::string_view::npos ||
        words.find("object format") != std::string_view::npos)
        return {ErrorKind::InvalidInput,
                "The repository " + shown +
                    " uses a format that cannot be read here (such as SHA-256 ids or reftable): " +
                    displayName(words)};
    if (code == GIT_ENOTFOUND)
        return {ErrorKind::NotFound, "There is no git repository at " + shown + " or above it."};
    return libraryError(code, "Cannot open the repository " + shown);
}

bool isSameFolder(const std::string &a, const std::string &b)
{
    struct stat first = {}, second = {};
    return stat(a.c_str(), &first) == 0 && stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/// The folder a `.git` file points to; empty where it is none.
std::string readPointer(const std::string &path)
{
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status = {};
    if (!file || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
        return {};
    const std::optional<std::string> text = readAll(file.get(), maxPointerBytes);
    constexpr std::string_view mark = "gitdir: ";
    if (!text || !text->starts_with(mark))
        return {};
    std::string target = text->substr(mark.size());
    target.erase(target.find_last_not_of("\r\n") + 1);
    return target;
}

/// A work tree counts only if its own `.git` leads to this repository: `core.worktree` could name any folder,
/// and a bare folder without a configuration would get its parent.
bool belongsTo(const std::string &workTree, const std::string &gitFolder)
{
    const std::string entry = workTree + "/.git";
    if (isSameFolder(entry, gitFolder))
        return true;
    const std::string target = readPointer(entry);
    if (target.empty())
        return false;
    return isSameFolder(target.starts_with('/') ? target : workTree + '/' + target, gitFolder);
}

bool isLink(const std::string &path)
{
    struct stat status = {};
    return lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

/// The folder that holds the configuration: a linked work tree's own git folder names it.
std::string commonFolder(const std::string &gitFolder)
{
    const FileDescriptor file(
        open((gitFolder + "/commondir").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    std::optional<std::string> text = file ? readAll(file.get(), maxPointerBytes) : std::nullopt;
    if (!text || text->empty())
        return gitFolder;
    text->erase(text->find_last_not_of("\r\n") + 1);
    return text->starts_with('/') ? *text : gitFolder + '/' + *text;
}

Result<void> useWorkTree(OpenRepository &repository, const std::string &gitFolder)
{
    const char *found = git_repository_workdir(repository.handle.get());
    const bool bare = git_repository_is_bare(repository.handle.get()) == 1 || !found;
    const std::string workTree = bare ? std::string() : withoutFinalSlash(found);
    if (bare || !belongsTo(workTree, gitFolder)) {
        git_config *raw = nullptr;
        git_repository_config_snapshot(&raw, repository.handle.get());
        const LibraryPointer<git_config, git_config_free> config(raw);
        const char *named = nullptr;
        if (!bare && raw && git_config_get_string(&named, raw, "core.worktree") == 0)
            repository.warnings.push_back("The repository's configuration places its work tree at " +
                                          displayName(named) +
                                          ", which does not belong to it: only commits can be reviewed.");
        repository.path = gitFolder;
        return {};
    }
    Result<FileDescriptor> folder = openFolder(workTree);
    if (!folder)
        return folder.error();
    if (isLink(workTree + "/.git"))
        repository.warnings.push_back("The repository's .git is a symbolic link to " +
                                      displayName(gitFolder) + ".");
    repository.workFolder = std::move(*folder);
    repository.workTree = workTree;
    repository.path = workTree;
    return {};
}

} // namespace

void Repository::prepare()
{
    startLibrary();
}

Result<Repository> Repository::open(const std::string &path)
{
    startLibrary();
    if (path.empty() || path.find('\0') != std::string::npos)
        return Error{ErrorKind::InvalidInput, "The repository's path is empty or has a NUL byte."};
    if (access(path.c_str(), F_OK) != 0)
        return systemError(errno, "Cannot open the repository " + displayName(path));
    LibraryBuffer discovered;
    int code = git_repository_discover(&discovered.value, path.c_str(), 0, nullptr);
    if (code != 0)
        return openError(code, path);
    const std::string gitFolder = withoutFinalSlash(std::string(discovered.view()));
    const std::string shared = commonFolder(gitFolder);
    Result<void> checked = checkGitFolder(gitFolder);
    if (checked && shared != gitFolder)
        checked = checkGitFolder(shared);
    if (!checked)
        return checked.error();
    Result<std::vector<std::string>> warnings = checkConfig(shared);
    if (!warnings)
        return warnings.error();

    auto state = std::make_unique<State>();
    state->warnings = std::move(*warnings);
    git_repository *raw = nullptr;
    code = git_repository_open_ext(&raw, path.c_str(), 0, nullptr);
    if (code != 0)
        return openError(code, path);
    state->handle.reset(raw);
    if (const Result<void> used = useWorkTree(*state, withoutFinalSlash(git_repository_path(raw))); !used)
        return used.error();
    return Repository(std::move(state));
}

} // namespace git
