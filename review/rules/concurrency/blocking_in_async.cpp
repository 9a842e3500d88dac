// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/blocking_calls.h"
#include "review/rules/call_targets.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <optional>
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
    const bool usesTokio = input.file.tree().contains("tokio");
    if (!blocking.swaps || !usesTokio)
        return;
    const rust::Node function = call.node.field("function");
    const std::uint32_t end = call.node.bytes().end;
    draft.edits.push_back({function.bytes(), blocking.instead});
    draft.edits.push_back({{end, end}, ".await"});
}

/// A program for people at a terminal runs one command and has few tasks to hold up.
bool isCommandLineTool(const std::string &path)
{
    return mentions(path, {"cli/", "-cli", "_cli", "ctl/", "-ctl", "/bin/", "tool", "simulator", "xtask",
                           "control_plane", "/cmd/", "commands/", "script"});
}

/// A function of the repository, not async itself, that waits for long: a sleep, an fsync, a whole file.
std::optional<Blocking> throughCallee(const rust::Call &call, const RuleInput &input, rust::Node &inner)
{
    const auto callees = input.model.callees(call.node, input.file);
    if (callees.size() != 1 || callees.front()->isAsync || !callees.front()->body ||
        !isSureTarget(call, *callees.front(), input.file, input.model))
        return std::nullopt;
    const rust::Function &callee = *callees.front();
    const RuleInput there{input.model, *callee.file, input.locks};
    for (const rust::Node &node : callee.body.descendants("call_expression")) {
        const rust::Call below = rust::toCall(node);
        if (!isOneOf(below.name, {"sleep", "sync_all", "sync_data", "read", "read_to_string", "write", "copy",
                                  "remove_dir_all", "output", "recv", "join", "connect"}) ||
            !rust::runsIn(node, callee.body))
            continue;
        auto blocking = blockingCall(below, there);
        if (!blocking || blocking->confidence < 1)
            continue;
        inner = node;
        blocking->name = std::string(callee.name);
        blocking->confidence = 0.65;
        blocking->swaps = false;
        return blocking;
    }
    return std::nullopt;
}

void checkCall(const rust::Call &call, const RuleInput &input, Reporter &reporter)
{
    auto blocking = blockingCall(call, input);
    rust::Node inner;
    if ((!blocking && rust::isAwaited(call.node)) || !rust::runsAsync(call.node, input.file) ||
        isProgramMain(input.file.functionAt(call.node)))
        return;
    if (!blocking)
        blocking = throughCallee(call, input, inner);
    if (!blocking)
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
    if (inner)
        draft.steps.insert(draft.steps.begin() + 1,
                           {"task A", "waits there, in " + quoted(inner.text(), 40), inner});
    draft.facts = {inner ? "resolved: " + name + " runs " + quoted(inner.text(), 40)
                         : "resolved: the call is " + name,
                   "resolved: it stands in async code, not in a closure for spawn_blocking or a thread"};
    draft.severity = blocking->severity;
    draft.confidence = blocking->confidence * (isCommandLineTool(input.file.path()) ? 0.6 : 1.0);
    addSwap(call, *blocking, input, draft);
    reporter.report(std::move(draft));
}

} // namespace

void check_blocking_in_async(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("async"))
        return;
    for (const rust::Call &call : rust::callsIn(input.file.root()))
        checkCall(call, input, reporter);
}

} // namespace review::rules
