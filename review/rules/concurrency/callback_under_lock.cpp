// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/node_search.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// Code that somebody else chose.
struct Callback {
    std::string what; ///< "the closure that the caller passed"; empty: none
    double confidence = 1;
};

bool namesFunction(std::string_view type)
{
    return type.find("Fn(") != std::string_view::npos || type.find("FnMut(") != std::string_view::npos ||
           type.find("FnOnce(") != std::string_view::npos || type.starts_with("fn(");
}

/// The type parameter is bound to `Fn…` in the function's generics or its `where`.
bool isFunctionParameter(std::string_view name, const rust::Function &function)
{
    const std::string head =
        compact(function.node.text().substr(0, function.body.bytes().begin - function.node.bytes().begin));
    for (const char *bound : {":Fn(", ":FnMut(", ":FnOnce("}) {
        if (head.find(std::string(name) + bound) != std::string::npos)
            return true;
    }
    return false;
}

Callback calledName(const rust::Node &name, const RuleInput &input)
{
    const rust::Node binding = rust::bindingOf(name);
    const rust::Function *function = input.file.functionAt(name);
    if (!binding || !function || !function->body)
        return {};
    for (const rust::Parameter &parameter : function->parameters) {
        if (parameter.name == name.text() && parameter.pattern.isInside(binding) &&
            (namesFunction(parameter.type.text()) || isFunctionParameter(parameter.type.text(), *function)))
            // Callers inside this crate were written together with the lock.
            return {"the closure that the caller passed", function->isPublic ? 1 : 0.9};
    }
    const bool taken = binding.parent().is("for_expression") || binding.is("let_condition") ||
                       binding.parent().isAny({"let_condition", "closure_parameters"});
    if (taken && mentions(name.text(), {"cb", "callback", "handler", "hook", "listener", "observer"}))
        return {"a registered callback", 1};
    return {};
}

Callback callbackOf(const rust::Call &call, const rust::Node &node, const RuleInput &input)
{
    const rust::Node function = node.field("function");
    if (function.is("identifier"))
        return calledName(function, input);
    if (function.is("parenthesized_expression") && function.firstNamedChild().is("field_expression")) {
        const rust::Type type = input.model.infer(function.firstNamedChild(), input.file);
        const std::string_view head = type.peeled().name();
        const bool known = head == "dyn" || head == "fn" || head == "impl" || !type.known();
        return known ? Callback{"a stored callback", type.known() ? 1.0 : 0.8} : Callback{};
    }
    if (!call.isMethod())
        return {};
    if (isOneOf(call.name, {"wake", "wake_by_ref"}) && call.arguments.empty() &&
        mentions(call.receiver.text(), {"wak"}))
        return {"a waker, which runs code of the executor", 0.75};
    if (call.name.starts_with("on_") && input.model.infer(call.receiver, input.file).peeled().name() == "dyn")
        return {"a method that others implement", 0.85};
    return {};
}

/// Functions whose name says that the closure runs under the lock.
bool isMeantToHold(const rust::Function *function)
{
    return function &&
           (function->name.starts_with("with") || function->name.find("_with") != std::string::npos ||
            mentions(function->name, {"lock", "update", "modify", "atomic", "get_or", "init", "compute",
                                      "synchron", "mutate", "for_each", "drain", "retain"}));
}

bool isUsable(const rust::Guard &guard)
{
    using enum rust::LockFamily;
    // Of a type that is not known it counts as a lock when its guard is unwrapped or awaited.
    const bool isLock = guard.lock.family != Unknown || guard.expression != guard.call;
    return isLock && guard.lock.family != None && guard.lock.family != RefCell && !guard.recursive;
}

/// The guard's own data is handed in: running under the lock is the purpose.
bool handsGuardIn(const rust::Call &call, const rust::Guard &guard)
{
    const IsSource isGuard = [&](const rust::Node &node) {
        return node == guard.call ||
               (!guard.variable.empty() && node.is("identifier") && node.text() == guard.variable);
    };
    for (const rust::Node &argument : call.arguments) {
        if (dependsOn(argument, isGuard))
            return true;
    }
    return false;
}

