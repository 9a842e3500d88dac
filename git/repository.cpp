// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/repository.h"

#include "git/display.h"
#include "git/open_repository.h"
#include "git/renames.h"

#include <algorithm>

namespace git {
namespace {

std::string shortBranch(std::string_view name)
{
    constexpr std::string_view prefix = "refs/heads/";
    return displayName(name.starts_with(prefix) ? name.substr(prefix.size()) : name);
}

/// 0 branches, 1 remote branches, 2 tags, -1 anything else; the short name begins after the prefix.
int referenceGroup(std::string_view name, std::size_t &prefix)
{
    constexpr std::string_view prefixes[] = {"refs/heads/", "refs/remotes/", "refs/tags/"};
    for (int group = 0; group < 3; ++group) {
        prefix = prefixes[group].size();
        if (name.starts_with(prefixes[group]))
            return group == 1 && name.ends_with("/HEAD") ? -1 : group;
    }
    return -1;
}

Result<Diff> diffSides(const OpenRepository &repository, const Range &range,
                       const std::vector<std::string> &paths, const std::stop_token &stop)
{
    Result<ResolvedSides> sides = resolveRange(repository, range);
    if (!sides)
        return sides.error();
    Result<std::vector<FileDelta>> changes = listChanges(repository, *sides, paths, stop);
    if (!changes)
        return changes.error();
    Diff diff{repository.path, sides->base.endpoint, sides->head.endpoint, std::move(*changes), true};
    diff.renamesComplete = findRenames(diff.files, RepositoryContents(repository), stop);
    if (stop.stop_requested())
        return Error{ErrorKind::Cancelled,
                     "Comparing the files of " + displayName(repository.path) + ": cancelled"};
    return diff;
}

Result<Diff> diffAutomatic(const OpenRepository &repository, const std::vector<std::string> &paths,
                           const std::stop_token &stop)
{
    const Result<ChosenRange> chosen = chooseRange(repository);
    if (!chosen)
        return chosen.error();
    Result<Diff> diff = diffSides(repository, chosen->range, paths, stop);
    if (!diff || !chosen->onlyUncommitted || !diff->files.empty())
        return diff;
    if (!paths.empty()) {
        const Result<Diff> whole = diffSides(repository, chosen->range, {}, stop);
        if (whole && !whole->files.empty())
            return diff;
    }
    Range lastCommit;
    lastCommit.kind = Range::Kind::Commit;
    lastCommit.head.revision = "HEAD";
    return diffSides(repository, lastCommit, paths, stop);
}

} // namespace

Repository::Repository(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Repository::Repository(Repository &&) noexcept = default;
Repository &Repository::operator=(Repository &&) noexcept = default;
Repository::~Repository() = default;

const std::string &Repository::workTree() const
{
    return m_state->workTree;
}
const std::string &Repository::path() const
{
    return m_state->path;
}
const std::vector<std::string> &Repository::warnings() const
{
    return m_state->warnings;
}

std::string Repository::headName() const
{
    git_reference *raw = nullptr;
    if (git_reference_lookup(&raw, m_state->handle.get(), "HEAD") != 0)
        return "no HEAD";
    const ReferencePointer head(raw);
    if (git_reference_type(head.get()) == GIT_REFERENCE_DIRECT)
        return "detached at " + toHex(*git_reference_target(head.get())).substr(0, 7);
    const std::string branch = shortBranch(git_reference_symbolic_target(head.get()));
    return git_repository_head_unborn(m_state->handle.get()) == 1 ? branch + " (no commit yet)" : branch;
}

std::vector<Reference> Repository::references() const
{
    std::vector<Reference> groups[3];
    git_reference_iterator *raw = nullptr;
    if (git_reference_iterator_new(&raw, m_state->handle.get()) != 0)
        return {};
    const LibraryPointer<git_reference_iterator, git_reference_iterator_free> iterator(raw);
    git_reference *next = nullptr;
    while (git_reference_next(&next, iterator.get()) == 0) {
        const ReferencePointer reference(next);
        const std::string_view name = git_reference_name(next);
        std::size_t prefix = 0;
        const int group = referenceGroup(name, prefix);
        const git_oid *peeled = git_reference_target_peel(next);
        const git_oid *id = peeled ? peeled : git_reference_target(next);
        if (group >= 0 && id)
            groups[group].push_back({std::string(name.substr(prefix)), toHex(*id), std::string(name)});
    }
    std::vector<Reference> all;
    for (std::vector<Reference> &group : groups) {
        std::sort(group.begin(), group.end(),
                  [](const Reference &a, const Reference &b) { return a.name < b.name; });
        std::move(group.begin(), group.end(), std::back_inserter(all));
    }
    return all;
}

Result<Diff> Repository::diff(const Range &range, const std::vector<std::string> &paths,
                              std::stop_token stop) const
{
    if (range.kind == Range::Kind::Automatic)
        return diffAutomatic(*m_state, paths, stop);
    return diffSides(*m_state, range, paths, stop);
}

Result<FileTexts> Repository::texts(const Diff &diff, const FileDelta &file, std::uint64_t maxBytes) const
{
    const auto isWorkTree = [](const ResolvedEndpoint &endpoint) {
        return endpoint.kind == ResolvedEndpoint::Kind::WorkTree;
    };
    Result<SideContent> oldSide = readSide(*m_state, file.oldSide, isWorkTree(diff.base), maxBytes);
    if (!oldSide)
        return oldSide.error();
    Result<SideContent> newSide = readSide(*m_state, file.newSide, isWorkTree(diff.head), maxBytes);
    if (!newSide)
        return newSide.error();
    return FileTexts{oldSide->kind, newSide->kind, std::move(oldSide->bytes), std::move(newSide->bytes)};
}

Result<std::string> Repository::read(const ResolvedEndpoint &endpoint, const TreeFile &file,
                                     std::uint64_t maxBytes) const
{
    const bool inWorkTree = endpoint.kind == ResolvedEndpoint::Kind::WorkTree;
    Result<SideContent> content = readSide(*m_state, {file.path, file.id, file.mode}, inWorkTree, maxBytes);
    if (!content)
        return content.error();
    switch (content->kind) {
    case ContentKind::TooLarge:
        return Error{ErrorKind::InvalidInput, displayName(file.path) + " is larger than the limit of " +
                                                  std::to_string(maxBytes >> 10) + " KiB."};
    case ContentKind::Missing:
    case ContentKind::Absent:
        return Error{ErrorKind::NotFound, "The bytes of " + displayName(file.path) + " are not in " +
                                              displayName(m_state->path) + "."};
    case ContentKind::Submodule:
        return Error{ErrorKind::InvalidInput,
                     displayName(file.path) + " is a submodule, which is not opened."};
    default:
        return std::move(content->bytes);
    }
}

} // namespace git
