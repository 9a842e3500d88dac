// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

bool pauses(const rust::Call &call)
{
    if (isOneOf(call.name, {"backoff", "throttle", "with_backoff", "retry_with_backoff"}))
        return true;
    return isOneOf(call.name, {"sleep", "sleep_until", "delay_for", "delay_until", "sleep_ms", "next_backoff",
                               "snooze", "backoff_delay", "wait_backoff", "park_timeout", "tick"}) &&
           rust::loopAround(call.node);
}

bool loops(const rust::Function &function)
{
    return !function.body.descendants("loop_expression").empty() ||
           !function.body.descendants("while_expression").empty() ||
           !function.body.descendants("for_expression").empty();
}

} // namespace

void check_dropped_backoff(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const RemovedCall &removed : removedCalls(function, pauses, input)) {
            const bool isAdapter = !rust::loopAround(removed.call.node);
            if (!isAdapter && !loops(*function.head))
                continue;
            Draft draft = draftOfGone(removed, function, "A pause between attempts is gone", "waits");
            draft.steps = {{"the other side", "is down, or answers with an error at once", removed.near},
                           {"before this change", "waits before the next attempt", removed.call.node},
                           {"now", "tries again at once, and again", removed.near}};
            draft.outcome =
                "A loop keeps a core busy and floods the log and the other side for as long as it is down.";
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
