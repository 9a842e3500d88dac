// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/range.h"

#include "git/display.h"

#include <algorithm>

namespace git {
namespace {

constexpr std::size_t maxRangeBytes = 4096;
/// Git knows this tree without storing it.
constexpr std::string_view emptyTreeId = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

Endpoint makeEndpoint(std::string_view side)
{
    if (side == emptyTreeId)
        return {Endpoint::Kind::EmptyTree, {}};
    return {Endpoint::Kind::Treeish, side.empty() ? "HEAD" : std::string(side)};
}

std::string toText(const Endpoint &endpoint)
{
    switch (endpoint.kind) {
    case Endpoint::Kind::EmptyTree:
        return std::string(emptyTreeId);
    case Endpoint::Kind::Index:
        return "(index)";
    case Endpoint::Kind::WorkTree:
        return "(work tree)";
    case Endpoint::Kind::Treeish:
        break;
    }
    return endpoint.revision;
}

Range makeCommit(std::string_view revision)
{
    Range range;
    range.kind = Range::Kind::Commit;
    range.head = makeEndpoint(revision);
    return range;
}

Range makeUncommitted(Range::Kind kind, Endpoint::Kind head)
{
    Range range;
    range.kind = kind;
    range.base = makeEndpoint("HEAD");
    range.head = {head, {}};
    return range;
}

} // namespace

Result<Range> parseRange(std::string_view text)
{
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (text.size() > maxRangeBytes || std::any_of(text.begin(), text.end(), isControl))
        return Error{ErrorKind::InvalidInput,
                     "The range is too long or has control characters: give A..B, A...B or one "
                     "commit."};
    if (text.empty())
        return Range{};
    if (text == "--staged" || text == "--cached")
        return makeUncommitted(Range::Kind::Staged, Endpoint::Kind::Index);
    if (text == "--worktree")
        return makeUncommitted(Range::Kind::WorkTree, Endpoint::Kind::WorkTree);
    if (text.front() == '-' || text.front() == '^')
        return Error{ErrorKind::InvalidInput,
                     "\"" + displayName(text) +
                         "\" is no range: give A..B, A...B, one commit, --staged or --worktree."};

    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) {
        if (text.ends_with("^!"))
            text.remove_suffix(2);
        return makeCommit(text);
    }
    const bool three = text.substr(dots).starts_with("...");
    const std::string_view right = text.substr(dots + (three ? 3 : 2));
    if (right.find("..") != std::string_view::npos || right.starts_with('.'))
        return Error{ErrorKind::InvalidInput,
                     "\"" + displayName(text) + "\" has more than two sides: give A..B or A...B."};
    Range range;
    range.kind = Range::Kind::Two;
    range.base = makeEndpoint(text.substr(0, dots));
    range.head = makeEndpoint(right);
    range.fromMergeBase = three;
    return range;
}

std::string toText(const Range &range)
{
    switch (range.kind) {
    case Range::Kind::Automatic:
        return {};
    case Range::Kind::Staged:
        return "--staged";
    case Range::Kind::WorkTree:
        return "--worktree";
    case Range::Kind::Commit:
        return toText(range.head);
    case Range::Kind::Two:
        break;
    }
    return toText(range.base) + (range.fromMergeBase ? "..." : "..") + toText(range.head);
}

} // namespace git
