// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/channels.h"
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

/// The statement throws the send's answer away: `let _ = tx.send(x).await;`, `tx.send(x).await.ok();`.
bool ignoresAnswer(const Node &send)
{
    const Node statement = rust::statementOf(send);
    if (statement.is("let_declaration"))
        return statement.field("pattern").text() == "_" && send.isInside(statement.field("value")) &&
               rust::stripAdapters(statement.field("value")) == send;
    if (!statement.is("expression_statement") || !statement.text().ends_with(';'))
        return false;
    const Node expression = statement.firstNamedChild();
    const Call last = rust::toCall(expression);
    return last.name == "ok" && rust::stripAdapters(expression) == send;
}

/// Something else ends the loop or tells it of the end.
bool endsOtherwise(const Node &loop)
{
    return anyIn(loop, [&](const Node &node) {
        if (node.isAny({"break_expression", "return_expression", "try_expression"}))
            return true;
        const Call call = rust::toCall(node);
        return call &&
               isOneOf(call.name, {"is_closed", "closed", "recv", "next", "is_cancelled", "cancelled"});
    });
}

/// The task's handle has a name: whoever keeps it may abort the task with the receiver.
bool isHandleKept(const Node &loop)
{
    const Call spawn = rust::toCall(loop.ancestor({"call_expression"}));
    const Node let = spawn ? spawn.node.ancestor({"let_declaration", "block"}) : Node();
    return spawn.name == "spawn" && let.is("let_declaration");
}

} // namespace

void check_producer_ignores_closed(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("mpsc") || !tree.contains(".send("))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!call.isMethod() || call.name != "send" || call.arguments.size() != 1 || !ignoresAnswer(node))
            continue;
        const Node loop = rust::loopAround(node);
        if (!loop ||
            !(loop.is("loop_expression") ||
              (loop.is("while_expression") && loop.field("condition").text() == "true")) ||
            endsOtherwise(loop))
            continue;
        const std::string end = channelEnd(call.receiver, input);
        if (!end.ends_with("mpsc::Sender") && !end.ends_with("mpsc::UnboundedSender"))
            continue;
        const std::string name = quoted(call.receiver.text(), 24);
        Draft draft;
        draft.at = node;
        draft.title = fittingTitle({"The loop goes on sending to " + name + " after its receiver is gone",
                                    "The loop goes on after its receiver is gone"});
        draft.steps = {{"receiver", "is dropped: the client went away", node},
                       {"task", "gets an error from `send` and ignores it", node},
                       {"task", "does the next round's work for nobody", loop}};
        draft.outcome =
            "The task never ends: each client that goes away leaves one behind, with all it holds.";
        draft.facts = {"resolved: " + name + " is a `" + end + "`",
                       "resolved: the loop has no other way out"};
        draft.evidence = {loop};
        draft.confidence = isHandleKept(loop) ? 0.7 : 1;
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
