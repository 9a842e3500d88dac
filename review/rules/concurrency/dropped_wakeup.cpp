// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <utility>

namespace review::rules {

namespace {

bool wakes(const rust::Call &call)
{
    return isOneOf(call.name,
                   {"notify_one", "notify_all", "notify_waiters", "notify_last", "wake", "wake_by_ref",
                    "unpark", "wake_all", "wake_one", "notify_additional", "unpark_one", "unpark_all"});
}

/// What still changes: an assignment or a call that is no reading.
bool stillChangesSomething(const rust::Function &function)
{
    return !function.body.descendants("assignment_expression").empty() ||
           !function.body.descendants("compound_assignment_expr").empty() ||
           callsAny(function, [](const rust::Call &call) {
               return isOneOf(call.name, {"push",      "push_back", "push_front",
                                          "insert",    "remove",    "store",
                                          "swap",      "set",       "send",
                                          "pop",       "pop_front", "take",
                                          "replace",   "extend",    "clear",
                                          "fetch_add", "fetch_sub", "fetch_or",
                                          "close",     "complete",  "compare_exchange"});
           });
}

} // namespace

void check_dropped_wakeup(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (!stillChangesSomething(*function.head))
            continue;
        for (const RemovedCall &removed : removedCalls(function, wakes, input)) {
            Draft draft = draftOfGone(removed, function, "A wake-up is gone", "wakes");
            draft.steps = {{"a waiter", "sees that its condition does not hold, and waits", removed.near},
                           {"before this change", "was woken here", removed.call.node},
                           {"now", "the state changes and nobody is woken", removed.near}};
            draft.outcome = "The waiter sleeps on although what it waits for has happened.";
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
