// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/polls.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// `X` of a condition `X.is_none()`; empty for others.
std::string emptySlot(const Node &condition)
{
    const Call call = rust::toCall(condition);
    return call.name == "is_none" ? rust::placeText(call.receiver) : std::string();
}

bool makesWaker(const Node &node, const PollBody &poll)
{
    const std::string text = compact(node.text());
    return text.find(poll.context + ".waker().clone()") != std::string::npos;
}

/// Where a waker is stored only if none was there before; null if there is none.
Node keptWaker(const Node &node, const PollBody &poll)
{
    if (const Call call = rust::toCall(node)) {
        const bool keeps = isOneOf(call.name, {"get_or_insert_with", "get_or_insert"});
        return keeps && !call.arguments.empty() && makesWaker(call.arguments.front(), poll) ? node : Node();
    }
    if (!node.is("if_expression") || node.field("alternative"))
        return {};
    const std::string slot = emptySlot(node.field("condition"));
    if (slot.empty())
        return {};
    for (const Node &assignment : node.field("consequence").descendants("assignment_expression")) {
        if (rust::placeText(assignment.field("left")) == slot && makesWaker(assignment.field("right"), poll))
            return node;
    }
    return {};
}

} // namespace

void check_stale_waker(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains(".waker()"))
        return;
    for (const PollBody &poll : pollBodies(input.file)) {
        for (const Node node : poll.body.descendants()) {
            const Node kept =
                node.isAny({"if_expression", "call_expression"}) ? keptWaker(node, poll) : Node();
            if (!kept)
                continue;
            Draft draft;
            draft.at = kept;
            draft.title =
                fittingTitle({quoted(poll.name, 26) + " keeps the first waker and ignores newer ones",
                              "The first waker is kept and newer ones are ignored"});
            draft.steps = {{"task A", "polls and stores its waker", kept},
                           {"task B", "polls the same future after it was moved; A's waker stays", kept},
                           {"sender", "wakes A, which no longer waits", kept}};
            draft.outcome = "Task B, which waits now, is not woken and hangs.";
            draft.facts = {"resolved: the waker is stored only when the place is empty"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
