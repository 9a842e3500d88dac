// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/atomics.h"
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// A wait whose loop asks an atomic instead of what the mutex protects.
struct Wait {
    rust::Node at;
    std::string condvar; ///< field name
    std::string flag;    ///< field name of the atomic
    rust::Node asked;
    std::string mutex; ///< key of the lock that is waited with
};

/// Those in the scope itself, and those in the methods of `self` that it asks.
std::vector<AtomicAccess> accessesOf(const rust::Node &scope, const RuleInput &input)
{
    std::vector<AtomicAccess> accesses = atomicAccessesIn(scope);
    for (const rust::Call &call : rust::callsIn(scope)) {
        if (!call.isMethod() || call.receiver.text() != "self")
            continue;
        const rust::Function *asker = input.file.functionAt(scope);
        for (const rust::Function &callee : input.file.functions()) {
            if (!asker || callee.name != call.name || callee.selfType != asker->selfType || !callee.body)
                continue;
            for (const AtomicAccess &access : atomicAccessesIn(callee.body))
                accesses.push_back(access);
        }
    }
    return accesses;
}

std::vector<Wait> waitsIn(const RuleInput &input)
{
    std::vector<Wait> waits;
    for (const rust::Call &call : rust::callsIn(input.file.root())) {
        const rust::Node body = rust::bodyOf(call.node);
        const rust::Node loop = rust::loopAround(call.node);
        if (!call.isMethod() || call.name != "wait" || call.arguments.size() != 1 || !loop || !body)
            continue;
        rust::Node argument = call.arguments.front();
        if (argument.is("reference_expression"))
            argument = argument.field("value");
        for (const rust::Guard &guard : input.locks.guards(body, input.file)) {
            if (guard.variable.empty() ? !guard.call.isInside(argument) : guard.variable != argument.text())
                continue;
            const rust::Node scope =
                loop.is("while_expression") ? loop.field("condition") : loop.field("body");
            for (const AtomicAccess &access : accessesOf(scope, input)) {
                if (access.kind == AtomicAccess::Kind::Load)
                    waits.push_back({call.node, fieldNameOf(rust::placeText(call.receiver)),
                                     fieldNameOf(access.place), access.call.node, guard.lock.key});
            }
        }
    }
    return waits;
}

/// The change of the flag before the notification in the same body; null if there is none.
rust::Node changeBefore(const rust::Call &notify, const std::string &flag, const rust::Node &body)
{
    rust::Node change;
    for (const AtomicAccess &access : atomicAccessesIn(body)) {
        const bool isBefore = access.call.node.bytes().begin < notify.node.bytes().begin;
        if (isBefore && access.kind != AtomicAccess::Kind::Load && fieldNameOf(access.place) == flag &&
            rust::bodyOf(access.call.node) == body)
            change = access.call.node;
    }
    return change;
}

void checkNotify(const rust::Call &notify, const Wait &wait, const RuleInput &input, Reporter &reporter)
{
    const rust::Node body = rust::bodyOf(notify.node);
    const rust::Node change = body ? changeBefore(notify, wait.flag, body) : rust::Node();
    if (!change)
        return;
    // Taking the mutex between the change and the notification is enough, even for a moment.
    for (const rust::Guard &guard : input.locks.guards(body, input.file)) {
        if (guard.lock.key == wait.mutex && guard.call.bytes().begin < notify.node.bytes().begin &&
            (guard.call.bytes().begin > change.bytes().begin || guard.maybeHeldAt(change)))
            return;
    }
    const rust::Function *function = input.file.functionAt(notify.node);
    for (const rust::Parameter &parameter :
         function ? function->parameters : std::vector<rust::Parameter>()) {
        if (parameter.type.text().find("Guard") != std::string_view::npos)
            return;
    }
    const std::string name = quoted(notify.receiver.text(), 28);
    Draft draft;
    draft.at = notify.node;
    draft.title = fittingTitle({name + " is notified without the lock its waiters hold",
                                "A condition variable is notified without its lock"});
    draft.steps = {{"thread 1", "holds the lock, asks " + quoted(wait.flag, 24) + ": not yet", wait.asked},
                   {"thread 2", "sets " + quoted(wait.flag, 24) + " without the lock", change},
                   {"thread 2", "notifies; thread 1 does not wait yet", notify.node},
                   {"thread 1", "starts to wait, after the notification", wait.at}};
    draft.outcome = "Thread 1 sleeps though the condition holds, until somebody notifies again.";
    draft.evidence = {change, wait.at};
    draft.facts = {"resolved: the waiter's loop asks the atomic " + quoted(wait.flag, 24),
                   "resolved: between the change and the notification the waiter's lock is not taken here"};
    reporter.report(std::move(draft));
}

} // namespace

void check_condvar_notify_unlocked(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains(".notify_") || !tree.contains("Condvar") || !hasAtomics(input.file))
        return;
    const std::vector<Wait> waits = waitsIn(input);
    if (waits.empty())
        return;
    for (const rust::Call &call : rust::callsIn(input.file.root())) {
        if (!call.isMethod() || !isOneOf(call.name, {"notify_one", "notify_all"}))
            continue;
        const std::string condvar = fieldNameOf(rust::placeText(call.receiver));
        for (const Wait &wait : waits) {
            if (wait.condvar == condvar && !condvar.empty()) {
                checkNotify(call, wait, input, reporter);
                break;
            }
        }
    }
}

} // namespace review::rules
