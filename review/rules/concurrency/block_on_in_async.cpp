// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_targets.h"
#include "review/rules/lock_wording.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// The repository's own `block_on` hands the thread's other tasks to another thread first.
bool tellsRuntime(const rust::Call &call, const RuleInput &input)
{
    const auto callees = input.model.callees(call.node, input.file);
    return std::any_of(callees.begin(), callees.end(), [](const rust::Function *callee) {
        return callee->body.text().find("block_in_place") != std::string_view::npos;
    });
}

/// It waits on its thread for what other tasks of the executor must do.
bool waitsForTasks(const rust::Call &call, const RuleInput &input)
{
    if (call.name == "block_on") {
        const bool named =
            call.isMethod() || call.path == "block_on" || call.path.find("::block_on") != std::string::npos;
        return named && !tellsRuntime(call, input);
    }
    if (!call.isMethod() || !isOneOf(call.name, {"blocking_lock", "blocking_read", "blocking_write",
                                                 "blocking_send", "blocking_recv", "blocking_lock_owned"}))
        return false;
    const rust::Type type = input.model.infer(call.receiver, input.file).peeled();
    return !type.known() || type.path.starts_with("tokio::") || rust::isAsyncLock(rust::lockFamily(type));
}

/// A call in the callee's own body that waits so; null if none.
rust::Node waitIn(const rust::Function &callee, const RuleInput &input)
{
    const std::string_view text = callee.body.text();
    if (text.find("block_on") == std::string_view::npos && text.find("blocking_") == std::string_view::npos)
        return {};
    if (text.find("block_in_place") != std::string_view::npos || callee.isAsync)
        return {};
    const RuleInput there{input.model, *callee.file, input.locks};
    for (const rust::Call &call : rust::callsIn(callee.body)) {
        if (rust::bodyOf(call.node) == callee.body && waitsForTasks(call, there))
            return call.node;
    }
    return {};
}

rust::Node waitThrough(const rust::Call &call, const RuleInput &input)
{
    if (rust::isAwaited(call.node))
        return {}; // it gives a future, so it is another function
    if (!input.model.mayDeclare(call.name, "block_on") && !input.model.mayDeclare(call.name, "blocking_"))
        return {};
    const auto callees = input.model.callees(call.node, input.file);
    if (callees.size() != 1 || !isSureTarget(call, *callees.front(), input.file, input.model))
        return {};
    return waitIn(*callees.front(), input);
}

void checkCall(const rust::Call &call, const RuleInput &input, Reporter &reporter)
{
    if (!rust::runsAsync(call.node, input.file))
        return;
    const bool direct = waitsForTasks(call, input);
    const rust::Node wait = direct ? call.node : waitThrough(call, input);
    if (!wait)
        return;
    const std::string name = quoted(rust::toCall(wait).name, 24);
    Draft draft;
    draft.at = call.node;
    draft.title = direct ? name + " waits inside async code"
                         : fittingTitle({quoted(call.name, 28) + " waits by " + name + " inside async code",
                                         name + " waits inside async code"});
    draft.steps = {
        {"task A", "calls " + quoted(call.name, 28) + " and keeps the executor's thread", call.node},
        {"task B", "has to run on that thread to finish what task A waits for", wait}};
    draft.outcome = "tokio panics here (\"Cannot start a runtime from within a runtime\"), or, with another "
                    "executor, the two wait for each other.";
    if (!direct)
        draft.evidence = {wait};
    draft.facts = {"resolved: the call stands in async code, not in a closure for spawn_blocking or a thread",
                   "resolved: " + name + " blocks its thread until a future is done"};
    // These know of no runtime that could object; they keep the thread as long as the future takes.
    if (mentions(rust::toCall(wait).path, {"pollster", "futures::executor", "futures_lite", "smol"})) {
        draft.facts.push_back("assumed: the future waits for something");
        draft.confidence = 0.75;
    }
    const std::string_view method = call.name;
    if (direct && method.starts_with("blocking_") && call.isMethod() && !method.ends_with("_owned")) {
        const rust::Node field = call.node.field("function").field("field");
        const std::uint32_t end = call.node.bytes().end;
        draft.edits.push_back({field.bytes(), std::string(method.substr(9))});
        draft.edits.push_back({{end, end}, ".await"});
    } else if (direct && !call.isMethod() && call.arguments.size() == 1 &&
               call.arguments.front().isAny({"call_expression", "identifier"})) {
        draft.edits.push_back({call.node.bytes(), std::string(call.arguments.front().text()) + ".await"});
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_block_on_in_async(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("async"))
        return;
    for (const rust::Call &call : rust::callsIn(input.file.root()))
        checkCall(call, input, reporter);
}

} // namespace review::rules
