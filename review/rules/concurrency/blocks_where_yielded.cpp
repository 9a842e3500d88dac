// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

bool yields(const Call &call)
{
    return isOneOf(call.name, {"yield_now", "consume_budget", "poll_proceed", "has_budget_remaining",
                               "maybe_yield", "yield_if_needed", "might_yield", "cooperate"});
}

bool mayBlock(const Call &call)
{
    return isOneOf(call.name, {"lock", "read", "write", "recv", "wait", "join", "acquire", "accept",
                               "connect", "sleep", "send", "lock_owned", "read_exact", "write_all", "flush"});
}

void reportYield(const RemovedCall &removed, const RewrittenFunction &function, Reporter &reporter)
{
    Draft draft = draftOfGone(removed, function, "The task no longer yields here", "yields");
    draft.steps = {{"before this change", "gave the thread back now and then", removed.call.node},
                   {"now", "goes on as long as there is work", removed.near},
                   {"other tasks", "of this thread wait for it", removed.near}};
    draft.outcome =
        "While this loop always finds something to do, nothing else runs on its thread: no timer, no "
        "heartbeat, no cancellation.";
    reporter.report(std::move(draft));
}

void report(const Call &call, const Call &old, Reporter &reporter)
{
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle({quoted(call.node.text(), 30) + " now blocks the thread, and was awaited",
                                "A call now blocks the thread where it was awaited"});
    draft.steps = {{"before this change", "gave the thread back while it waited", old.node},
                   {"now", "keeps the executor's thread meanwhile", call.node}};
    draft.outcome =
        "All other tasks of this thread wait as well; if one of them has to let this one go on, none does.";
    draft.evidence = {old.node};
    draft.facts = {"resolved: the call was awaited before the change and is not after it",
                   "resolved: it runs in async code", "assumed: what it waits for is not there at once"};
    reporter.report(std::move(draft));
}

/// "par_fsync" of `par_fsync_async`, `async_par_fsync`, `par_fsync_nonblocking`.
std::string blockingNameOf(std::string_view name)
{
    for (const std::string_view end : {"_async", "_nonblocking", "_non_blocking"}) {
        if (name.ends_with(end))
            return std::string(name.substr(0, name.size() - end.size()));
    }
    return name.starts_with("async_") ? std::string(name.substr(6)) : std::string();
}

/// An awaited call gave way to the form of it that blocks: `read_async(..).await` to `read(..)`.
bool checkForm(const Call &call, const RewrittenFunction &function, const RuleInput &input,
               Reporter &reporter)
{
    if (rust::isAwaited(call.node) || function.baseCalls->has(call) ||
        !rust::runsAsync(call.node, input.file))
        return false;
    for (const Call &old : rust::callsIn(function.base->body)) {
        const std::string name = blockingNameOf(old.name);
        const bool isForm =
            !name.empty() && (call.name == name || call.name == name + "_sync" ||
                              call.name == name + "_blocking" || call.name == "blocking_" + name);
        if (isForm && rust::isAwaited(old.node) && !function.headCalls->has(old)) {
            report(call, old, reporter);
            return true;
        }
    }
    return false;
}

/// The same call on the same place was awaited, and is not any more.
bool checkAwait(const Call &call, const RewrittenFunction &function, const RuleInput &input,
                Reporter &reporter)
{
    if (!mayBlock(call) || rust::isAwaited(call.node) || !rust::runsAsync(call.node, input.file))
        return false;
    const auto &before = function.baseCalls->like(call);
    const auto &now = function.headCalls->like(call);
    const auto isAwaited = [](const Call *each) { return rust::isAwaited(each->node); };
    const Node parent = call.node.parent();
    const bool isUsedUp = parent.isAny({"try_expression", "expression_statement", "let_declaration"}) ||
                          isOneOf(rust::toCall(parent.parent()).name, {"unwrap", "expect", "clone", "is_ok"});
    if (before.empty() || !std::all_of(before.begin(), before.end(), isAwaited) ||
        std::any_of(now.begin(), now.end(), isAwaited) || !isUsedUp ||
        call.node.ancestor({"macro_invocation"}))
        return false;
    if (mentions(function.head->body.text(), {"pin!", "select!", "join!", "timeout("}))
        return false; // the future is awaited by other means
    report(call, *before.front(), reporter);
    return true;
}

} // namespace

void check_blocks_where_yielded(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const RemovedCall &removed : removedCalls(function, yields, input))
            reportYield(removed, function, reporter);
        for (const Call &call : rust::callsIn(function.head->body)) {
            if (checkAwait(call, function, input, reporter) || checkForm(call, function, input, reporter))
                break;
        }
    }
}

} // namespace review::rules
