// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <vector>

namespace review::rules {

namespace {

bool isUnwrapped(const rust::Guard &guard)
{
    const rust::Call outer = rust::toCall(guard.expression);
    return isOneOf(rust::toCall(guard.call).name, {"lock", "read", "write"}) &&
           outer.receiver == guard.call && isOneOf(outer.name, {"unwrap", "expect"});
}

bool blocksItsThread(const rust::Guard &guard)
{
    using enum rust::LockFamily;
    const rust::LockFamily family = guard.lock.family;
    // Of a type that is not known: an async lock would be awaited, and only a blocking one is unwrapped.
    if (family == Unknown)
        return isUnwrapped(guard);
    return family == Std || family == ParkingLot || family == Spin || family == RefCell;
}

/// Where the guard is not used from the first await on, dropping it just before is all it takes.
void dropBefore(const rust::Guard &guard, const rust::Node &await, Draft &draft)
{
    const rust::Node statement = rust::statementOf(await);
    const rust::Node block = rust::blockOf(guard.binding);
    if (guard.variable.empty() || !guard.binding.is("let_declaration") || !statement || !block ||
        rust::blockOf(statement) != block)
        return;
    const std::uint32_t start = statement.bytes().begin;
    for (const rust::Node &use : rust::usesOf(guard.variable, block)) {
        if (use.bytes().begin >= start)
            return;
    }
    draft.edits.push_back({{start, start}, "drop(" + guard.variable + ");\n" + indentOf(statement)});
}

Draft describe(const rust::Guard &guard, const std::vector<rust::Node> &awaits, bool certain)
{
    const std::string name = quoted(guard.lock.receiver, 40);
    const bool isCell = guard.lock.family == rust::LockFamily::RefCell;
    Draft draft;
    draft.at = guard.call;
    draft.title =
        quoted(guard.lock.receiver) + (isCell ? " stays borrowed" : " stays locked") + " across an `.await`";
    draft.steps = {
        {"task A",
         (isCell ? "borrows " : lockingVerb(guard.lock, guard.mode) + ' ') + name + "; " + guard.reason,
         guard.call},
        {"task A", "is suspended here and keeps the guard", awaits.front()},
        {"task B",
         isCell ? "runs on the same thread, borrows " + name + " and panics: it is already borrowed"
                : "runs on the same thread and blocks it in " + name + "'s acquisition",
         guard.call}};
    draft.outcome =
        isCell ? "The second borrow panics and takes its task down."
               : "The executor's thread is blocked, so it cannot resume task A, which alone could unlock. "
                 "With enough such tasks, or on one thread, the runtime stands still.";
    draft.evidence.assign(awaits.begin(), awaits.begin() + std::min<std::ptrdiff_t>(awaits.size(), 3));
    draft.facts = {lockFact(guard.lock), "resolved: " + guard.reason,
                   "resolved: its guard is not one of an async lock, so waiting for it blocks the thread"};
    const bool isAssumed = guard.lock.assumed || guard.lock.family == rust::LockFamily::Unknown;
    draft.confidence = (isAssumed ? 0.6 : 1.0) * (certain ? 1.0 : 0.65);
    if (isCell || !certain)
        draft.severity = Severity::High;
    return draft;
}

void checkGuard(const rust::Guard &guard, const std::vector<rust::Node> &awaits, Reporter &reporter)
{
    std::vector<rust::Node> held;
    std::vector<rust::Node> maybe;
    for (const rust::Node &await : awaits) {
        if (guard.heldAt(await))
            held.push_back(await);
        else if (guard.maybeHeldAt(await))
            maybe.push_back(await);
    }
    const bool certain = !held.empty();
    if (!certain && maybe.empty())
        return;
    Draft draft = describe(guard, certain ? held : maybe, certain);
    if (certain)
        dropBefore(guard, held.front(), draft);
    reporter.report(std::move(draft));
}

} // namespace

void check_guard_across_await(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        if (rust::bodyKind(body, input.file) != rust::BodyKind::Async)
            continue;
        const std::vector<rust::Node> awaits = rust::awaitPoints(body);
        for (const rust::Guard &guard : input.locks.guards(body, input.file)) {
            if (blocksItsThread(guard))
                checkGuard(guard, awaits, reporter);
        }
    }
}

} // namespace review::rules
