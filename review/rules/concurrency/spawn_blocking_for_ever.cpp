// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// An endless loop that nothing leaves; null if there is none in the closure itself.
Node endlessLoop(const Node &closure)
{
    for (const Node &node : closure.descendants()) {
        const bool endless = node.is("loop_expression") ||
                             (node.is("while_expression") && node.field("condition").text() == "true");
        if (!endless || !rust::runsIn(node, closure))
            continue;
        const bool leaves = anyIn(node, [](const Node &at) {
            return at.isAny({"break_expression", "return_expression", "try_expression"}) ||
                   isOneOf(rust::macroName(at), {"panic", "unreachable"});
        });
        if (!leaves)
            return node;
    }
    return {};
}

} // namespace

void check_spawn_blocking_for_ever(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("spawn_blocking"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (call.name != "spawn_blocking" || call.arguments.size() != 1 ||
            !call.arguments.front().is("closure_expression"))
            continue;
        const Node loop = endlessLoop(call.arguments.front());
        if (!loop)
            continue;
        Draft draft;
        draft.at = node;
        draft.title = "`spawn_blocking` runs a loop that never ends";
        draft.steps = {{"task", "hands the closure to the pool for blocking calls", node},
                       {"pool", "gives it a thread, which never comes back", loop},
                       {"runtime", "waits for that thread when it shuts down", node}};
        draft.outcome =
            "The pool is one thread smaller for good, and the process can't shut down in an orderly way.";
        draft.facts = {"resolved: nothing in the loop leaves it",
                       "resolved: a blocking closure can't be aborted"};
        draft.evidence = {loop};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
