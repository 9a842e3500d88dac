// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/changed_parts.h"

#include "review/rules/common_run.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace review::rules {

namespace {

using rust::Node;

/// The tokens of one line, and the line as their texts make it.
struct Line {
    std::string text;
    std::vector<Node> tokens;
};

std::vector<Line> linesOf(const Node &node)
{
    std::vector<Line> lines;
    std::uint32_t current = 0;
    for (const Node &token : tokensOf(node)) {
        const std::uint32_t line = token.lines().begin;
        if (lines.empty() || line != current)
            lines.emplace_back();
        current = line;
        lines.back().text += token.text();
        lines.back().text += ' ';
        lines.back().tokens.push_back(token);
    }
    return lines;
}

/// Indices of equal elements of two sequences. Where too much differs, those at both ends alone.
template <typename Sequence, typename Equal>
std::vector<std::pair<std::size_t, std::size_t>> commonOf(const Sequence &a, const Sequence &b, Equal equal)
{
    constexpr std::size_t most = 250'000;
    const Middle middle = middleOf(a, b, equal);
    std::vector<std::pair<std::size_t, std::size_t>> common;
    for (std::size_t i = 0; i < middle.begin; ++i)
        common.emplace_back(i, i);
    if ((middle.baseEnd - middle.begin) * (middle.headEnd - middle.begin) <= most) {
        const auto within = commonRun(a, b, middle, equal, [](const auto &) { return 1; });
        common.insert(common.end(), within.begin(), within.end());
    }
    for (std::size_t i = middle.baseEnd; i < a.size(); ++i)
        common.emplace_back(i, middle.headEnd + i - middle.baseEnd);
    return common;
}

void addTokens(const std::vector<Line> &lines, std::size_t begin, std::size_t end, std::vector<Node> &tokens)
{
    for (std::size_t i = begin; i < end; ++i)
        tokens.insert(tokens.end(), lines[i].tokens.begin(), lines[i].tokens.end());
}

/// What of the part's tokens is gone, and what is new.
void compareTokens(ChangedPart &part)
{
    const auto common = commonOf(part.base, part.head, [](const Node &left, const Node &right) {
        return left.text() == right.text() && left.kind() == right.kind();
    });
    std::size_t nextBase = 0;
    std::size_t nextHead = 0;
    const auto skipTo = [&](std::size_t base, std::size_t head) {
        part.lost.insert(part.lost.end(), part.base.begin() + static_cast<std::ptrdiff_t>(nextBase),
                         part.base.begin() + static_cast<std::ptrdiff_t>(base));
        part.added.insert(part.added.end(), part.head.begin() + static_cast<std::ptrdiff_t>(nextHead),
                          part.head.begin() + static_cast<std::ptrdiff_t>(head));
        nextBase = base + 1;
        nextHead = head + 1;
    };
    for (const auto &[base, head] : common)
        skipTo(base, head);
    skipTo(part.base.size(), part.head.size());
}

/// The first token of the line, or of the one before where this one has only brackets.
Node nearTo(const std::vector<Line> &lines, std::size_t line)
{
    const auto isBare = [](const Line &each) {
        return each.text.find_first_not_of("{}[](),; ") == std::string::npos;
    };
    if (lines.empty())
        return {};
    if (line < lines.size() && (line == 0 || !isBare(lines[line]) || isBare(lines[line - 1])))
        return lines[line].tokens.front();
    return lines[line - 1].tokens.front();
}

} // namespace

Node standsNowAt(const Node &baseNode, const RewrittenFunction &function)
{
    constexpr std::size_t manyLines = 60;
    const std::vector<Node> tokens = tokensOf(baseNode);
    const Node first = tokens.empty() ? baseNode : tokens.front();
    for (const ChangedPart &part : changedParts(function, manyLines)) {
        if (std::find(part.base.begin(), part.base.end(), first) == part.base.end())
            continue;
        const Node statement = rust::statementOf(part.near);
        const bool isShort =
            statement.lines().begin == part.near.lines().begin && statement.lines().size() <= 3;
        return isShort ? statement : part.near;
    }
    return {};
}

