// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/display.h"
#include "git/open_repository.h"

namespace git {
namespace {

constexpr std::string_view emptyTreeId = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
constexpr std::size_t leastAbbreviation = 7;
constexpr std::size_t shownIdLength = 10;

using EndpointKind = ResolvedEndpoint::Kind;

bool isHex(std::string_view text)
{
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string shownName(const std::string &revision)
{
    for (const std::string_view prefix : {"refs/heads/", "refs/remotes/", "refs/tags/"}) {
        if (revision.starts_with(prefix))
            return displayName(std::string_view(revision).substr(prefix.size()));
    }
    const bool longId = revision.size() > shownIdLength && isHex(revision);
    return longId ? revision.substr(0, shownIdLength) : displayName(revision);
}

ResolvedSide makeEmptyTree()
{
    return {{EndpointKind::EmptyTree, {}, "empty tree"}, nullptr};
}

Result<TreePointer> treeOf(const git_object *object, const std::string &revision)
{
    git_object *raw = nullptr;
    const int code = git_object_peel(&raw, object, GIT_OBJECT_TREE);
    if (code != 0)
        return libraryError(code, "Cannot read the files of \"" + displayName(revision) + "\"");
    return TreePointer(reinterpret_cast<git_tree *>(raw));
}

Result<ObjectPointer> lookUp(const OpenRepository &repository, const std::string &revision)
{
    git_object *raw = nullptr;
    const int code = git_revparse_single(&raw, repository.handle.get(), revision.c_str());
    if (code == 0)
        return ObjectPointer(raw);
    const std::string where = " in " + displayName(repository.path);
    if (revision == "HEAD" && git_repository_head_unborn(repository.handle.get()) == 1)
        return Error{ErrorKind::NotFound, "There is no commit yet" + where + ": nothing to compare with."};
    Error error = libraryError(code, "No revision \"" + displayName(revision) + "\"" + where);
    if (git_repository_is_shallow(repository.handle.get()) == 1)
        error.message += " (the clone is shallow: older commits come with git fetch --unshallow)";
    return error;
}

Result<ResolvedSide> resolveRevision(const OpenRepository &repository, const std::string &revision)
{
    Result<ObjectPointer> object = lookUp(repository, revision);
    if (!object) {
        if (revision.size() >= leastAbbreviation && emptyTreeId.starts_with(revision))
            return makeEmptyTree();
        return object.error();
    }
    git_object *raw = nullptr;
    ResolvedSide side;
    side.endpoint.name = shownName(revision);
    if (git_object_peel(&raw, object->get(), GIT_OBJECT_COMMIT) == 0) {
        const ObjectPointer commit(raw);
        side.endpoint.kind = EndpointKind::Commit;
        side.endpoint.id = toHex(*git_object_id(raw));
    } else if (git_object_peel(&raw, object->get(), GIT_OBJECT_TREE) == 0) {
        const ObjectPointer tree(raw);
        side.endpoint.kind = EndpointKind::Tree;
        side.endpoint.id = toHex(*git_object_id(raw));
    } else {
        return Error{ErrorKind::InvalidInput,
                     "\"" + displayName(revision) +
                         "\" is neither a commit nor a tree: give a commit, branch, tag or tree."};
    }
    Result<TreePointer> tree = treeOf(object->get(), revision);
    if (!tree)
        return tree.error();
    side.tree = std::move(*tree);
    return side;
}

Result<ResolvedSide> resolveSide(const OpenRepository &repository, const Endpoint &endpoint)
{
    switch (endpoint.kind) {
    case Endpoint::Kind::EmptyTree:
        return makeEmptyTree();
    case Endpoint::Kind::Index:
        return ResolvedSide{{EndpointKind::Index, {}, "index"}, nullptr};
    case Endpoint::Kind::WorkTree:
        return ResolvedSide{{EndpointKind::WorkTree, {}, "work tree"}, nullptr};
    case Endpoint::Kind::Treeish:
        break;
    }
    return resolveRevision(repository, endpoint.revision);
}

/// HEAD as the base of what is not committed: the empty tree where there is no commit yet.
Result<ResolvedSide> resolveBase(const OpenRepository &repository, const Range &range)
{
    const bool uncommitted = range.kind == Range::Kind::Staged || range.kind == Range::Kind::WorkTree;
    if (uncommitted && git_repository_head_unborn(repository.handle.get()) == 1)
        return makeEmptyTree();
    return resolveSide(repository, range.base);
}

/// The commit's own word: where a shallow clone ends, libgit2 from 1.7 on says that there is no parent, and
/// every file would pass for new. Empty: it has none.
Result<std::string> firstParent(const git_commit *commit, const std::string &name)
{
    LibraryBuffer parent;
    const int code = git_commit_header_field(&parent.value, commit, "parent");
    if (code == GIT_ENOTFOUND)
        return std::string();
    if (code != 0)
        return libraryError(code, "Cannot read the parent of " + name);
    return std::string(parent.view());
}

Result<ResolvedSides> resolveCommit(const OpenRepository &repository, const Endpoint &endpoint)
{
    Result<ResolvedSide> head = resolveSide(repository, endpoint);
    if (!head)
        return head.error();
    if (head->endpoint.kind != EndpointKind::Commit)
        return Error{ErrorKind::InvalidInput, "\"" + displayName(head->endpoint.name) +
                                                  "\" is a tree, not a commit: give two sides, A..B."};
    git_commit *raw = nullptr;
    const git_oid id = toOid(head->endpoint.id);
    int code = git_commit_lookup(&raw, repository.handle.get(), &id);
    const CommitPointer commit(raw);
    if (code != 0)
        return libraryError(code, "Cannot read the commit " + head->endpoint.name);
    const Result<std::string> parent = firstParent(raw, head->endpoint.name);
    if (!parent)
        return parent.error();
    if (parent->empty())
        return ResolvedSides{makeEmptyTree(), std::move(*head)};
    Result<ResolvedSide> base = resolveRevision(repository, *parent);
    if (!base && base.error().kind == ErrorKind::NotFound &&
        git_repository_is_shallow(repository.handle.get()) == 1)
        return Error{ErrorKind::NotFound, "The clone is shallow and ends at " + head->endpoint.name +
                                              ": its parent comes with git fetch --deepen=1."};
    if (!base)
        return base.error();
    return ResolvedSides{std::move(*base), std::move(*head)};
}

/// Replaces the base by the merge base of both sides; a work tree stands for HEAD.
Result<void> moveToMergeBase(const OpenRepository &repository, ResolvedSides &sides)
{
    ResolvedEndpoint &base = sides.base.endpoint;
    git_oid head = toOid(sides.head.endpoint.id);
    const bool uncommitted =
        sides.head.endpoint.kind == EndpointKind::WorkTree || sides.head.endpoint.kind == EndpointKind::Index;
    int code = uncommitted ? git_reference_name_to_id(&head, repository.handle.get(), "HEAD") : 0;
    if (base.kind != EndpointKind::Commit || code != 0 ||
        (!uncommitted && sides.head.endpoint.kind != EndpointKind::Commit))
        return Error{ErrorKind::InvalidInput, "Only commits have a merge base: compare trees with A..B."};
    const git_oid baseId = toOid(base.id);
    git_oid merged = {};
    code = git_merge_base(&merged, repository.handle.get(), &baseId, &head);
    const std::string what = base.name + " and " + sides.head.endpoint.name;
    // libgit2 before 1.7 gives a missing commit of the walk no code of its own, only its class.
    const git_error *last = code == 0 ? nullptr : git_error_last();
    const bool missing = code == GIT_ENOTFOUND || (last && last->klass == GIT_ERROR_ODB);
    if (missing && git_repository_is_shallow(repository.handle.get()) == 1)
        return Error{ErrorKind::NotFound,
                     "The clone is shallow and does not reach a common ancestor of " + what +
                         ": fetch more with git fetch --unshallow, or compare them with A..B."};
    if (code == GIT_ENOTFOUND)
        return Error{ErrorKind::NotFound,
                     "The commits " + what + " have no common ancestor: compare them with A..B."};
    if (code != 0)
        return libraryError(code, "Cannot find the merge base of " + what);
    if (toHex(merged) == base.id)
        return {};
    Result<ResolvedSide> side = resolveRevision(repository, toHex(merged));
    if (!side)
        return side.error();
    side->endpoint.name = base.name + " (merge base)";
    sides.base = std::move(*side);
    return {};
}

} // namespace

Result<ResolvedSides> resolveRange(const OpenRepository &repository, const Range &range)
{
    if (range.kind == Range::Kind::Commit)
        return resolveCommit(repository, range.head);
    Result<ResolvedSide> base = resolveBase(repository, range);
    if (!base)
        return base.error();
    Result<ResolvedSide> head = resolveSide(repository, range.head);
    if (!head)
        return head.error();
    ResolvedSides sides{std::move(*base), std::move(*head)};
    if (range.fromMergeBase) {
        if (const Result<void> moved = moveToMergeBase(repository, sides); !moved)
            return moved.error();
    }
    return sides;
}

Result<ResolvedSide> resolveEndpoint(const OpenRepository &repository, const ResolvedEndpoint &endpoint)
{
    switch (endpoint.kind) {
    case EndpointKind::Commit:
    case EndpointKind::Tree:
        return resolveRevision(repository, endpoint.id);
    case EndpointKind::EmptyTree:
        return makeEmptyTree();
    case EndpointKind::Index:
    case EndpointKind::WorkTree:
        return ResolvedSide{endpoint, nullptr};
    case EndpointKind::Patch:
        break;
    }
    return Error{ErrorKind::InvalidInput, "A patch's side has no files in a repository."};
}

} // namespace git
