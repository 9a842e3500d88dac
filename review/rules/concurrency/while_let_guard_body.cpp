// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"

#include <algorithm>
#include <string>
#include <vector>

namespace review::rules {

namespace {

/// The value that the head takes out of the lock does not borrow from the guard.
bool takesOut(const rust::Node &value, const rust::Guard &guard)
{
    const rust::Call last = rust::toCall(rust::stripAdapters(value));
    if (!last || !guard.call.isInside(last.receiver))
        return false;
    return isOneOf(last.name,
                   {"pop", "pop_front", "pop_back", "recv", "try_recv", "recv_timeout", "next", "pop_first",
                    "pop_last", "remove", "take", "dequeue", "poll", "cloned", "copied"});
}

/// The body does work besides using what was taken: at least one call that is no mere getter.
bool works(const rust::Node &body)
{
    const auto calls = rust::callsIn(body);
    return std::any_of(calls.begin(), calls.end(), [](const rust::Call &call) {
        return !isOneOf(call.name, {"push", "insert", "push_back", "len", "clone", "Some", "Ok", "Err",
                                    "unwrap", "drop", "is_empty", "into", "as_ref", "extend"});
    });
}

void addLoop(const rust::Node &loop, Draft &draft)
{
    const rust::Node condition = loop.field("condition");
    const rust::Node body = loop.field("body");
    const std::string indent = indentOf(loop) + "    ";
    const rust::Node first = loop.firstNamedChild();
    if (first.is("label"))
        return;
    draft.edits.push_back({{loop.bytes().begin, body.bytes().begin + 1},
                           "loop {\n" + indent + "let " + std::string(condition.field("pattern").text()) +
                               " = " + std::string(condition.field("value").text()) + " else {\n" + indent +
                               "    break;\n" + indent + "};"});
}

} // namespace

void check_while_let_guard_body(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        for (const rust::Guard &guard : input.locks.guards(body, input.file)) {
            const rust::Node loop = guard.binding;
            const rust::Node condition = loop.field("condition");
            if (!loop.is("while_expression") || !condition.is("let_condition") || !guard.variable.empty() ||
                guard.lock.family == rust::LockFamily::RefCell ||
                guard.lock.family == rust::LockFamily::Unknown ||
                !takesOut(condition.field("value"), guard) || !works(loop.field("body")))
                continue;
            const std::string name = quoted(guard.lock.receiver, 36);
            const std::string actor = actorOf(loop, input.file);
            Draft draft;
            draft.at = guard.call;
            draft.title = quoted(guard.lock.receiver, 28) + " stays locked during the `while let` body";
            draft.steps = {
                {actor + " 1",
                 lockingVerb(guard.lock, guard.mode) + ' ' + name + " and takes one item; " + guard.reason,
                 guard.call},
                {actor + " 1", "works on the item with the lock held", loop.field("body")},
                {actor + " 2", "waits for the lock, though it only wants the next item", guard.call}};
            draft.outcome = "Only one " + actor + " works at a time, and a body that comes back to " + name +
                            " waits for itself.";
            draft.evidence = {loop.field("body")};
            draft.facts = {lockFact(guard.lock), "resolved: " + guard.reason,
                           "resolved: what the head takes out does not borrow from the guard"};
            draft.confidence = guard.lock.assumed ? 0.7 : 1;
            addLoop(loop, draft);
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
