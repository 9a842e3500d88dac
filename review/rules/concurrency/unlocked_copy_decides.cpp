// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"

#include <algorithm>
#include <vector>

namespace review::rules {
namespace {

using rust::Guard;
using rust::Node;

/// What one node of a cluster may do at a time: acting on an old value of it breaks a promise.
bool namesAuthority(std::string_view name)
{
    return mentions(name,
                    {"term", "epoch", "leader", "role", "generation", "lease", "owner", "primary", "fenc"}) &&
           !mentions(name, {"terminat", "terminal", "determin", "header", "loader", "reader"});
}

/// `let term = *self.term.read();`: the variable that keeps a copy of what the guard protected, after the
/// guard is gone.
Node copyOf(const Guard &guard)
{
    const Node let = guard.call.ancestor({"let_declaration", "block", "closure_expression"});
    if (!let.is("let_declaration") || !guard.variable.empty() || !guard.call.isInside(let.field("value")))
        return {};
    const rust::Call last = rust::toCall(rust::stripAdapters(let.field("value")));
    const bool plain = !last || last.node == guard.call || isOneOf(last.name, {"clone", "cloned", "copied"});
    return plain && let.field("pattern").is("identifier") ? let.field("pattern") : Node();
}

/// The `if` that compares the copy, and what runs when it lets the function go on.
Node decisionOn(const Node &copy, const Node &body)
{
    for (const Node &use : rust::usesOf(copy.text(), body)) {
        if (rust::bindingOf(use) != copy.parent())
            continue;
        const Node compare =
            use.ancestor({"binary_expression", "block", "macro_invocation", "closure_expression"});
        const Node branch = use.ancestor({"if_expression", "block", "closure_expression"});
        if (compare.is("binary_expression") && branch.is("if_expression") &&
            use.isInside(branch.field("condition")) && rust::runsIn(branch, body))
            return branch;
    }
    return {};
}

/// The node runs because of the decision: in its branch, or after it when the branch leaves.
bool dependsOnDecision(const Node &node, const Node &branch)
{
    return node.isInside(branch.field("consequence")) ||
           (rust::diverges(branch.field("consequence")) && node.index() > branch.index() &&
            !node.isInside(branch) && rust::canReach(branch, node));
}

/// Something is changed through the guard.
Node changeUnder(const Guard &guard, const Node &body)
{
    for (const rust::Call &call : rust::callsIn(body)) {
        const bool onGuard =
            call.isMethod() &&
            (call.receiver == guard.expression ||
             (!guard.variable.empty() && rust::placeText(call.receiver).starts_with(guard.variable) &&
              guard.heldAt(call.node)));
        if (onGuard && isOneOf(call.name, {"insert", "push", "push_back", "append", "extend", "remove",
                                           "truncate", "clear", "put", "apply", "commit"}))
            return call.node;
    }
    for (const Node &change : body.descendants("assignment_expression")) {
        const Node left = change.field("left");
        if (guard.call.isInside(left) ||
            (!guard.variable.empty() && left.text().find(guard.variable) != std::string_view::npos &&
             guard.heldAt(change)))
            return change;
    }
    return {};
}

/// The old value's lock is asked again before the change, or was held all the time through another one.
bool isCovered(const Guard &first, const Guard &second, const Node &change, const std::vector<Guard> &guards)
{
    return std::ranges::any_of(guards, [&](const Guard &other) {
        const bool outer = other.maybeHeldAt(first.call) && other.maybeHeldAt(second.call);
        const bool again = other.call != first.call && other.lock.sameInstance(first.lock) &&
                           other.call != second.call && other.call.index() > first.call.index() &&
                           other.maybeHeldAt(change);
        return outer || again;
    });
}

void report(const Guard &first, const Guard &second, const Node &copy, const Node &branch, const Node &change,
            const RuleInput &input, Reporter &reporter)
{
    const std::string actor = actorOf(change, input.file);
    const std::string name = quoted(copy.text(), 20);
    Draft draft;
    draft.at = second.call;
    draft.title = fittingTitle(
        {quoted(second.lock.receiver, 20) + " is changed by " + name + ", whose lock is released",
         "A change follows a value whose lock is released"});
    draft.steps = {{actor + " 1", "copies " + quoted(first.lock.receiver) + " and unlocks it", first.call},
                   {actor + " 1", "compares " + name + " and may go on", branch},
                   {actor + " 2", "changes " + quoted(first.lock.receiver) + " meanwhile", first.call},
                   {actor + " 1", "makes a change that the new value forbids", change}};
    const bool authority = namesAuthority(first.lock.receiver);
    draft.outcome = authority
                        ? "A change of an old term, owner or leader gets in after the new one was agreed on."
                        : "The change is made although its condition no longer holds, or is made twice.";
    draft.facts = {lockFact(first.lock), lockFact(second.lock),
                   "resolved: the first guard is gone before the second is taken, and nothing compares again",
                   "assumed: the value may change between the two"};
    draft.evidence = {first.call, branch, change};
    draft.confidence = (first.lock.assumed || second.lock.assumed ? 0.8 : 1) * (authority ? 1 : 0.9);
    reporter.report(std::move(draft));
}

} // namespace

void check_unlocked_copy_decides(const RuleInput &input, Reporter &reporter)
{
    for (const Node &body : input.locks.bodies(input.file)) {
        const std::vector<Guard> &guards = input.locks.guards(body, input.file);
        for (const Guard &first : guards) {
            const Node copy = isOfKnownLock(first) ? copyOf(first) : Node();
            const Node branch = copy ? decisionOn(copy, body) : Node();
            if (!branch || input.file.isTest(body))
                continue;
            for (const Guard &second : guards) {
                if (!isOfKnownLock(second) || second.mode != rust::GuardMode::Exclusive ||
                    second.call.index() <= first.call.index() || first.maybeHeldAt(second.call) ||
                    !second.lock.receiver.starts_with("self.") || !dependsOnDecision(second.call, branch))
                    continue;
                const Node change = changeUnder(second, body);
                if (!change || isCovered(first, second, change, guards) ||
                    (second.lock.sameInstance(first.lock) &&
                     change.text().find(copy.text()) != std::string_view::npos))
                    continue;
                report(first, second, copy, branch, change, input, reporter);
                break;
            }
        }
    }
}

} // namespace review::rules
