// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/cancellation.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A change of shared state, and what takes it back.
struct Change {
    enum class Kind { Add, Subtract, Set, Clear, Insert, Remove, Take, PutBack };
    Kind kind = Kind::Add;
    Node at;
    std::string place; ///< with the key for maps and sets
};

bool undoes(Change::Kind first, Change::Kind second)
{
    using Kind = Change::Kind;
    return (first == Kind::Add && second == Kind::Subtract) ||
           (first == Kind::Set && second == Kind::Clear) ||
           (first == Kind::Insert && second == Kind::Remove) ||
           (first == Kind::Take && second == Kind::PutBack);
}

std::string keyText(const Node &argument)
{
    std::string text = compact(rust::stripAdapters(argument).text());
    for (const std::string_view suffix : {".clone()", ".to_string()", ".to_owned()"}) {
        if (text.ends_with(suffix))
            text.erase(text.size() - suffix.size());
    }
    while (text.starts_with('&') || text.starts_with('*'))
        text.erase(0, 1);
    return text;
}

std::optional<Change> changeByCall(const Call &call, const rust::Function &function)
{
    using Kind = Change::Kind;
    if (!call.isMethod()) {
        const bool takes = isOneOf(call.path, {"mem::take", "std::mem::take"});
        if (!takes || call.arguments.size() != 1)
            return std::nullopt;
        return Change{Kind::Take, call.node, sharedPlace(call.arguments.front(), function)};
    }
    const std::size_t count = call.arguments.size();
    const std::string first = count > 0 ? compact(call.arguments.front().text()) : std::string();
    std::optional<Kind> kind;
    if (count == 2 && call.name == "fetch_add")
        kind = Kind::Add;
    else if (count == 2 && call.name == "fetch_sub")
        kind = Kind::Subtract;
    else if (count == 2 && isOneOf(call.name, {"store", "swap"}) && first == "true")
        kind = Kind::Set;
    else if (count == 2 && call.name == "store" && first == "false")
        kind = Kind::Clear;
    else if (call.name == "insert" && count >= 1)
        kind = Kind::Insert;
    else if (call.name == "remove" && count == 1)
        kind = Kind::Remove;
    else if (call.name == "take" && count == 0)
        kind = Kind::Take;
    if (!kind)
        return std::nullopt;
    std::string place = sharedPlace(call.receiver, function);
    if (!place.empty() && (*kind == Kind::Insert || *kind == Kind::Remove))
        place += "[" + keyText(call.arguments.front()) + "]";
    return Change{*kind, call.node, place};
}

std::optional<Change> changeAt(const Node &node, const rust::Function &function)
{
    using Kind = Change::Kind;
    if (node.is("call_expression")) {
        const Call call = rust::toCall(node);
        return call ? changeByCall(call, function) : std::nullopt;
    }
    const Node left = node.field("left");
    if (node.is("compound_assignment_expr")) {
        const std::string_view sign = node.field("operator").text();
        if (sign != "+=" && sign != "-=")
            return std::nullopt;
        return Change{sign == "+=" ? Kind::Add : Kind::Subtract, node, sharedPlace(left, function)};
    }
    if (!node.is("assignment_expression"))
        return std::nullopt;
    const std::string_view right = node.field("right").text();
    const Kind kind = right == "true" ? Kind::Set : right == "false" ? Kind::Clear : Kind::PutBack;
    if (kind == Kind::PutBack && right == "None")
        return std::nullopt;
    return Change{kind, node, sharedPlace(left, function)};
}

std::vector<Change> changesIn(const Node &body, const rust::Function &function)
{
    std::vector<Change> changes;
    for (const Node node : body.descendants()) {
        if (!node.isAny({"call_expression", "compound_assignment_expr", "assignment_expression"}))
            continue;
        auto change = changeAt(node, function);
        if (change && !change->place.empty() && rust::runsIn(node, body))
            changes.push_back(std::move(*change));
    }
    return changes;
}

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
        return alternative && !rust::diverges(alternative);
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
        if (second.at.index() <= first.at.index() || second.place != first.place ||
            !undoes(first.kind, second.kind) || !rust::canReach(first.at, second.at))
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
        const std::vector<Change> changes = changesIn(function.body, function);
        for (const Change &change : changes) {
            if (const auto hit = hitFrom(change, changes, pauses, function.body)) {
                report(*hit, function, input, reporter);
                break;
            }
        }
    }
}

} // namespace review::rules
