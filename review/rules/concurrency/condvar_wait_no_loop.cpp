// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/node_search.h"
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

bool isCondvar(const rust::Call &call, const RuleInput &input)
{
    const rust::Type type = input.model.infer(call.receiver, input.file).peeled();
    if (type.known())
        return type.name() == "Condvar";
    return mentions(call.receiver.text(), {"condvar", "cvar", "cond_var"});
}

/// The guard that the wait gives back the lock of: its first argument, or `&mut guard`.
const rust::Guard *guardOf(const rust::Call &call, const std::vector<rust::Guard> &guards)
{
    rust::Node argument = call.arguments.front();
    if (argument.is("reference_expression"))
        argument = argument.field("value");
    for (const rust::Guard &guard : guards) {
        if (guard.call.isInside(argument))
            return &guard;
        if (!guard.variable.empty() && argument.text() == guard.variable &&
            guard.call.bytes().begin < call.node.bytes().begin)
            return &guard;
    }
    return nullptr;
}

/// Something decides after the lock was taken whether there is anything to wait for.
bool looksFirst(const rust::Guard &guard, const rust::Node &wait)
{
    const rust::Node body = rust::bodyOf(wait);
    const rust::Node loop = rust::loopAround(wait);
    if (loop.is("while_expression") || loop.is("for_expression"))
        return true;
    for (const rust::Node node : body.descendants()) {
        if (node.bytes().begin >= wait.bytes().begin)
            break;
        const bool isBranch = node.isAny({"if_expression", "match_expression", "while_expression"});
        const bool isAfterLock = node.bytes().end > guard.call.bytes().end;
        if (isBranch && isAfterLock)
            return true;
    }
    // The guard's data is asked between the acquisition and the wait.
    for (const rust::Node &use : rust::usesOf(guard.variable, body)) {
        if (use.bytes().begin > guard.call.bytes().end && use.bytes().end < wait.bytes().begin &&
            !wait.isInside(use) && !use.isInside(wait))
            return true;
    }
    return false;
}

void checkCall(const rust::Call &call, const RuleInput &input, Reporter &reporter)
{
    const bool timed = isOneOf(call.name, {"wait_timeout", "wait_for", "wait_until", "wait_timeout_ms"});
    const rust::Node body = rust::bodyOf(call.node);
    if (!call.isMethod() || !(timed || call.name == "wait") || call.arguments.empty() || !body ||
        call.arguments.size() != (timed ? 2U : 1U) || !isCondvar(call, input))
        return;
    const rust::Guard *guard = guardOf(call, input.locks.guards(body, input.file));
    if (!guard)
        return;
    const bool loops = bool(rust::loopAround(call.node));
    const bool looks = looksFirst(*guard, call.node);
    if (loops && looks)
        return;
    // Sleeping for a time that can be cut short needs no condition.
    if (timed && (!looks || loops))
        return;
    const std::string name = quoted(call.receiver.text(), 30);
    const std::string lock = quoted(guard->lock.receiver, 30);
    Draft draft;
    draft.at = call.node;
    if (looks) {
        draft.title = fittingTitle({name + " is waited for once, not in a loop",
                                    "A condition variable is waited for once, not in a loop"});
        draft.steps = {
            {"thread 1", "waits on " + name, call.node},
            {"thread 1", "wakes up though nobody notified it, or another thread was faster", call.node},
            {"thread 1", "goes on as if the condition held", call.node}};
        draft.outcome = "The code after the wait runs in a state that it does not expect.";
    } else {
        draft.title = fittingTitle({name + " is waited for without looking first",
                                    "A condition variable is waited for without looking first"});
        draft.steps = {
            {"thread 2", "makes the condition true and notifies " + name + "; nobody waits yet", call.node},
            {"thread 1", lockingVerb(guard->lock, guard->mode) + ' ' + lock, guard->call},
            {"thread 1", "waits for a notification that has already been", call.node}};
        draft.outcome =
            "The notification is lost and thread 1 sleeps until there is another one, maybe for ever.";
    }
    draft.evidence = {guard->call};
    draft.facts = {lockFact(guard->lock),
                   looks ? "resolved: no loop of this function looks at the condition again"
                         : "resolved: nothing is looked at between taking the lock and waiting"};
    if (timed)
        draft.confidence *= 0.7;
    // parking_lot never wakes up by itself; only a faster thread can change the condition again.
    if (guard->lock.family == rust::LockFamily::ParkingLot && looks)
        draft.confidence *= 0.7;
    reporter.report(std::move(draft));
}

} // namespace

void check_condvar_wait_no_loop(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    const std::string &text = input.file.tree().text();
    if (!tree.contains(".wait") || !mentions(text, {"condvar", "cvar"}))
        return;
    for (const rust::Call &call : rust::callsIn(input.file.root()))
        checkCall(call, input, reporter);
}

} // namespace review::rules
