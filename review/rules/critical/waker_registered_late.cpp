// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/polls.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// An AtomicWaker's registration, or one that looks like it and is named for it.
bool isRegistration(const Call &call, const PollBody &poll, const RuleInput &input)
{
    if (!call.isMethod() || call.arguments.size() != 1 ||
        !isOneOf(call.name, {"register", "register_by_ref"}))
        return false;
    if (compact(call.arguments.front().text()).find(poll.context + ".waker()") == std::string::npos)
        return false;
    const rust::Type type = input.model.infer(call.receiver, input.file);
    return type.known() ? type.peeled().name() == "AtomicWaker" : mentions(call.receiver.text(), {"waker"});
}

/// `Poll::Pending` follows the statement directly: nothing looks at the state again.
Node pendingAfter(const Node &statement, const PollBody &poll)
{
    Node next = statement.nextNamedSibling();
    if (next.is("expression_statement"))
        next = next.firstNamedChild();
    if (next.is("return_expression"))
        next = next.firstNamedChild();
    const auto found = std::find(poll.pendings.begin(), poll.pendings.end(), next);
    return found == poll.pendings.end() ? Node() : *found;
}

/// Where the state was looked at before the registration: an earlier answer, or the condition around it.
Node checkBefore(const Node &registration, const PollBody &poll)
{
    for (Node at = registration; at && at != poll.body; at = at.parent()) {
        if (at.parent().is("if_expression") && at.fieldName() != "condition")
            return at.parent().field("condition");
        if (at.is("match_arm"))
            return at.parent().parent().field("value");
        if (!at.parent().is("block"))
            continue;
        for (Node before = at.previousNamedSibling(); before; before = before.previousNamedSibling()) {
            const Node expression = before.is("expression_statement") ? before.firstNamedChild() : before;
            const bool answers = expression.isAny({"if_expression", "match_expression"}) &&
                                 !expression.descendants("return_expression").empty();
            if (answers)
                return expression.field(expression.is("if_expression") ? "condition" : "value");
        }
    }
    return {};
}

} // namespace

void check_waker_registered_late(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    const std::string &text = input.file.tree().text();
    if (!tree.contains(".waker()") || !tree.contains(".register"))
        return;
    // A browser has one thread: nothing comes between.
    if (mentions(text, {"web_sys", "wasm_bindgen", "js_sys"}))
        return;
    for (const PollBody &poll : pollBodies(input.file)) {
        for (const Call &call : rust::callsIn(poll.body)) {
            if (!isRegistration(call, poll, input))
                continue;
            const Node pending = pendingAfter(rust::statementOf(call.node), poll);
            const Node check = pending ? checkBefore(call.node, poll) : Node();
            // A lock that is held meanwhile keeps the other side out.
            if (!check || rust::loopAround(call.node) ||
                mentions(poll.body.text(), {".lock()", ".borrow_mut()"}))
                continue;
            Draft draft;
            draft.at = call.node;
            draft.title = "The waker is registered after the check, so a wake-up is lost";
            draft.steps = {{"task", "looks at the state, which is not ready", check},
                           {"other thread", "makes it ready and wakes; no waker is registered yet", check},
                           {"task", "registers its waker and answers `Pending`", call.node}};
            draft.outcome = "The wake-up has already been; the task sleeps although its value is there.";
            draft.facts = {"resolved: between the registration and `Pending` nothing is looked at again",
                           "assumed: another thread changes the state without a lock"};
            draft.evidence = {check, pending};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
