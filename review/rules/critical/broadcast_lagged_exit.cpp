// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/channels.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A loop ends when this `recv()` fails, whatever the failure is: its condition, or a match or let-else in
/// it.
Node endedLoop(const Node &awaited)
{
    const Node parent = awaited.parent();
    const std::string pattern = compact(parent.field("pattern").text());
    if (parent.is("let_condition") && parent.parent().is("while_expression"))
        return pattern.starts_with("Ok(") ? parent.parent() : Node();
    const Node loop = rust::loopAround(awaited);
    if (!loop)
        return {};
    if (parent.is("let_declaration") && pattern.starts_with("Ok(") && parent.field("alternative"))
        return rust::diverges(parent.field("alternative")) &&
                       parent.field("alternative").descendants("continue_expression").empty()
                   ? loop
                   : Node();
    if (!parent.is("match_expression") || parent.text().find("Lagged") != std::string_view::npos)
        return {};
    for (const Node &arm : parent.field("body").namedChildren()) {
        const std::string text = arm.is("match_arm") ? compact(arm.field("pattern").text()) : std::string();
        const Node value = arm.field("value");
        const bool any = text == "_" || (text.starts_with("Err(") && text.find("::") == std::string::npos &&
                                         text.find("Lagged") == std::string::npos &&
                                         text.find("Closed") == std::string::npos);
        if (any && rust::diverges(value) && !value.is("continue_expression") &&
            value.descendants("continue_expression").empty() &&
            value.text().find("match") == std::string_view::npos)
            return loop;
    }
    return {};
}

/// The caller is told of the failure and can subscribe anew.
bool tellsCaller(const Node &awaited)
{
    const Node match = awaited.parent();
    return match.is("match_expression") && match.text().find("return Err(") != std::string_view::npos;
}

void report(const Call &call, const Node &loop, Reporter &reporter)
{
    const std::string name = quoted(call.receiver.text(), 26);
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle({"The loop over " + name + " ends when it lags behind once",
                                "The loop ends when its receiver lags behind once"});
    draft.steps = {{"senders", "send more than the channel holds while the task is busy", call.node},
                   {"task", "gets `Err(Lagged(n))` from `recv()`: messages were skipped, the channel is open",
                    call.node},
                   {"task", "takes it for the end and leaves the loop", loop}};
    draft.outcome =
        "Nothing receives any more, without an error: the subscriber is deaf from the first burst on.";
    draft.facts = {"resolved: " + name + " is a `tokio::sync::broadcast::Receiver`",
                   "resolved: `Lagged` and `Closed` are handled alike"};
    if (tellsCaller(call.node.parent())) {
        draft.outcome = "The caller is told that the channel failed, though it is open.";
        draft.confidence = 0.65;
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_broadcast_lagged_exit(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("broadcast") || !tree.contains(".recv()"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (call.name != "recv" || !call.isMethod() || !node.parent().is("await_expression"))
            continue;
        const Node loop = endedLoop(node.parent());
        // A signal to stop is meant to end the loop however it comes.
        if (!loop ||
            mentions(call.receiver.text(), {"stop", "shutdown", "exit", "kill", "close", "terminat", "quit"}))
            continue;
        if (channelEnd(call.receiver, input) == "tokio::sync::broadcast::Receiver")
            report(call, loop, reporter);
    }
}

} // namespace review::rules
