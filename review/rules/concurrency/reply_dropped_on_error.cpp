// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/channels.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// By its name the value answers somebody.
bool isReplyName(std::string_view text)
{
    return mentions(
        text, {"reply", "resp", "respond", "answer", "tx", "sender", "done", "ack", "callback", "result"});
}

/// A `?` between where the reply channel is bound and where it is answered, that leaves the function or
/// block.
Node exitBetween(const Node &binding, const Node &send)
{
    const Node body = rust::bodyOf(send);
    for (const Node &node : body.descendants("try_expression")) {
        if (node.index() < binding.index() || node.bytes().begin >= send.bytes().begin ||
            node.isInside(binding) || send.isInside(node) || !rust::runsIn(node, body) ||
            !rust::canReach(node, send))
            continue;
        return node;
    }
    return {};
}

} // namespace

void check_reply_dropped_on_error(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("oneshot"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!call.isMethod() || call.name != "send" || call.arguments.size() != 1 ||
            !call.receiver.is("identifier") || !isReplyName(call.receiver.text()) || rust::isAwaited(node))
            continue;
        const Node binding = rust::bindingOf(call.receiver);
        if (!binding || rust::bodyOf(binding) != rust::bodyOf(node) || binding.is("let_declaration"))
            continue; // one that was made here has its receiver here as well
        const Node exit = exitBetween(binding, node);
        if (!exit)
            continue;
        const std::string end = channelEnd(call.receiver, input);
        const bool known = end.ends_with("oneshot::Sender");
        if (!known && !end.empty())
            continue;
        if (!known && !binding.parent().is("match_arm"))
            continue;
        const std::string name = quoted(call.receiver.text(), 20);
        Draft draft;
        draft.at = exit;
        draft.title = fittingTitle(
            {"An error leaves without an answer on " + name, "An error leaves without an answer"});
        draft.steps = {{"requester", "sends a request and waits for " + name, binding},
                       {"task", "fails here and leaves; " + name + " is dropped", exit},
                       {"requester", "learns that the channel is closed, and not why", node}};
        draft.outcome = "The requester can't tell a refused request from a crash, and the error is lost or "
                        "ends the whole loop.";
        draft.facts = {known ? "resolved: " + name + " is a `" + end + "`"
                             : "assumed: " + name + " is a oneshot sender",
                       "resolved: the answer is sent only after this place"};
        draft.evidence = {node};
        draft.confidence = known ? 1.0 : 0.8;
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
