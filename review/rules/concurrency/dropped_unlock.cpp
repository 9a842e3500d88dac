// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>

namespace review::rules {

namespace {

bool releases(const rust::Call &call)
{
    return isOneOf(call.path, {"drop", "mem::drop", "std::mem::drop"}) && call.arguments.size() == 1 &&
           call.arguments.front().is("identifier");
}

/// The first call or await that the guard is now held at and was not before: what follows the `drop` in the
/// base.
rust::Node newlyCovered(const rust::Guard &guard, const rust::Call &release,
                        const RewrittenFunction &function)
{
    std::vector<std::string> before;
    std::vector<std::string> after;
    for (const rust::Call &call : rust::callsIn(function.base->body))
        (call.node.index() > release.node.index() ? after : before).push_back(signatureOf(call));
    const auto isIn = [](const std::vector<std::string> &signatures, const std::string &signature) {
        return std::find(signatures.begin(), signatures.end(), signature) != signatures.end();
    };
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        const std::string signature = signatureOf(call);
        if (call.node != guard.call && isIn(after, signature) && !isIn(before, signature) &&
            !isOneOf(call.path, {"Some", "Ok", "Err"}) && guard.heldAt(call.node))
            return call.node;
    }
    return {};
}

/// A call that waits or works, as far as its name tells.
bool maySlow(const rust::Call &call)
{
    return rust::isAwaited(call.node) ||
           mentions(call.name, {"write",   "flush",     "sync",   "send",   "recv",    "read",      "save",
                                "persist", "wait",      "join",   "sleep",  "load",    "store_",    "create",
                                "open",    "commit",    "apply",  "verify", "sort",    "compact",   "encode",
                                "decode",  "serialize", "notify", "wake",   "update",  "execute",   "run",
                                "process", "handle",    "call",   "build",  "compute", "calculate", "prepare",
                                "lock",    "peers",     "addrs"});
}

/// The lock is now taken before the call, and was taken only after it: the change is where it is taken.
bool takenEarlier(const rust::Guard &guard, const rust::Call &call, const std::vector<rust::Guard> &before,
                  const RewrittenFunction &function)
{
    const auto &same = function.baseCalls->like(call);
    return !same.empty() && std::all_of(before.begin(), before.end(), [&](const rust::Guard &old) {
        return compact(old.lock.receiver) != compact(guard.lock.receiver) ||
               old.call.index() > same.front()->node.index();
    });
}

/// A call that the head makes under a lock and the base without it, though no `drop` is gone: a block that
/// ended, or a value that was taken out first.
void checkWidened(const RewrittenFunction &function, const RuleInput &input, Reporter &reporter)
{
    const auto &now = input.locks.guards(function.head->body, input.file);
    if (now.empty())
        return;
    const auto before = rust::guardsIn(function.base->body, *input.base, input.model);
    const auto heldBefore = [&](const rust::Guard &guard, const rust::Node &node) {
        return std::any_of(before.begin(), before.end(), [&](const rust::Guard &other) {
            return compact(other.lock.receiver) == compact(guard.lock.receiver) &&
                   (other.maybeHeldAt(node) || other.call == node);
        });
    };
    for (const rust::Guard &guard : now) {
        const bool isKnown = std::any_of(before.begin(), before.end(), [&](const rust::Guard &other) {
            return compact(other.lock.receiver) == compact(guard.lock.receiver);
        });
        if (!isKnown || guard.lock.family == rust::LockFamily::Unknown)
            continue;
        for (const rust::Call &call : rust::callsIn(function.head->body)) {
            if (call.node == guard.call || !maySlow(call) || !guard.heldAt(call.node) ||
                compact(rust::stripAdapters(call.receiver).text()) == guard.variable)
                continue;
            const auto &same = function.baseCalls->like(call);
            const bool wasHeld = std::any_of(same.begin(), same.end(), [&](const rust::Call *other) {
                return heldBefore(guard, other->node);
            });
            if (same.empty() || wasHeld)
                continue;
            Draft draft;
            draft.at = takenEarlier(guard, call, before, function) ? guard.call : call.node;
            draft.title =
                fittingTitle({quoted(call.node.text()) + " now runs under `" + guard.lock.receiver + '`',
                              "A call now runs under a lock that was given back before"});
            draft.steps = {
                {"this task", "takes `" + guard.lock.receiver + "`", guard.call},
                {"before this change", "made this call without the lock", function.base->node.field("name")},
                {"now", "holds it meanwhile", call.node}};
            draft.outcome = "Everyone who needs `" + guard.lock.receiver + "` waits for this call as well.";
            draft.evidence = {guard.call};
            draft.facts = {"resolved: " + guard.reason,
                           "assumed: the call takes long, or needs a lock itself"};
            draft.confidence = 0.85;
            reporter.report(std::move(draft));
            break;
        }
    }
}

} // namespace

void check_dropped_unlock(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        const auto gone = removedCalls(function, releases, input);
        if (gone.empty())
            checkWidened(function, input, reporter);
        for (const RemovedCall &removed : gone) {
            const std::string_view name = removed.call.arguments.front().text();
            for (const rust::Guard &guard : input.locks.guards(function.head->body, input.file)) {
                const rust::Node covered =
                    guard.variable == name ? newlyCovered(guard, removed.call, function) : rust::Node();
                if (!covered)
                    continue;
                Draft draft;
                draft.at = covered;
                draft.title = fittingTitle(
                    {"`" + guard.variable + "` is no longer dropped before " + quoted(covered.text()),
                     "`" + guard.variable + "` is no longer dropped early"});
                draft.steps = {{"this task", "takes `" + guard.lock.receiver + "`", guard.call},
                               {"before this change", "gave it back here", removed.call.node},
                               {"now", "still holds it", covered}};
                draft.outcome = "Everyone who needs `" + guard.lock.receiver +
                                "` waits for this call as well, and if the "
                                "call needs the lock itself, nobody goes on.";
                draft.evidence = {removed.call.node, guard.call};
                draft.facts = {"resolved: " + guard.reason,
                               "assumed: the lock was given back early for a reason"};
                reporter.report(std::move(draft));
            }
        }
    }
}

} // namespace review::rules
