// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/sample.h"

#include "git/repository.h"
#include "git/repository_writer.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace review {
namespace {

std::vector<git::NewFile> filesOf(std::string_view branch)
{
    std::vector<git::NewFile> files;
    for (const SampleFile &file : sampleFiles())
        if (file.branch == branch)
            files.push_back({std::string(file.path), std::string(file.bytes)});
    return files;
}

/// Whether a side of the change holds the built-in files of a branch, byte for byte, and no others.
bool isBranch(const git::Repository &repository, const git::ResolvedEndpoint &side, std::string_view branch,
              std::stop_token stop)
{
    const git::Result<std::vector<git::TreeFile>> files = repository.files(side, stop);
    std::map<std::string, std::string> wanted;
    for (git::NewFile &file : filesOf(branch))
        wanted.emplace(std::move(file.path), std::move(file.bytes));
    return files && files->size() == wanted.size() &&
           std::all_of(files->begin(), files->end(), [&](const git::TreeFile &file) {
               const auto found = wanted.find(file.path);
               const git::Result<std::string> bytes = repository.read(side, file);
               return found != wanted.end() && bytes && *bytes == found->second;
           });
}

git::Result<git::Diff> compare(const git::Repository &repository, std::string_view range,
                               std::stop_token stop)
{
    const git::Result<git::Range> parsed = git::parseRange(range);
    return parsed ? repository.diff(*parsed, {}, stop) : git::Result<git::Diff>(parsed.error());
}

/// As it was made: two branches, one commit on each other, and a work tree at the second.
bool isUntouched(const git::Repository &repository, const std::string &folder, std::stop_token stop)
{
    const git::Result<git::Diff> uncommitted = compare(repository, "--worktree", stop);
    const git::Result<git::Diff> last = compare(repository, "feature", stop);
    const git::Result<git::Diff> first = compare(repository, "main", stop);
    const git::Result<git::Diff> between = compare(repository, "main..feature", stop);
    return uncommitted && last && first && between && uncommitted->files.empty() &&
           first->base.kind == git::ResolvedEndpoint::Kind::EmptyTree && last->base.id == between->base.id &&
           repository.references().size() == 2 && repository.headName() == "feature" &&
           // git leaves it after a commit that took the place of one
           !std::filesystem::exists(folder + "/.git/COMMIT_EDITMSG");
}

} // namespace

git::Result<std::string> makeSampleRepository(const std::string &folder)
{
    const auto made = git::createRepository(
        folder, {{"main", "Store keys and values, with transactions and a C interface", filesOf("base")},
                 {"feature", "Serve batches, scans and replication", filesOf("head")}});
    if (!made)
        return made.error();
    return folder;
}

git::Result<SampleState> lookAtSample(const std::string &folder, std::stop_token stop)
{
    const git::Result<git::Repository> repository = git::Repository::open(folder);
    if (!repository)
        return repository.error();
    std::error_code failure;
    if (!std::filesystem::equivalent(repository->path(), folder, failure))
        return git::Error{git::ErrorKind::InvalidInput, folder + " is no repository of its own."};
    const git::Result<git::Diff> change = compare(*repository, "main..feature", stop);
    if (change && isBranch(*repository, change->base, "base", stop) &&
        isBranch(*repository, change->head, "head", stop))
        return SampleState::Present;
    return isUntouched(*repository, folder, stop) ? SampleState::Earlier : SampleState::Used;
}

} // namespace review
