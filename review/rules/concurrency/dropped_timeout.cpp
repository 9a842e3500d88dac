// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

bool bounds(const rust::Call &call)
{
    if (isOneOf(call.name, {"timeout", "timeout_at"}))
        return !call.arguments.empty();
    return isOneOf(call.name, {"connect_timeout", "recv_timeout", "wait_timeout", "wait_timeout_while",
                               "lock_timeout", "set_read_timeout", "set_write_timeout", "park_timeout",
                               "send_timeout", "try_lock_for", "request_timeout", "wait_for"});
}

/// The unbounded form of a bounded call: the operation under `timeout(…)`, `recv` of `recv_timeout`.
std::string unbounded(const rust::Call &call)
{
    if (isOneOf(call.name, {"timeout", "timeout_at"}) && call.arguments.size() > 1) {
        const rust::Call inner = rust::toCall(rust::stripAdapters(call.arguments.back()));
        return std::string(inner.name);
    }
    const std::string name(call.name);
    const std::size_t end = name.find("_timeout");
    return end == std::string::npos || name.starts_with("set_") ? std::string() : name.substr(0, end);
}

} // namespace

void check_dropped_timeout(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const RemovedCall &removed : removedCalls(function, bounds, input)) {
            const std::string operation = unbounded(removed.call);
            if (operation.empty())
                continue;
            rust::Node still;
            for (const rust::Call &call : rust::callsIn(function.head->body)) {
                if (call.name == operation)
                    still = call.node;
            }
            if (!still)
                continue; // the operation is gone too
            Draft draft;
            draft.at = still;
            draft.title =
                fittingTitle({"`" + operation + "` lost its time limit in `" + function.head->path() + '`',
                              "`" + operation + "` lost its time limit", "A time limit is gone"});
            draft.steps = {{"before this change", "gives up after a time", removed.call.node},
                           {"now", "waits for as long as the other side takes", still}};
            draft.outcome = "A peer that stops answering keeps this task, and what it holds, for ever.";
            draft.evidence = {removed.call.node};
            draft.facts = {"resolved: `" + std::string(removed.call.name) + "` bounds `" + operation +
                               "` before the change and not after it",
                           "assumed: nothing that calls `" + function.head->name +
                               "` bounds it in its place"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
