// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/flow.h"
#include "review/rust/in_place.h"

#include <algorithm>
#include <array>

namespace review::rust {
namespace {

constexpr std::array<std::string_view, 13> blockingCalls{
    "spawn_blocking", "block_in_place", "asyncify",      "unblock", "spawn_fifo",
    "install",        "execute",        "run_blocking",  "scope",   "spawn",
    "spawn_scoped",   "spawn_wrapper",  "in_place_scope"};

template <std::size_t N>
bool isOneOf(std::string_view name, const std::array<std::string_view, N> &names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool hasToken(const Node &node, std::string_view token)
{
    for (const Node &child : node.children()) {
        if (child.is(token))
            return true;
    }
    return false;
}

/// The call that a closure is an argument of; null if it is none's.
Call callTaking(const Node &closure)
{
    return closure.parent().is("arguments") ? toCall(closure.parent().parent()) : Call();
}

bool isAsyncFunction(const Node &function)
{
    for (const Node &child : function.children()) {
        if (child.is("function_modifiers"))
            return hasToken(child, "async");
    }
    return false;
}

} // namespace

Node bodyOf(const Node &node)
{
    Node from = node;
    for (Node around = node.parent(); around; from = around, around = around.parent()) {
        if (around.isAny({"closure_expression", "async_block", "gen_block"}))
            return around;
        if (around.is("function_item"))
            return around.field("body");
        if (around.isAny({"const_item", "static_item"}) && from.fieldName() != "value")
            return {};
        // A stream! is a future's body of its own.
        if (around.is("macro_invocation") && from.is("block") &&
            (macroName(around) == "stream" || macroName(around) == "try_stream"))
            return from;
    }
    return {};
}

bool runsIn(const Node &node, const Node &body)
{
    return body && (node == body || bodyOf(node) == body);
}

BodyKind bodyKind(const Node &body, const File &file)
{
    Node at = body;
    while (at) {
        if (at.is("async_block") || at.parent().is("macro_invocation"))
            return BodyKind::Async;
        if (at.parent().is("function_item"))
            return isAsyncFunction(at.parent()) ? BodyKind::Async : BodyKind::Sync;
        if (!at.is("closure_expression"))
            return BodyKind::Sync;
        if (hasToken(at, "async"))
            return BodyKind::Async;
        const Call taking = callTaking(at);
        if (isOneOf(taking.name, blockingCalls) || taking.path == "rayon::join")
            return BodyKind::Blocking;
        for (Node receiver = taking.receiver; receiver; receiver = toCall(stripAdapters(receiver)).receiver) {
            const std::string_view source = toCall(receiver).name;
            if (source.starts_with("par_") || source == "into_par_iter")
                return BodyKind::Blocking;
        }
        const bool called = at.parent().is("parenthesized_expression") &&
                            at.parent().parent().is("call_expression") &&
                            at.parent().fieldName() == "function";
        if (!called && !(taking.isMethod() && callsInPlace(taking.name)) && taking.name != "catch_unwind" &&
            taking.name != "AssertUnwindSafe")
            return BodyKind::Sync;
        at = bodyOf(at);
    }
    (void)file;
    return BodyKind::Sync;
}

bool runsAsync(const Node &node, const File &file)
{
    const Node body = bodyOf(node);
    return body && bodyKind(body, file) == BodyKind::Async;
}

Node loopAround(const Node &node)
{
    const Node body = bodyOf(node);
    Node from = node;
    for (Node around = node.parent(); around && around != body; from = around, around = around.parent()) {
        if (around.isAny({"loop_expression", "while_expression"}))
            return around;
        // The head of a `for` runs once.
        if (around.is("for_expression") && from.fieldName() == "body")
            return around;
    }
    return {};
}

Node statementOf(const Node &node)
{
    for (Node at = node; at; at = at.parent()) {
        const Node parent = at.parent();
        if (!parent || parent.isAny({"block", "source_file", "declaration_list"}))
            return at;
        if (parent.is("closure_expression") && at.fieldName() == "body")
            return at;
    }
    return {};
}

Node blockOf(const Node &node)
{
    for (Node at = node.parent(); at; at = at.parent()) {
        if (at.is("block"))
            return at;
        if (at.isAny({"closure_expression", "function_item"}))
            return {};
    }
    return {};
}

std::vector<Node> awaitPoints(const Node &body)
{
    std::vector<Node> points;
    for (const Node node : body.descendants()) {
        bool waits = node.is("await_expression");
        if (node.is("macro_invocation")) {
            const std::string_view name = macroName(node);
            waits = name == "select" || name == "select_biased" || name == "join" || name == "try_join";
        }
        if (waits && bodyOf(node) == body)
            points.push_back(node);
    }
    return points;
}

} // namespace review::rust
