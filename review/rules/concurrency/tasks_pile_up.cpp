// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

using rust::Node;

/// The loop that runs for as long as the server does: `loop` or `while` around the node, closures not
/// crossed.
Node endlessLoopAround(const Node &node)
{
    Node loop = rust::loopAround(node);
    while (loop && loop.is("for_expression"))
        loop = rust::loopAround(loop.parent());
    return loop;
}

/// In the loop somebody takes finished ones out, counts them, or is handed the whole set.
bool isDrainedIn(const Node &loop, std::string_view set)
{
    for (const Node &use : rust::usesOf(set, loop)) {
        const Node parent = use.parent();
        const rust::Call call = rust::toCall(parent.is("field_expression") ? parent.parent() : Node());
        const bool isAdding = isOneOf(call.name, {"push", "push_back", "spawn", "spawn_on", "spawn_local"}) &&
                              call.receiver == use;
        if (!isAdding)
            return true;
    }
    return false;
}

void checkSet(const Node &let, const RuleInput &input, Reporter &reporter)
{
    const Node name = let.field("pattern");
    const rust::Call made = rust::toCall(let.field("value"));
    const Node scope = rust::blockOf(let);
    for (const Node &use : rust::usesOf(name.text(), scope)) {
        const rust::Call call = rust::toCall(use.parent().parent());
        const bool isAdding = isOneOf(call.name, {"push", "spawn", "spawn_on"}) && call.receiver == use;
        const Node loop = isAdding ? endlessLoopAround(call.node) : Node();
        if (!loop || let.isInside(loop) || rust::bodyOf(call.node) != rust::bodyOf(let) ||
            isDrainedIn(loop, name.text()))
            continue;
        if (!rust::runsAsync(call.node, input.file))
            continue;
        Draft draft;
        draft.at = call.node;
        draft.title =
            fittingTitle({"Finished tasks stay in `" + std::string(name.text()) + "` until the loop ends",
                          "Finished tasks stay in their set until the loop ends"});
        draft.steps = {{"this task", "makes an empty set", let},
                       {"each round", "adds one more", call.node},
                       {"the loop", "never takes a finished one out", loop.field("body")}};
        draft.outcome =
            "The set grows by one with every request for as long as the loop runs, with what each "
            "finished task left behind.";
        draft.evidence = {let};
        draft.facts = {"resolved: `" + std::string(name.text()) + "` is a `" +
                           made.path.substr(0, made.path.rfind("::")) + '`',
                       "resolved: the loop only adds to it", "assumed: the loop runs for long"};
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_tasks_pile_up(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("FuturesUnordered") && !input.file.tree().contains("JoinSet"))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (!function.body || function.isTest)
            continue;
        for (const Node &let : function.body.descendants("let_declaration")) {
            const std::string &path = rust::toCall(let.field("value")).path;
            if (let.field("pattern").is("identifier") &&
                (path.ends_with("FuturesUnordered::new") || path.ends_with("JoinSet::new")))
                checkSet(let, input, reporter);
        }
    }
}

} // namespace review::rules
