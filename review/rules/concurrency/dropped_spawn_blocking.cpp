// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

bool leavesTheExecutor(const rust::Call &call)
{
    return isOneOf(call.name, {"spawn_blocking", "block_in_place"}) && !call.arguments.empty();
}

/// The first call of the moved closure that the head's function makes on the executor's thread.
rust::Node stillCalled(const rust::Call &moved, const RewrittenFunction &function, const rust::File &file)
{
    for (const rust::Call &inner : rust::callsIn(moved.arguments.back())) {
        if (isOneOf(inner.name,
                    {"clone", "unwrap", "expect", "new", "map_err", "into", "to_string", "to_owned", "Ok"}))
            continue;
        for (const rust::Call &call : rust::callsIn(function.head->body)) {
            if (call.name == inner.name && !rust::isAwaited(call.node) && rust::runsAsync(call.node, file))
                return call.node;
        }
    }
    return {};
}

} // namespace

void check_dropped_spawn_blocking(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const RemovedCall &removed : removedCalls(function, leavesTheExecutor, input)) {
            const rust::Node still = stillCalled(removed.call, function, input.file);
            if (!still)
                continue;
            const std::string name(rust::toCall(still).name);
            Draft draft;
            draft.at = still;
            draft.title = fittingTitle(
                {"`" + name + "` now runs on the async executor in `" + function.head->path() + '`',
                 "`" + name + "` now runs on the async executor"});
            draft.steps = {{"before this change", "ran on a thread for blocking work", removed.call.node},
                           {"now", "runs on a worker thread of the executor", still},
                           {"other tasks", "of that worker wait until it returns", still}};
            draft.outcome = "While the call lasts no other task of this worker makes progress, timers and "
                            "heartbeats included.";
            draft.evidence = {removed.call.node};
            draft.facts = {
                "resolved: `" + std::string(removed.call.name) + "` wrapped `" + name + "` before the change",
                "assumed: `" + name + "` still takes long, as it did when it was moved off the executor"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
