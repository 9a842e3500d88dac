// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// Reads and writes that keep what they already moved in the future itself: dropped half-way, those bytes are
/// gone.
bool isCancelUnsafe(const rust::Call &call, const RuleInput &input)
{
    if (!call.isMethod())
        return false;
    if (isOneOf(call.name, {"read_exact", "read_to_end", "read_to_string", "read_line", "read_until",
                            "write_all", "read_u16", "read_u32", "read_u64", "read_i32", "read_i64",
                            "read_u16_le", "read_u32_le", "read_u64_le"}))
        return true;
    return call.name == "wait" &&
           input.model.infer(call.receiver, input.file).peeled().is("tokio::sync::Barrier");
}

/// Why dropping a future loses something, and the call it happens in.
struct Unsafe {
    rust::Call call;                        ///< in the future
    const rust::Function *callee = nullptr; ///< an async function of the repository
    rust::Call inner;                       ///< in `callee`

    explicit operator bool() const { return bool(call); }
};

/// A function that moves bytes in several steps: cancelled between two of them, it starts over in the middle.
Unsafe unsafeCallee(const rust::Call &call, const RuleInput &input)
{
    const auto callees = input.model.callees(call.node, input.file);
    if (callees.size() != 1 || !callees.front()->isAsync || !callees.front()->body)
        return {};
    const rust::Function &callee = *callees.front();
    if (rust::awaitPoints(callee.body).size() < 2)
        return {};
    for (const rust::Call &inner : rust::callsIn(callee.body)) {
        if (rust::runsIn(inner.node, callee.body) && rust::isAwaited(inner.node) &&
            isCancelUnsafe(inner, {input.model, *callee.file, input.locks}))
            return {call, &callee, inner};
    }
    return {};
}

Unsafe unsafeFuture(const rust::Node &future, const RuleInput &input)
{
    // `&mut fut` and a plain variable are polled on after the round, not started again.
    const rust::Call call = rust::toCall(rust::stripAdapters(future));
    if (!call || future.text().starts_with("&mut "))
        return {};
    if (isCancelUnsafe(call, input))
        return {call, nullptr, {}};
    return unsafeCallee(call, input);
}

/// The arm goes on with the loop, so that the future is made anew.
bool staysInLoop(const rust::Node &handler)
{
    if (!handler)
        return true;
    for (const rust::Node &node : handler.descendants()) {
        if (node.is("continue_expression"))
            return true;
    }
    return handler.text() == "continue" || !rust::diverges(handler);
}

void report(const Unsafe &found, const rust::Node &other, const rust::Node &loop,
            const std::string &construct, Reporter &reporter)
{
    const std::string name = quoted(found.call.name, 24);
    const std::string inner = found.callee ? quoted(found.inner.name, 24) : name;
    Draft draft;
    draft.at = found.call.node;
    draft.title = fittingTitle({construct + " in a loop drops " + name + " half-way and loses bytes",
                                construct + " in a loop drops a read or write half-way"});
    draft.steps = {
        {"task", "polls " + name + ", which has moved a part of its bytes", found.call.node},
        {"task", "takes the other way; the future of " + name + " is dropped with what it had", other},
        {"task", "starts " + name + " again in the next round, in the middle of a message", found.call.node}};
    draft.outcome = "The stream is out of step: what follows is read or written at the wrong offset.";
    draft.evidence = {other};
    if (found.callee)
        draft.evidence.push_back(found.inner.node);
    draft.facts = {"resolved: the future is made anew in each round of the loop at line " +
                       std::to_string(loop.lines().begin + 1),
                   "resolved: " + inner + " keeps its progress in the future itself"};
    if (found.callee) {
        draft.facts.push_back("resolved: `" + found.callee->path() + "` awaits more than once");
        draft.confidence = 0.85;
    }
    reporter.report(std::move(draft));
}

void checkSelect(const rust::Node &select, const RuleInput &input, Reporter &reporter)
{
    const rust::Node loop = rust::loopAround(select);
    std::vector<rust::Node> arms = select.descendants("select_arm");
    std::erase_if(arms, [&](const rust::Node &arm) { return arm.ancestor({"macro_invocation"}) != select; });
    if (!loop)
        return;
    for (const rust::Node &arm : arms) {
        const Unsafe found = unsafeFuture(arm.field("future"), input);
        if (!found)
            continue;
        const auto other = std::find_if(arms.begin(), arms.end(), [&](const rust::Node &candidate) {
            return candidate != arm && candidate.field("future") && staysInLoop(candidate.field("handler"));
        });
        if (other != arms.end())
            report(found, other->field("future"), loop, "`select!`", reporter);
    }
}

/// What happens when a timeout is up: the node that goes on with the loop; null when it ends it, or is not
/// known.
rust::Node goesOnAfterTimeout(const rust::Node &timeout)
{
    const rust::Node value = rust::withAdapters(timeout);
    if (value.text().ends_with('?'))
        return {};
    const rust::Node parent = value.parent();
    if (parent.is("match_expression")) {
        for (const rust::Node &arm : parent.descendants("match_arm")) {
            const std::string_view pattern = arm.field("pattern").text();
            const bool isElapsed = pattern.starts_with("Err(") || pattern.starts_with("_");
            if (arm.ancestor({"match_expression"}) == parent && isElapsed)
                return staysInLoop(arm.field("value")) ? arm : rust::Node();
        }
    }
    if (parent.is("let_condition") && parent.field("pattern").text().starts_with("Ok(")) {
        const rust::Node branch = parent.parent();
        return branch.is("if_expression") && !branch.field("alternative") ? branch : rust::Node();
    }
    if (parent.is("let_declaration") && parent.field("pattern").text() == "_")
        return parent;
    return {};
}

void checkTimeout(const rust::Call &timeout, const RuleInput &input, Reporter &reporter)
{
    const rust::Node loop = rust::loopAround(timeout.node);
    if (!loop || timeout.arguments.size() != 2 || !rust::isAwaited(timeout.node))
        return;
    // A stream of this round only: the next one starts with another.
    const rust::Node stream = rust::stripAdapters(rust::toCall(timeout.arguments[1]).receiver);
    const auto isOfRound = [&](const rust::Node &value) {
        return value.is("identifier") && rust::bindingOf(value).isInside(loop);
    };
    if (isOfRound(stream) || std::ranges::any_of(rust::toCall(timeout.arguments[1]).arguments, isOfRound))
        return;
    const std::string path = input.file.resolve(timeout.path);
    if (path != "tokio::time::timeout" && path != "timeout" && path != "time::timeout")
        return;
    const Unsafe found = unsafeFuture(timeout.arguments[1], input);
    const rust::Node other = found ? goesOnAfterTimeout(timeout.node) : rust::Node();
    if (other)
        report(found, other, loop, "`timeout`", reporter);
}

} // namespace

void check_select_loop_cancel_unsafe(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (tree.contains("select!")) {
        for (const rust::Node &macro : input.file.root().descendants("macro_invocation")) {
            if (rust::macroName(macro) == "select")
                checkSelect(macro, input, reporter);
        }
    }
    if (tree.contains("timeout(")) {
        for (const rust::Call &call : rust::callsIn(input.file.root())) {
            if (!call.isMethod() && call.name == "timeout")
                checkTimeout(call, input, reporter);
        }
    }
}

} // namespace review::rules
