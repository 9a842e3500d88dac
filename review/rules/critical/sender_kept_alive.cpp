// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isMpsc(const Call &call, const rust::File &file)
{
    if (call.isMethod() ||
        !isOneOf(call.name, {"channel", "unbounded_channel", "sync_channel", "bounded", "unbounded"}))
        return false;
    const std::string path = file.resolve(call.path);
    return path.ends_with("mpsc::" + std::string(call.name)) || path.starts_with("crossbeam") ||
           path.starts_with("flume::") || path.starts_with("async_channel::");
}

/// The loop that runs until all senders are gone: `while let Some(x) = rx.recv().await`, `for x in rx`.
bool drains(const Node &loop, std::string_view receiver)
{
    if (loop.is("for_expression")) {
        const Node value = loop.field("value");
        const Call call = rust::toCall(value);
        const Node base =
            call.isMethod() && isOneOf(call.name, {"iter", "into_iter"}) ? call.receiver : value;
        return rust::placeText(base) == receiver;
    }
    const Node condition = loop.field("condition");
    if (!condition.is("let_condition"))
        return false;
    const Call call = rust::toCall(rust::stripAdapters(condition.field("value")));
    const std::string pattern = compact(condition.field("pattern").text());
    return call.isMethod() && isOneOf(call.name, {"recv", "next", "recv_async"}) &&
           rust::placeText(call.receiver) == receiver &&
           (pattern.starts_with("Some(") || pattern.starts_with("Ok("));
}

/// The loop is left some other way as well.
bool hasExit(const Node &loop)
{
    return anyIn(loop.field("body"), [](const Node &node) {
        return node.isAny({"break_expression", "return_expression", "try_expression"});
    });
}

/// The sender itself goes away before the loop ends: moved, dropped, returned, given another value.
bool isGivenAway(const Node &identifier)
{
    const Node parent = identifier.parent();
    if (parent.is("field_expression") || parent.is("reference_expression"))
        return false; // a method's receiver (`tx.clone()`, `tx.send(..)`) or a borrow
    return true;
}

/// Inside a `move` closure or async block a use moves the sender there.
bool isCaptured(const Node &identifier, const Node &body)
{
    // A function that stands in this one captures nothing; its body is its own.
    for (Node inner = rust::bodyOf(identifier); inner && inner != body && !inner.parent().is("function_item");
         inner = rust::bodyOf(inner)) {
        for (const Node &child : inner.children()) {
            if (child.is("move"))
                return true;
        }
    }
    return false;
}

void checkChannel(const Node &declaration, const RuleInput &input, Reporter &reporter)
{
    const Node pattern = declaration.field("pattern");
    const Call call = rust::toCall(rust::stripAdapters(declaration.field("value")));
    if (!pattern.is("tuple_pattern") || !call || !isMpsc(call, input.file) || input.file.isTest(declaration))
        return;
    const std::vector<Node> names = rust::boundNames(pattern);
    if (names.size() != 2)
        return;
    const Node body = rust::bodyOf(declaration);
    const Node scope = rust::blockOf(declaration);
    bool cloned = false;
    bool gone = false;
    Node clone;
    for (const Node &node : scope.descendants("identifier")) {
        if (node.text() != names[0].text() || node.index() <= declaration.index() || node == names[0] ||
            node.isInside(declaration))
            continue;
        // In a macro that was not understood it may be moved.
        if (rust::isNoRead(node)) {
            gone = gone || node.parent().is("token_tree");
            continue;
        }
        // A new binding of the name hides the old one, which stays alive all the same.
        if (rust::bindingOf(node) != declaration)
            continue;
        const Call method = rust::toCall(node.parent().parent());
        if (node.parent().is("field_expression") && method.name == "clone") {
            cloned = true;
            clone = clone ? clone : method.node;
        }
        gone = gone || isGivenAway(node) || isCaptured(node, body);
    }
    if (!cloned || gone)
        return;
    for (const Node node : scope.descendants()) {
        if (!node.isAny({"while_expression", "for_expression"}) || node.index() < declaration.index() ||
            !rust::runsIn(node, body) || !drains(node, names[1].text()) || hasExit(node))
            continue;
        const std::string tx = quoted(names[0].text(), 20);
        Draft draft;
        draft.at = node;
        draft.title = fittingTitle({"The loop never ends: " + tx + " itself is still alive",
                                    "The loop never ends: a sender is still alive"});
        draft.steps = {{"task", "hands clones of " + tx + " to others", clone},
                       {"others", "finish and drop their clones", clone},
                       {"task", "waits for the channel to close, which its own " + tx + " keeps open", node}};
        draft.outcome = "The loop waits for ever for a message that nobody can send.";
        draft.facts = {"resolved: " + tx + " is only cloned and borrowed, and lives to the end of its block",
                       "resolved: the loop has no other way out"};
        draft.evidence = {declaration};
        const Node statement = rust::statementOf(node);
        const std::uint32_t at = statement.bytes().begin;
        draft.edits.push_back(
            {{at, at}, "drop(" + std::string(names[0].text()) + ");\n" + indentOf(statement)});
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_sender_kept_alive(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("channel") && !tree.contains("bounded"))
        return;
    for (const Node &declaration : input.file.root().descendants("let_declaration"))
        checkChannel(declaration, input, reporter);
}

} // namespace review::rules
