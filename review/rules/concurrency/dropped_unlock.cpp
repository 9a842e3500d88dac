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
    std::vector<std::string_view> after;
    for (const rust::Call &call : rust::callsIn(function.base->body)) {
        if (call.node.index() > release.node.index())
            after.push_back(call.name);
    }
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        if (guard.heldAt(call.node) && call.node != guard.call &&
            std::find(after.begin(), after.end(), call.name) != after.end())
            return call.node;
    }
    return {};
}

} // namespace

void check_dropped_unlock(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const RemovedCall &removed : removedCalls(function, releases, input)) {
            const std::string_view name = removed.call.arguments.front().text();
            for (const rust::Guard &guard : input.locks.guards(function.head->body, input.file)) {
                const rust::Node covered =
                    guard.variable == name ? newlyCovered(guard, removed.call, function) : rust::Node();
                if (!covered)
                    continue;
                Draft draft;
                draft.at = guard.call;
                draft.title = fittingTitle(
                    {"`" + guard.variable + "` is no longer dropped before " + quoted(covered.text()),
                     "`" + guard.variable + "` is no longer dropped early"});
                draft.steps = {{"this task", "takes `" + guard.lock.receiver + "`", guard.call},
                               {"before this change", "gave it back here", removed.call.node},
                               {"now", "still holds it", covered}};
                draft.outcome = "Everyone who needs `" + guard.lock.receiver +
                                "` waits for this call as well, and if the "
                                "call needs the lock itself, nobody goes on.";
                draft.evidence = {removed.call.node, covered};
                draft.facts = {"resolved: " + guard.reason,
                               "assumed: the lock was given back early for a reason"};
                reporter.report(std::move(draft));
            }
        }
    }
}

} // namespace review::rules
