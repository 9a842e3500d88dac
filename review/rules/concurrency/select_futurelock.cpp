// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// `fut` of an arm `x = &mut fut`; null for other futures.
Node borrowedFuture(const Node &arm)
{
    const Node future = arm.field("future");
    if (!future.is("reference_expression") || !future.text().starts_with("&mut "))
        return {};
    const Node value = future.field("value");
    return value.is("identifier") ? value : Node();
}

/// The lock or permit that the code of a future waits for: it may be the holder while it is not polled.
Node lockIn(const Node &node)
{
    for (const Call &call : rust::callsIn(node)) {
        if (call.isMethod() && rust::isAwaited(call.node) && call.arguments.empty() &&
            isOneOf(call.name, {"lock", "read", "write", "acquire", "reserve"}))
            return call.node;
    }
    return {};
}

/// As lockIn, and in the one function of the repository that each call of the node names.
Node lockBehind(const Node &node, const RuleInput &input)
{
    if (const Node lock = lockIn(node))
        return lock;
    for (const Call &call : rust::callsIn(node)) {
        const auto callees = input.model.callees(call.node, input.file);
        if (callees.size() != 1 || !callees.front()->isAsync || !callees.front()->body)
            continue;
        if (const Node lock = lockIn(callees.front()->body))
            return lock;
    }
    return {};
}

std::string lockName(const Node &lock)
{
    const Call call = rust::toCall(lock);
    const std::string place = rust::placeText(call.receiver);
    const std::size_t dot = place.rfind('.');
    return dot == std::string::npos ? place : place.substr(dot + 1);
}

void checkArm(const Node &select, const Node &arm, const Node &name, const RuleInput &input,
              Reporter &reporter)
{
    const Node initialiser = rust::initialiserOf(name);
    const Node held = initialiser ? lockBehind(initialiser, input) : Node();
    if (!held)
        return;
    for (const Node &other : select.descendants("select_arm")) {
        const Node handler = other.field("handler");
        if (other == arm || !handler)
            continue;
        const Node wanted = lockBehind(handler, input);
        if (!wanted || lockName(wanted) != lockName(held) || lockName(held).empty() ||
            mentions(handler.text(), {"drop(" + std::string(name.text())}))
            continue;
        const std::string future = quoted(name.text(), 20);
        const std::string lock = quoted(lockName(held), 20);
        Draft draft;
        draft.at = wanted.isInside(handler) ? wanted : handler;
        draft.title =
            fittingTitle({"Waits for " + lock + " while " + future + ", which may hold it, is not polled",
                          "Waits for a lock whose holder is not polled meanwhile"});
        draft.steps = {
            {"task", "polls " + future + ", which is next in the queue of " + lock + " or holds it", name},
            {"task", "takes the other branch; " + future + " lives on but nobody polls it", other},
            {"task", "waits for " + lock + " itself", draft.at}};
        draft.outcome =
            "The lock belongs to a future that only this task could poll, and this task waits for the lock.";
        draft.facts = {"resolved: " + future + " is polled by reference and outlives the branch",
                       "assumed: both places name the same lock"};
        draft.evidence = {name, other};
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_select_futurelock(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("select!"))
        return;
    for (const Node &select : input.file.root().descendants("macro_invocation")) {
        if (rust::macroName(select) != "select")
            continue;
        for (const Node &arm : select.descendants("select_arm")) {
            if (arm.ancestor({"macro_invocation"}) != select)
                continue;
            if (const Node name = borrowedFuture(arm))
                checkArm(select, arm, name, input, reporter);
        }
    }
}

} // namespace review::rules
