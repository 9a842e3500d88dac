// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/repository_writer.h"

#include "git/display.h"
#include "git/libgit2.h"

#include <filesystem>

namespace git {
namespace {

using SignaturePointer = LibraryPointer<git_signature, git_signature_free>;
using ConfigPointer = LibraryPointer<git_config, git_config_free>;

constexpr git_time_t firstCommitTime = 1'700'000'000;
constexpr git_time_t secondsBetweenCommits = 3600;

Result<void> checkFolder(const std::string &folder)
{
    std::error_code error;
    if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error))
        return Error{ErrorKind::Conflict, displayName(folder) + " is not empty: name a new folder."};
    return {};
}

/// A repository that does not depend on the settings of the person at the machine.
Result<RepositoryPointer> initialise(const std::string &folder)
{
    startLibrary();
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = "main";
    git_repository *repository = nullptr;
    if (const int code = git_repository_init_ext(&repository, folder.c_str(), &options); code != 0)
        return libraryError(code, "Cannot make a repository in " + displayName(folder));
    RepositoryPointer owner(repository);

    git_config *config = nullptr;
    int code = git_repository_config(&config, repository);
    const ConfigPointer configOwner(config);
    if (code == 0)
        code = git_config_set_string(config, "core.autocrlf", "false");
    if (code != 0)
        return libraryError(code, "Cannot write the settings of " + displayName(folder));
    return owner;
}

Result<git_oid> writeTree(git_repository *repository, const std::vector<NewFile> &files)
{
    git_index *index = nullptr;
    if (const int code = git_index_new(&index); code != 0)
        return libraryError(code, "Cannot make an index");
    const IndexPointer owner(index);
    for (const NewFile &file : files) {
        git_index_entry entry = {};
        entry.path = file.path.c_str();
        entry.mode = GIT_FILEMODE_BLOB;
        int code = git_blob_create_from_buffer(&entry.id, repository, file.bytes.data(), file.bytes.size());
        if (code == 0)
            code = git_index_add(index, &entry);
        if (code != 0)
            return libraryError(code, "Cannot store " + displayName(file.path));
    }
    git_oid id = {};
    if (const int code = git_index_write_tree_to(&id, index, repository); code != 0)
        return libraryError(code, "Cannot store the tree");
    return id;
}

/// Makes the commit on top of `parent` (null for the first) and points its branch at it.
Result<CommitPointer> writeCommit(git_repository *repository, const NewCommit &commit,
                                  const git_commit *parent, git_time_t time)
{
    const auto treeId = writeTree(repository, commit.files);
    if (!treeId)
        return treeId.error();
    git_tree *tree = nullptr;
    int code = git_tree_lookup(&tree, repository, &*treeId);
    const TreePointer treeOwner(tree);
    git_signature *author = nullptr;
    if (code == 0)
        code = git_signature_new(&author, "Ferriscope", "ferriscope@localhost", time, 0);
    const SignaturePointer authorOwner(author);

    git_oid id = {};
    const std::string branch = "refs/heads/" + commit.branch;
    if (code == 0)
        code = git_commit_create(&id, repository, nullptr, author, author, nullptr,
                                 (commit.message + "\n").c_str(), tree, parent ? 1 : 0, &parent);
    git_reference *reference = nullptr;
    if (code == 0)
        code = git_reference_create(&reference, repository, branch.c_str(), &id, 0, nullptr);
    const ReferencePointer referenceOwner(reference);
    git_commit *made = nullptr;
    if (code == 0)
        code = git_commit_lookup(&made, repository, &id);
    if (code != 0)
        return libraryError(code, "Cannot make the commit of " + displayName(commit.branch));
    return CommitPointer(made);
}

Result<void> checkOut(git_repository *repository, const std::string &branch)
{
    git_checkout_options options = GIT_CHECKOUT_OPTIONS_INIT;
    options.checkout_strategy = GIT_CHECKOUT_FORCE;
    options.disable_filters = 1;
    int code = git_repository_set_head(repository, ("refs/heads/" + branch).c_str());
    if (code == 0)
        code = git_checkout_head(repository, &options);
    if (code != 0)
        return libraryError(code, "Cannot check out " + displayName(branch));
    return {};
}

} // namespace

Result<void> createRepository(const std::string &folder, const std::vector<NewCommit> &commits)
{
    if (auto checked = checkFolder(folder); !checked)
        return checked;
    const auto repository = initialise(folder);
    if (!repository)
        return repository.error();
    CommitPointer last;
    git_time_t time = firstCommitTime;
    for (const NewCommit &commit : commits) {
        auto made = writeCommit(repository->get(), commit, last.get(), time);
        if (!made)
            return made.error();
        last = *std::move(made);
        time += secondsBetweenCommits;
    }
    return commits.empty() ? Result<void>() : checkOut(repository->get(), commits.back().branch);
}

} // namespace git
