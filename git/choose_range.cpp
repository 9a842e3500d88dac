// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/display.h"
#include "git/open_repository.h"

#include <array>
#include <optional>

namespace git {
namespace {

std::optional<git_oid> idOf(git_repository *repository, const std::string &name)
{
    git_oid id = {};
    if (git_reference_name_to_id(&id, repository, name.c_str()) != 0)
        return std::nullopt;
    return id;
}

/// The full name HEAD's branch has; empty when detached.
std::string currentBranch(git_repository *repository)
{
    git_reference *raw = nullptr;
    if (git_reference_lookup(&raw, repository, "HEAD") != 0)
        return {};
    const ReferencePointer head(raw);
    return git_reference_type(raw) == GIT_REFERENCE_SYMBOLIC ? git_reference_symbolic_target(raw)
                                                             : std::string();
}

std::string upstreamOf(git_repository *repository, const std::string &branch)
{
    LibraryBuffer name;
    if (branch.empty() || git_branch_upstream_name(&name.value, repository, branch.c_str()) != 0)
        return {};
    return std::string(name.view());
}

std::string defaultBranch(git_repository *repository)
{
    git_reference *raw = nullptr;
    if (git_reference_lookup(&raw, repository, "refs/remotes/origin/HEAD") == 0) {
        const ReferencePointer head(raw);
        const char *target = git_reference_symbolic_target(raw);
        if (target && idOf(repository, target))
            return target;
    }
    constexpr std::array candidates = {"refs/remotes/origin/main",  "refs/remotes/origin/master",
                                       "refs/remotes/origin/trunk", "refs/heads/main",
                                       "refs/heads/master",         "refs/heads/trunk"};
    for (const char *candidate : candidates) {
        if (idOf(repository, candidate))
            return candidate;
    }
    return {};
}

std::string lastParts(const std::string &reference, std::string_view prefix, int partsToDrop)
{
    if (!reference.starts_with(prefix))
        return {};
    std::string rest = reference.substr(prefix.size());
    for (; partsToDrop > 0; --partsToDrop)
        rest.erase(0, rest.find('/') + 1);
    return rest;
}

/// The branch's own copy on a remote says what is not pushed, not what the branch changes.
bool isOwnCopy(const std::string &upstream, const std::string &branch)
{
    return !upstream.empty() &&
           lastParts(upstream, "refs/remotes/", 1) == lastParts(branch, "refs/heads/", 0);
}

std::string shortName(const std::string &reference)
{
    for (const std::string_view prefix : {"refs/heads/", "refs/remotes/"}) {
        if (reference.starts_with(prefix))
            return reference.substr(prefix.size());
    }
    return reference;
}

std::string comparedBranch(git_repository *repository)
{
    const std::string branch = currentBranch(repository);
    const std::string upstream = upstreamOf(repository, branch);
    const std::string usual = defaultBranch(repository);
    const bool onDefault = shortName(usual) == shortName(branch) || isOwnCopy(usual, branch);
    const bool useUpstream =
        !upstream.empty() && idOf(repository, upstream) && (onDefault || !isOwnCopy(upstream, branch));
    return useUpstream ? upstream : usual;
}

} // namespace

Result<ChosenRange> chooseRange(const OpenRepository &repository)
{
    git_repository *handle = repository.handle.get();
    const std::optional<git_oid> head = idOf(handle, "HEAD");
    ChosenRange chosen;
    chosen.range.kind = Range::Kind::Two;
    if (repository.hasWorkTree())
        chosen.range.head.kind = Endpoint::Kind::WorkTree;
    else
        chosen.range.head.revision = "HEAD";
    if (!head) {
        if (!repository.hasWorkTree())
            return Error{ErrorKind::NotFound, "HEAD of " + displayName(repository.path) +
                                                  " has no commit: give two commits, A..B."};
        chosen.range.base.kind = Endpoint::Kind::EmptyTree;
        return chosen;
    }
    const std::string compared = comparedBranch(handle);
    const std::optional<git_oid> comparedId = compared.empty() ? std::nullopt : idOf(handle, compared);
    git_oid merged = {};
    if (!comparedId || git_merge_base(&merged, handle, &*comparedId, &*head) != 0 ||
        git_oid_equal(&merged, &*head)) {
        chosen.range.base.revision = "HEAD";
        chosen.onlyUncommitted = true;
        return chosen;
    }
    chosen.range.base.revision = compared;
    chosen.range.fromMergeBase = true;
    return chosen;
}

} // namespace git
