// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/channels.h"
#include "review/rules/checks.h"
#include "review/rules/failing_arms.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// Why a failure of this call comes again at once in the next round.
std::string reasonFor(const Call &call, const RuleInput &input)
{
    if (!call.isMethod() || !call.arguments.empty() || !isOneOf(call.name, {"recv", "changed", "next"}))
        return {};
    if (call.name == "next")
        return {};
    const std::string end = channelEnd(call.receiver, input);
    if (!end.ends_with("Receiver"))
        return {};
    return "`" + end + "` answers at once, again and again, when all senders are gone";
}

/// An arm that says `continue` is what failed-receive-continues looks for.
bool saysContinue(const FailingArm &arm)
{
    return arm.handler && mentions(arm.handler.text(), {"continue"});
}

/// A failure that may be something else than the end: only some errors, or one that lags.
bool mayPass(const FailingArm &arm)
{
    return arm.guarded || mentions(arm.pattern.text(), {"lagged", "timeout", "empty", "timedout"});
}

/// The loop has a pause, or the handler notes the end for the loop to see, so that it does not spin.
bool hasPause(const FailingArm &arm)
{
    return arm.handler &&
           (mentions(arm.handler.text(), {"sleep", "await", "closed", "lagged", "= true", "= false"}));
}

void report(const FailingArm &arm, const std::string &reason, const Node &loop, Reporter &reporter)
{
    const std::string name = quoted(arm.call.node.text(), 26);
    Draft draft;
    draft.at = arm.call.node;
    draft.title = fittingTitle(
        {"Once closed, " + name + " makes the loop spin", "Once the channel is closed, the loop spins"});
    draft.steps = {{"senders", "are all dropped", arm.call.node},
                   {"task", "gets the end from " + name + " and goes on with the loop",
                    arm.handler ? arm.handler : arm.call.node},
                   {"task", "gets it again, without waiting, for ever", loop}};
    draft.outcome = "The task takes a whole processor and never ends; nothing else runs on its worker.";
    draft.facts = {"resolved: " + reason, "resolved: on the end the loop goes on without a pause"};
    draft.evidence = {loop};
    reporter.report(std::move(draft));
}

} // namespace

void check_closed_channel_spin(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains(".recv()") && !tree.contains(".changed()"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!call.isMethod() || !isOneOf(call.name, {"recv", "changed"}))
            continue;
        const Node loop = rust::loopAround(node);
        if (!loop || (loop.is("while_expression") && !node.isInside(loop.field("body"))) ||
            loop.is("for_expression"))
            continue;
        const auto arm = failingArm(call);
        if (!arm || !arm->staysInLoop || mayPass(*arm) || saysContinue(*arm) || hasPause(*arm))
            continue;
        // Where something else in the round may wait, the loop only does useless work.
        if (rust::awaitPoints(rust::bodyOf(node)).size() > 1 &&
            mentions(loop.text(), {"select!", "sleep", "tick"}))
            continue;
        // A channel that is made in each round closes for that round only.
        const Node binding = rust::bindingOf(call.receiver);
        if (binding && binding.isInside(loop))
            continue;
        // The sender is a static: it is never dropped.
        const Call made = rust::toCall(rust::stripAdapters(rust::initialiserOf(call.receiver)));
        if (made.isMethod() && made.name == "subscribe" && isConstant(made.receiver))
            continue;
        if (const std::string reason = reasonFor(call, input); !reason.empty())
            report(*arm, reason, loop, reporter);
    }
}

} // namespace review::rules