std::vector<Node> tokensOf(const Node &node)
{
    std::vector<Node> tokens;
    for (const Node below : node.descendants()) {
        if (below.isAny({"line_comment", "block_comment"}) || !below.descendants().empty())
            continue;
        const Node parent = below.parent();
        if (!parent.isAny({"line_comment", "block_comment"}) && !below.text().empty())
            tokens.push_back(below);
    }
    return tokens;
}

std::vector<ChangedPart> changedParts(const Node &baseNode, const Node &headNode, std::size_t manyLines)
{
    constexpr std::size_t between = 2;
    const std::vector<Line> base = linesOf(baseNode);
    const std::vector<Line> head = linesOf(headNode);
    auto common =
        commonOf(base, head, [](const Line &left, const Line &right) { return left.text == right.text; });
    common.emplace_back(base.size(), head.size());
    std::vector<ChangedPart> parts;
    std::size_t beginBase = 0; // of the part, and the end of what is known to differ in it
    std::size_t beginHead = 0;
    std::size_t endBase = 0;
    std::size_t endHead = 0;
    const auto finish = [&] {
        if (beginBase == endBase && beginHead == endHead)
            return;
        ChangedPart part;
        part.baseLines = endBase - beginBase;
        part.headLines = endHead - beginHead;
        if (part.baseLines <= manyLines && part.headLines <= manyLines) {
            addTokens(base, beginBase, endBase, part.base);
            addTokens(head, beginHead, endHead, part.head);
            compareTokens(part);
            if (!part.added.empty())
                part.near = part.added.front();
            else
                part.near = nearTo(head, endHead);
            if (!part.added.empty() || !part.lost.empty())
                parts.push_back(std::move(part));
        }
    };
    std::size_t nextBase = 0;
    std::size_t nextHead = 0;
    for (const auto &[i, j] : common) {
        if (i > nextBase || j > nextHead) { // lines that differ
            const bool isNear = nextBase - endBase <= between && endBase + endHead > 0;
            if (!isNear) {
                finish();
                beginBase = nextBase;
                beginHead = nextHead;
            }
            endBase = i;
            endHead = j;
        }
        nextBase = i + 1;
        nextHead = j + 1;
    }
    finish();
    return parts;
}

std::vector<ChangedPart> changedParts(const RewrittenFunction &function, std::size_t manyLines)
{
    return changedParts(function.base->node, function.head->node, manyLines);
}

rust::Call callNamedBy(const Node &token)
{
    Node called = token;
    if (!token.isAny({"identifier", "field_identifier", "type_identifier"}))
        return {};
    for (Node parent = called.parent();
         parent.isAny({"field_expression", "scoped_identifier", "generic_function"});
         parent = called.parent()) {
        if (called.fieldName() == "path" || called.fieldName() == "value" ||
            called.fieldName() == "type_arguments")
            return {};
        called = parent;
    }
    const Node call = called.parent();
    return call.is("call_expression") && called.fieldName() == "function" ? rust::toCall(call) : rust::Call();
}

bool isNamed(std::string_view name, std::string_view names)
{
    for (std::size_t at = names.find(name); at != std::string_view::npos && !name.empty();
         at = names.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if ((at == 0 || names[at - 1] == ' ') && (end == names.size() || names[end] == ' '))
            return true;
    }
    return false;
}

std::size_t countOf(const std::vector<Node> &tokens, const IsToken &isWanted)
{
    return static_cast<std::size_t>(std::count_if(tokens.begin(), tokens.end(), isWanted));
}

bool isFewer(const ChangedPart &part, const IsToken &isWanted)
{
    return countOf(part.lost, isWanted) > countOf(part.added, isWanted);
}

Node firstMore(const ChangedPart &part, const IsToken &isWanted)
{
    if (countOf(part.added, isWanted) <= countOf(part.lost, isWanted))
        return {};
    return *std::find_if(part.added.begin(), part.added.end(), isWanted);
}

bool asksSomebodyNew(const ChangedPart &part, const RuleInput &input)
{
    return std::any_of(part.added.begin(), part.added.end(), [&](const Node &token) {
        const rust::Call call = callNamedBy(token);
        if (!call)
            return false;
        const bool isNew =
            !input.file.functionsNamed(call.name).empty() && input.base->functionsNamed(call.name).empty();
        return isNew || (mentions(call.name, {"check", "valid", "ensure", "verify", "try_", "require"}) &&
                         call.name.find("unchecked") == std::string_view::npos);
    });
}

} // namespace review::rules
