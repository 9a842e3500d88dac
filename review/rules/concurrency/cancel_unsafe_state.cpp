// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/cancellation.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/state_changes.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// Something between the two is made to take the change back when it is dropped.
bool hasGuard(const Node &body, const Change &first, const Node &pause)
{
    return anyIn(body, [&](const Node &node) {
        if (node.index() <= first.at.index() || node.index() >= pause.index())
            return false;
        if (node.is("macro_invocation"))
            return isOneOf(rust::macroName(node), {"defer", "guard", "defer_on_unwind"});
        return node.is("let_declaration") &&
               mentions(node.text(),
                        {"scopeguard", "guard(", "guard::", "guard {", "ondrop", "on_drop", "defer", "drop"});
    });
}

struct Hit {
    Change first;
    Change second;
    Node pause;           ///< the await between them
    bool byError = false; ///< a `?` on it leaves as well
};

/// `if let Some(x) = self.slot.take() { … }` has changed something only inside the branch.
bool isElsewhere(const Change &first, const Node &pause)
{
    const Node condition = first.at.ancestor({"let_condition", "block"});
    if (first.kind != Change::Kind::Take || !condition.is("let_condition"))
        return false;
    Node branch = condition.parent();
    while (branch.is("let_chain"))
        branch = branch.parent();
    const Node inside = branch.field(branch.is("while_expression") ? "body" : "consequence");
    return inside && !pause.isInside(inside);
}

/// Whoever finds the place empty makes a new value: `match slot.take() { Some(x) => x, None => open()? }`.
bool isMadeAnew(const Change &first)
{
    if (first.kind != Change::Kind::Take)
        return false;
    const Node around = first.at.parent();
    if (around.is("let_condition")) {
        const Node alternative = around.parent().field("alternative");
        const bool givesValue = around.parent().parent().isAny({"let_declaration", "assignment_expression"});
        return givesValue && alternative && !rust::diverges(alternative);
    }
    if (!around.is("match_expression"))
        return isOneOf(rust::toCall(around.parent()).name,
                       {"unwrap_or_else", "unwrap_or_default", "unwrap_or", "or_else"});
    for (const Node &arm : around.field("body").namedChildren()) {
        if (arm.is("match_arm") && compact(arm.field("pattern").text()) == "None")
            return !rust::diverges(arm.field("value"));
    }
    return false;
}

/// A flag that says what goes on, not a setting for the calls that follow.
bool saysActivity(const std::string &place)
{
    const std::size_t dot = place.rfind('.');
    return mentions(
        dot == std::string::npos ? place : place.substr(dot + 1),
        {"ing", "busy", "progress", "active", "lock", "started", "inflight", "in_flight", "held", "taken"});
}

std::optional<Hit> hitFrom(const Change &first, const std::vector<Change> &changes,
                           const std::vector<Node> &pauses, const Node &body)
{
    if ((first.kind == Change::Kind::Set && !saysActivity(first.place)) || isMadeAnew(first))
        return std::nullopt;
    for (const Change &second : changes) {
        if (second.at.index() <= first.at.index() || !undoes(second, first) ||
            !rust::canReach(first.at, second.at))
            continue;
        for (const Node &pause : pauses) {
            const bool between = pause.index() > first.at.index() && !first.at.isInside(pause) &&
                                 pause.index() < second.at.index() && !second.at.isInside(pause) &&
                                 !pause.isInside(first.at) && rust::canReach(first.at, pause) &&
                                 rust::canReach(pause, second.at);
            // Awaiting the lock for the way back is the second change's own business.
            const bool own = rust::statementOf(pause) == rust::statementOf(second.at) ||
                             (pause.is("await_expression") &&
                              isOneOf(rust::toCall(pause.firstNamedChild()).name, {"lock", "write", "read"}));
            if (between && !own && !isElsewhere(first, pause) && !hasGuard(body, first, pause))
                return Hit{first, second, pause, rust::withAdapters(pause).text().ends_with('?')};
        }
    }
    return std::nullopt;
}

void report(const Hit &hit, const rust::Function &function, const RuleInput &input, Reporter &reporter)
{
    const Cancellation cancelled = cancellationOf(function, input);
    const std::string place = quoted(hit.first.place, 28);
    const std::string first = quoted(hit.first.at.text(), 40);
    Draft draft;
    draft.at = hit.first.at;
    using Kind = Change::Kind;
    if (hit.first.kind == Kind::Spawn)
        draft.title = fittingTitle({"The task behind " + place + " runs on if this future is dropped",
                                    "A spawned task runs on if this future is dropped"});
    else if (hit.first.kind == Kind::Open)
        draft.title = fittingTitle({first + " is not undone if the future is dropped",
                                    "What was begun is not ended if the future is dropped"});
    else
        draft.title = fittingTitle({place + " stays changed if the future is dropped at the await",
                                    "Shared state stays changed if the future is dropped"});
    draft.steps = {{"task", "runs " + first, hit.first.at},
                   {"task",
                    hit.byError ? "awaits; an error leaves by `?`, or the future is dropped here"
                                : "awaits, and the future is dropped here",
                    hit.pause},
                   {"task", "never comes to " + quoted(hit.second.at.text(), 40), hit.second.at}};
    draft.outcome = place + " keeps the change for ever: nothing else takes it back.";
    draft.facts = {"resolved: both places name `" + hit.first.place + "`",
                   "resolved: no guard is made between the change and the await"};
    draft.evidence = {hit.second.at, hit.pause};
    if (cancelled) {
        draft.facts.push_back("resolved: " + cancelled.construct + " drops this future, in " +
                              cancelled.file->path());
        if (cancelled.file == &input.file)
            draft.evidence.push_back(cancelled.at);
    } else {
        draft.facts.push_back("assumed: a caller drops the future before it is done");
        draft.confidence = hit.byError ? 0.95 : 0.8;
    }
    // With the value borrowed alone, a flag that stays set may be what the next call looks for.
    if (hit.first.kind == Change::Kind::Set && hit.first.at.is("assignment_expression"))
        draft.confidence *= 0.75;
    reporter.report(std::move(draft));
}

} // namespace

void check_cancel_unsafe_state(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (!function.isAsync || !function.body || function.isTest)
            continue;
        const std::vector<Node> pauses = rust::awaitPoints(function.body);
        if (pauses.empty())
            continue;
        const std::vector<Change> changes = stateChangesIn(function.body, function);
        for (const Change &change : changes) {
            if (const auto hit = hitFrom(change, changes, pauses, function.body)) {
                report(*hit, function, input, reporter);
                break;
            }
        }
    }
}

} // namespace review::rules
