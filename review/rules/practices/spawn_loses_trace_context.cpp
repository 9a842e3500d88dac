// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isInstrumented(const rust::Function &function)
{
    return std::ranges::any_of(function.attributes, [](const std::string &attribute) {
        return attribute.starts_with("instrument") || attribute.starts_with("tracing::instrument");
    });
}

/// The spawned code logs something or has spans of its own to hang below the request's.
Node logLineIn(const Node &task)
{
    for (const Node &macro : task.descendants("macro_invocation")) {
        if (isOneOf(rust::macroName(macro), {"trace", "debug", "info", "warn", "error", "event"}))
            return macro;
    }
    return {};
}

} // namespace

void check_spawn_loses_trace_context(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("spawn(") || !tree.contains("instrument"))
        return;
    for (const Call &call : callsNamed({"spawn"}, input.file)) {
        const rust::Function *function = input.file.functionAt(call.node);
        if (call.isMethod() || call.arguments.size() != 1 || !function || !isInstrumented(*function) ||
            isTestOrTool(call.node, input.file) ||
            !isOneOf(input.file.resolveAt(call.path, call.node), {"tokio::spawn", "tokio::task::spawn"}))
            continue;
        const Node task = call.arguments.front();
        const Node log = task.is("async_block") ? logLineIn(task) : Node();
        if (!log ||
            hasAny(task.text(), {"span!", "Span::", ".instrument(", "in_current_span", "follows_from"}))
            continue;
        Draft draft;
        draft.at = call.node;
        draft.title =
            fittingTitle({"The task spawned in " + quoted(function->name, 24) + " logs outside of its span",
                          "A spawned task logs outside of its request's span"});
        draft.steps = {
            {"request", "enters the span of " + quoted(function->name), function->node.field("name")},
            {"request", "spawns a task, which starts without a span", call.node},
            {"task", "logs, and nothing says for which request", log}};
        draft.outcome =
            "The trace of the request ends here; what goes wrong in the task cannot be found by it.";
        draft.facts = {"resolved: " + quoted(function->name) +
                       " has `#[instrument]`, and `spawn` does not hand its span on"};
        draft.evidence = {log};
        if (tree.contains("Instrument;") || tree.contains("Instrument}") || tree.contains("Instrument,")) {
            const std::uint32_t end = task.bytes().end;
            draft.edits.push_back({{end, end}, ".in_current_span()"});
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
