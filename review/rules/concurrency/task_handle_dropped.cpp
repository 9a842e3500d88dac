// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool spawnsTask(const Call &call, const rust::File &file)
{
    return !call.isMethod() && call.name == "spawn" &&
           isOneOf(file.resolve(call.path), {"tokio::spawn", "tokio::task::spawn"});
}

/// The statement throws the handle away.
bool dropsHandle(const Node &call)
{
    const Node parent = call.parent();
    return (parent.is("expression_statement") && parent.text().ends_with(';')) ||
           (parent.is("let_declaration") && parent.field("pattern").text() == "_");
}

/// Why nobody learns how the task ended: it may fail, and its value says so.
Node failingEnd(const Node &task, const RuleInput &input, std::string &fact)
{
    if (task.is("async_block")) {
        for (const Node &node : task.descendants("try_expression")) {
            if (rust::runsIn(node, task)) {
                fact = "resolved: the task leaves early by `?`, with an error that goes nowhere";
                return node;
            }
        }
        return {};
    }
    const Call call = rust::toCall(task);
    if (!call)
        return {};
    const auto callees = input.model.callees(call.node, input.file);
    if (callees.size() != 1 || !callees.front()->isAsync || !callees.front()->returnsResult())
        return {};
    fact = "resolved: `" + callees.front()->path() + "` returns a Result, which goes nowhere";
    return call.node;
}

} // namespace

void check_task_handle_dropped(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("spawn("))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (call.name != "spawn" || call.arguments.size() != 1 || !dropsHandle(node) ||
            !spawnsTask(call, input.file))
            continue;
        // `.instrument(span)` and the like stand on the task itself.
        Node task = call.arguments.front();
        for (Call outer = rust::toCall(task);
             outer.isMethod() && isOneOf(outer.name, {"instrument", "in_current_span", "boxed"});
             outer = rust::toCall(task))
            task = outer.receiver;
        std::string fact;
        const Node end = failingEnd(task, input, fact);
        if (!end)
            continue;
        Draft draft;
        draft.at = node;
        draft.title = "A spawned task can fail, and nobody learns of it";
        draft.steps = {{"caller", "spawns the task and drops its handle", node},
                       {"task", "ends with an error", end},
                       {"runtime", "drops the error with the task's result", node}};
        draft.outcome = "The work has stopped, and neither a log line nor a caller tells so.";
        draft.facts = {fact, "resolved: the `JoinHandle` is dropped in the same statement"};
        draft.evidence = {end};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