/// The closure itself lies behind the lock: calling it needs the guard.
bool liesBehind(const rust::Node &function, const rust::Guard &guard)
{
    const rust::Node field = function.firstNamedChild();
    return function.is("parenthesized_expression") && !guard.variable.empty() &&
           rust::placeText(field).starts_with(guard.variable + '.');
}

/// `load()` gives the value that is missing: keeping others out meanwhile is what the lock is for.
bool makesValue(const rust::Call &call, const rust::Node &node)
{
    return call && !call.isMethod() && call.arguments.empty() && !node.parent().is("expression_statement");
}

/// Dropping the guard right before needs no thought where it is not used afterwards.
void dropBefore(const rust::Guard &guard, const rust::Node &at, Draft &draft)
{
    const rust::Node statement = rust::statementOf(at);
    const rust::Node block = rust::blockOf(guard.binding);
    if (guard.variable.empty() || !guard.binding.is("let_declaration") || !block || !statement ||
        rust::loopAround(at) != rust::loopAround(guard.binding))
        return;
    const rust::Node own = rust::blockOf(statement);
    // In a branch of its own that ends the function, what follows it does not run.
    const bool ends = own != block && rust::diverges(own);
    for (const rust::Node &use : rust::usesOf(guard.variable, block)) {
        const bool after = use.bytes().begin >= statement.bytes().begin;
        if (after && !(ends && !use.isInside(own)))
            return;
    }
    if (own != block && !ends)
        return;
    const std::uint32_t start = statement.bytes().begin;
    draft.edits.push_back({{start, start}, "drop(" + guard.variable + ");\n" + indentOf(statement)});
}

void report(const rust::Guard &guard, const rust::Call &call, const rust::Node &node,
            const Callback &callback, const RuleInput &input, Reporter &reporter)
{
    const std::string name = quoted(guard.lock.receiver, 40);
    const std::string actor = actorOf(node, input.file);
    const std::string what = quoted(node.field("function").text(), 24);
    Draft draft;
    draft.at = node;
    draft.title = fittingTitle({what + " is called while " + quoted(guard.lock.receiver, 24) + " is locked",
                                "Foreign code is called while a lock is held"});
    draft.steps = {
        {actor, lockingVerb(guard.lock, guard.mode) + ' ' + name + "; " + guard.reason, guard.call},
        {actor, "calls " + what + ", " + callback.what, node},
        {actor, "that code comes back and asks for " + name + ", or waits for one who does", node}};
    draft.outcome = "The " + actor +
                    " waits for the guard it holds itself, or everybody waits as long as the "
                    "foreign code takes.";
    draft.evidence = {guard.call};
    draft.facts = {lockFact(guard.lock), "resolved: " + guard.reason,
                   "resolved: " + what + " is " + callback.what, "assumed: what it does is not known here"};
    const bool isAssumed = guard.lock.assumed || guard.lock.family == rust::LockFamily::Unknown;
    draft.confidence = callback.confidence * (isAssumed ? 0.7 : 1.0);
    // Async locks are often held on purpose, and their waiters do not block a thread.
    if (rust::isAsyncLock(guard.lock.family))
        draft.confidence *= 0.75;
    if (call.arguments.empty() && callback.confidence == 1)
        draft.confidence *= 0.8;
    dropBefore(guard, node, draft);
    reporter.report(std::move(draft));
}

} // namespace

void check_callback_under_lock(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        const std::vector<rust::Guard> &guards = input.locks.guards(body, input.file);
        if (guards.empty() || isMeantToHold(input.file.functionAt(body)))
            continue;
        std::vector<rust::Node> seen;
        for (const rust::Node node : body.descendants()) {
            if (!node.is("call_expression"))
                continue;
            for (const rust::Guard &guard : guards) {
                if (!isUsable(guard) || !guard.heldAt(node) || node == guard.call ||
                    std::find(seen.begin(), seen.end(), guard.call) != seen.end() ||
                    std::find(seen.begin(), seen.end(), node) != seen.end())
                    continue;
                const rust::Call call = rust::toCall(node);
                const Callback callback = callbackOf(call, node, input);
                if (callback.what.empty() || handsGuardIn(call, guard) ||
                    liesBehind(node.field("function"), guard) || makesValue(call, node))
                    continue;
                seen.push_back(guard.call);
                seen.push_back(node);
                report(guard, call, node, callback, input, reporter);
            }
        }
    }
}

} // namespace review::rules
