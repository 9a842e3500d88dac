// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

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
        rust::Node future = rust::stripAdapters(call.arguments.back());
        if (future.is("identifier"))
            future = rust::stripAdapters(rust::initialiserOf(future)); // `let fut = get(id);` before it
        const rust::Call inner = rust::toCall(future);
        return std::string(inner.name);
    }
    const std::string name(call.name);
    const std::size_t end = name.find("_timeout");
    return end == std::string::npos || name.starts_with("set_") ? std::string() : name.substr(0, end);
}

/// `.timeout(limit)` of a request or a client that is being made.
bool limitsBuilder(const rust::Call &call)
{
    return call.isMethod() && call.arguments.size() == 1 &&
           isOneOf(call.name,
                   {"timeout", "with_timeout", "set_timeout", "connect_timeout", "read_timeout",
                    "write_timeout", "idle_timeout", "busy_timeout", "with_deadline", "set_deadline"});
}

Draft draftOf(const rust::Node &at, const rust::Node &before, const std::string &operation,
              const RewrittenFunction &function)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({"`" + operation + "` lost its time limit in `" + function.head->path() + '`',
                                "`" + operation + "` lost its time limit", "A time limit is gone"});
    draft.steps = {{"before this change", "gives up after a time", before},
                   {"now", "waits for as long as the other side takes", at}};
    draft.outcome = "A peer that stops answering keeps this task, and what it holds, for ever.";
    draft.evidence = {before};
    draft.facts = {"resolved: " + quoted(before.text()) + " bounds `" + operation +
                       "` before the change and not after it",
                   "assumed: nothing that calls `" + function.head->name + "` bounds it in its place"};
    return draft;
}

/// `None` where the same call was given a limit.
void checkArguments(const RewrittenFunction &function, Reporter &reporter)
{
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        if (call.name == "new")
            continue; // an empty cell is no missing limit
        for (std::size_t i = 0; i < call.arguments.size(); ++i) {
            if (call.arguments[i].text() != "None")
                continue;
            for (const rust::Call *before : function.baseCalls->like(call)) {
                if (before->arguments.size() != call.arguments.size() ||
                    !mentions(before->arguments[i].text(), {"timeout", "deadline", "duration", "time_limit"}))
                    continue;
                reporter.report(draftOf(call.node, before->arguments[i], std::string(call.name), function));
                return;
            }
        }
    }
}

/// A caller in this file bounds the whole function in its place.
bool isBoundedByCaller(const rust::Function &function, const RuleInput &input)
{
    for (const rust::Call &call : callsNamed({"timeout", "timeout_at"}, input.file)) {
        for (const rust::Call &inner : rust::callsIn(call.node)) {
            if (inner.name == function.name && inner.isMethod() == !function.selfType.empty())
                return true;
        }
    }
    return false;
}

} // namespace

void check_dropped_timeout(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        checkArguments(function, reporter);
        for (const RemovedCall &removed : removedCalls(function, limitsBuilder, input)) {
            const rust::Call on = rust::toCall(rust::stripAdapters(removed.call.receiver));
            if (on && on.name != "new")
                reporter.report(draftOf(removed.near, removed.call.node, std::string(on.name), function));
        }
        for (const RemovedCall &removed : removedCalls(function, bounds, input)) {
            const std::string operation = unbounded(removed.call);
            if (operation.empty())
                continue;
            rust::Node still;
            for (const rust::Call &call : rust::callsIn(function.head->body)) {
                if (call.name == operation)
                    still = call.node;
            }
            if (!still || isBoundedByCaller(*function.head, input))
                continue; // the operation is gone too, or its limit stands around the function
            reporter.report(draftOf(still, removed.call.node, operation, function));
        }
    }
}

} // namespace review::rules
