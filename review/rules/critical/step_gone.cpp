// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

/// Takes out, ends or empties what would stay otherwise.
bool takesAway(const rust::Call &call)
{
    return isOneOf(call.name,
                   {"remove",     "remove_entry", "swap_remove", "clear",       "close",     "shutdown",
                    "disconnect", "truncate",     "unlock",      "abort",       "abort_all", "cancel",
                    "evict",      "expire",       "reset",       "unsubscribe", "stop",      "join",
                    "retain",     "gc",           "purge",       "drain",       "prune",     "reap",
                    "advance",    "compact"}) ||
           call.name.ends_with("_unlock") || call.name.starts_with("remove_") ||
           call.name.starts_with("unregister") || call.name.starts_with("evict_") ||
           call.name.starts_with("clear_") ||
           (call.name == "take" && call.arguments.empty() && call.isMethod());
}

/// Brings to somebody else what this function has: to a disk, a peer, a waiting task.
bool handsOn(const rust::Call &call)
{
    return isOneOf(call.name, {"flush", "update", "persist", "save", "commit", "write_all", "finish", "put",
                               "append", "ack", "acknowledge", "poll_flush", "set_nodelay", "arm"}) ||
           call.name.starts_with("persist_") || call.name.starts_with("save_") ||
           call.name.starts_with("flush_") || call.name.starts_with("store_") ||
           call.name.starts_with("write_");
}

bool isWanted(const rust::Call &call)
{
    if (!call.isMethod() || (!takesAway(call) && !handsOn(call)))
        return false;
    const rust::Node parent = rust::withAdapters(call.node).parent();
    return isStatement(call) || (parent.is("let_condition") && handsOn(call));
}

} // namespace

void check_step_gone(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t fewLines = 4;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) > fewLines)
            continue; // written anew rather than shortened
        for (const RemovedCall &removed : removedCalls(function, isWanted, input)) {
            const auto isSameStep = [&](const rust::Call &call) {
                return call.name == removed.call.name && !function.baseCalls->has(call);
            };
            if (callsAny(*function.head, isSameStep))
                continue; // written in another form: `Lock::unlock(&file)`
            const bool away = takesAway(removed.call);
            Draft draft =
                draftOfGone(removed, function, "A step is gone", away ? "takes it away" : "hands it on");
            draft.steps = {{"before this change",
                            away ? "takes away what is done with" : "hands on what it has",
                            removed.call.node},
                           {"now", away ? "leaves it" : "keeps it", removed.near}};
            draft.outcome = away ? "What stays is found again, waits, or adds up with every call."
                                 : "Whoever relies on it never gets it, or gets it only after the next call.";
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
