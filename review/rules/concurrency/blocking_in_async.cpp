// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/blocking_calls.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <string>

namespace review::rules {

namespace {

/// A command-line program's own main has no other tasks to hold up while it starts and ends.
bool isProgramMain(const rust::Function *function)
{
    return function && function->name == "main" && function->selfType.empty();
}

void addSwap(const rust::Call &call, const Blocking &blocking, const RuleInput &input, Draft &draft)
{
    const bool usesTokio = input.file.tree().text().find("tokio") != std::string::npos;
    if (!blocking.swaps || !usesTokio)
        return;
    const rust::Node function = call.node.field("function");
    const std::uint32_t end = call.node.bytes().end;
    draft.edits.push_back({function.bytes(), blocking.instead});
    draft.edits.push_back({{end, end}, ".await"});
}

void checkCall(const rust::Call &call, const RuleInput &input, Reporter &reporter)
{
    const auto blocking = blockingCall(call, input);
    if (!blocking || !rust::runsAsync(call.node, input.file) ||
        isProgramMain(input.file.functionAt(call.node)))
        return;
    const std::string name = quoted(blocking->name, 44);
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle({quoted(blocking->name, 44) + " blocks the executor's thread",
                                quoted(call.name, 24) + " blocks the executor's thread"});
    draft.steps = {{"task A", "calls " + name + " and keeps the thread it runs on", call.node},
                   {"tasks B, C, …", "are ready, but their thread does not come back to them", call.node}};
    draft.outcome =
        "Every task on this worker waits as long as the call takes: timers fire late, heartbeats are "
        "missed, and with as many such calls as workers nothing moves.";
    draft.facts = {"resolved: the call is " + name,
                   "resolved: it stands in async code, not in a closure for spawn_blocking or a thread"};
    draft.severity = blocking->severity;
    draft.confidence = blocking->confidence;
    addSwap(call, *blocking, input, draft);
    reporter.report(std::move(draft));
}

} // namespace

void check_blocking_in_async(const RuleInput &input, Reporter &reporter)
{
    if (input.file.tree().text().find("async") == std::string::npos)
        return;
    for (const rust::Call &call : rust::callsIn(input.file.root()))
        checkCall(call, input, reporter);
}

} // namespace review::rules
