// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

bool isUsable(const rust::Guard &guard)
{
    return isOfKnownLock(guard) && !guard.tries;
}

/// What is asked under the first guard: `contains_key` of `map.read().unwrap().contains_key(k)`; empty when
/// the guard is not asked in passing.
std::string_view questionOf(const rust::Guard &guard)
{
    const rust::Node access = guard.expression.parent();
    const rust::Call call = access.is("field_expression") ? rust::toCall(access.parent()) : rust::Call();
    const bool asks = isOneOf(call.name, {"contains_key", "contains", "is_empty", "get", "is_none", "is_some",
                                          "len", "first", "last", "peek"});
    return asks ? call.name : std::string_view();
}

/// How the second guard changes what the first one looked at; null when it does not, or when it looks again
/// first.
rust::Node changeUnder(const rust::Guard &guard, const rust::Node &body)
{
    std::vector<rust::Call> calls;
    for (const rust::Call &call : rust::callsIn(body)) {
        const rust::Node base = rust::stripAdapters(call.receiver);
        const bool isOnGuard =
            call.isMethod() && (call.receiver == guard.expression || base == guard.call ||
                                (!guard.variable.empty() && call.receiver.text() == guard.variable));
        if (isOnGuard && call.node.bytes().begin >= guard.call.bytes().begin && call.node != guard.expression)
            calls.push_back(call);
    }
    for (const rust::Call &call : calls) {
        if (isOneOf(call.name,
                    {"entry", "contains_key", "contains", "get", "get_mut", "is_empty", "len", "retain",
                     "or_insert_with", "extend", "try_insert", "is_some", "is_none", "get_or_insert_with"}))
            return {};
        if (isOneOf(call.name, {"insert", "push", "push_back", "push_front", "swap_remove"}))
            return call.node;
    }
    return {};
}

/// A value that the insertion hands back is looked at: the race is noticed after all.
bool isResultUsed(const rust::Node &change)
{
    const rust::Node parent = rust::withAdapters(change).parent();
    return !parent.is("expression_statement") && !parent.is("block");
}

struct Question {
    const rust::Guard *guard = nullptr;
    std::string_view method;
};

/// What is asked of a guard that is kept in a variable: `map.contains_key(k)` in the condition.
std::string_view questionThrough(const rust::Guard &guard, const rust::Node &condition)
{
    if (guard.variable.empty())
        return {};
    for (const rust::Call &call : rust::callsIn(condition)) {
        if (call.isMethod() && call.receiver.is("identifier") && call.receiver.text() == guard.variable &&
            isOneOf(call.name, {"contains_key", "contains", "is_empty", "get"}) && guard.heldAt(call.node))
            return call.name;
    }
    return {};
}

/// The question under a lock that an `if` depends on: in its condition, or in the `let` its condition reads.
Question questionIn(const rust::Node &condition, const std::vector<rust::Guard> &guards)
{
    std::vector<rust::Node> places{condition};
    for (const rust::Node &name : condition.descendants("identifier"))
        places.push_back(rust::initialiserOf(name));
    if (condition.is("identifier"))
        places.push_back(rust::initialiserOf(condition));
    for (const rust::Guard &guard : guards) {
        const bool isAsked = std::any_of(places.begin(), places.end(), [&](const rust::Node &place) {
            return place && guard.call.isInside(place);
        });
        if (const std::string_view method = questionThrough(guard, condition);
            isUsable(guard) && !method.empty())
            return {&guard, method};
        if (const std::string_view method = questionOf(guard); isAsked && isUsable(guard) && !method.empty())
            return {&guard, method};
    }
    return {};
}

bool isProtected(const rust::Guard &first, const rust::Guard &second, const std::vector<rust::Guard> &guards)
{
    return std::any_of(guards.begin(), guards.end(), [&](const rust::Guard &outer) {
        return outer.maybeHeldAt(first.call) && outer.maybeHeldAt(second.call);
    });
}

bool hasOwnObject(const rust::Function *function, const rust::Guard &guard)
{
    // A counter or list of this run alone: `let tasks = Tasks::default();` before the loop that fills it.
    const std::string root = guard.lock.receiver.substr(0, guard.lock.receiver.find('.'));
    for (const rust::Node &use : rust::usesOf(root, rust::bodyOf(guard.call))) {
        const rust::Call made = rust::toCall(rust::initialiserOf(use));
        if (made && !made.isMethod() && made.name == "default")
            return true;
    }
    if (!function || !guard.lock.receiver.starts_with("self."))
        return false;
    return std::any_of(
        function->parameters.begin(), function->parameters.end(), [](const rust::Parameter &parameter) {
            return parameter.name == "self" && parameter.pattern.text().find("mut") != std::string_view::npos;
        });
}

/// The value is waited for between the question and the change: whoever does that knows that another one may
/// do the same, and lets the last one win.
bool waitsBetween(const rust::Guard &first, const rust::Guard &second, const rust::Node &change,
                  const rust::Node &body)
{
    const auto awaits = body.descendants("await_expression");
    return std::any_of(awaits.begin(), awaits.end(), [&](const rust::Node &await) {
        return await.bytes().begin > first.call.bytes().end && await.bytes().begin < change.bytes().begin &&
               !second.call.isInside(await) && !first.call.isInside(await);
    });
}

/// The value was worked out between the two and goes on being used: `map.insert(key, made.clone()); made`.
/// Whoever makes it twice has two of the same, and so has one who notes a key a second time in a set.
bool isRepeatable(std::string_view question, const rust::Node &change, const rust::Node &body)
{
    const rust::Call insert = rust::toCall(change);
    if (insert.name != "insert" || insert.arguments.empty())
        return false;
    // What follows the note in a set is done twice as well.
    if (insert.arguments.size() == 1)
        return isOneOf(question, {"contains", "get"}) && !rust::statementOf(change).nextNamedSibling();
    const rust::Call copy = rust::toCall(insert.arguments.back());
    rust::Node value = copy ? (copy.isMethod()          ? copy.receiver
                               : copy.arguments.empty() ? rust::Node()
                                                        : copy.arguments.front())
                            : insert.arguments.back();
    value = rust::stripAdapters(value);
    if (!isOneOf(question, {"get"}) || !value.is("identifier"))
        return false;
    const auto uses = rust::usesOf(value.text(), body);
    return std::any_of(uses.begin(), uses.end(), [&](const rust::Node &use) {
        return use.bytes().begin > change.bytes().end && rust::bindingOf(use) == rust::bindingOf(value);
    });
}

Draft describe(const rust::Guard &first, std::string_view question, const rust::Guard &second,
               const rust::Node &change, const RuleInput &input)
{
    const std::string name = quoted(first.lock.receiver, 40);
    const std::string act = quoted(rust::toCall(change).name, 20);
    const std::string actor = actorOf(change, input.file);
    Draft draft;
    draft.at = second.call;
    draft.title = fittingTitle(
        {quoted(first.lock.receiver, 24) + " is unlocked between " + quoted(question, 14) + " and " + act,
         "The lock is released between check and change"});
    draft.steps = {
        {actor + " 1", "locks " + name + ", asks " + quoted(question, 20) + " and unlocks", first.call},
        {actor + " 2", "asks the same meanwhile and gets the same answer", first.call},
        {actor + " 1", "locks again and does " + act, change},
        {actor + " 2", "does " + act + " too, on an answer that no longer holds", change}};
    draft.outcome = "The second " + actor + " overwrites or repeats what the first one did.";
    draft.evidence = {first.call, change};
    draft.facts = {lockFact(first.lock), "resolved: the first guard is dropped before the second acquisition",
                   "resolved: " + act + " does not look again under the second guard",
                   "assumed: doing it twice is not harmless"};
    const rust::Function *function = input.file.functionAt(change);
    const bool isCache = mentions(first.lock.receiver, {"cache", "memo"}) ||
                         (function && mentions(function->selfType, {"cache", "memo"}));
    const bool isMeant = isCache || isRepeatable(question, change, rust::bodyOf(change)) ||
                         waitsBetween(first, second, change, rust::bodyOf(change));
    draft.confidence = (first.lock.assumed ? 0.7 : 1.0) * (isMeant ? 0.7 : 1.0);
    return draft;
}

/// Where code decides by an answer: what it asks, and what runs after the answer.
struct Decision {
    rust::Node at;
    rust::Node question;
    std::vector<rust::Node> places;
};

/// Leaving on one answer makes what follows the branch of the other one.
Decision decisionAt(const rust::Node &node)
{
    Decision decision{node, node.field("condition"), {}};
    bool leaves = false;
    if (node.is("match_expression")) {
        decision.question = node.field("value");
        for (const rust::Node &arm : node.field("body").namedChildren()) {
            leaves = leaves || rust::diverges(arm.field("value"));
            decision.places.push_back(arm.field("value"));
        }
    } else {
        leaves = rust::diverges(node.field("consequence"));
        decision.places = {node.field("consequence"), node.field("alternative")};
    }
    if (const rust::Node block = leaves ? rust::blockOf(node) : rust::Node()) {
        decision.places.push_back(block);
        // The guard that asks may have a block of its own: `{ let map = …; if map.contains_key(k) { return; }
        // }`.
        if (block.parent().isAny({"block", "expression_statement"}) && rust::blockOf(block))
            decision.places.push_back(rust::blockOf(block));
    }
    return decision;
}

void checkDecision(const Decision &decision, const rust::Node &body, const RuleInput &input,
                   Reporter &reporter)
{
    const std::vector<rust::Guard> &guards = input.locks.guards(body, input.file);
    const Question question = questionIn(decision.question, guards);
    if (!question.guard || hasOwnObject(input.file.functionAt(decision.at), *question.guard))
        return;
    const rust::Guard &first = *question.guard;
    for (const rust::Guard &second : guards) {
        const bool isThere =
            std::any_of(decision.places.begin(), decision.places.end(),
                        [&](const rust::Node &place) { return place && second.call.isInside(place); });
        if (!isThere || second.call.bytes().begin < decision.question.bytes().end || !isUsable(second) ||
            second.mode != rust::GuardMode::Exclusive || !first.lock.sameInstance(second.lock) ||
            first.maybeHeldAt(second.call) || isProtected(first, second, guards))
            continue;
        const rust::Node change = changeUnder(second, body);
        if (!change || isResultUsed(change))
            continue;
        reporter.report(describe(first, question.method, second, change, input));
        return;
    }
}

} // namespace

void check_check_then_act_two_locks(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        for (const rust::Node branch : body.descendants()) {
            if (branch.isAny({"if_expression", "match_expression"}) && rust::runsIn(branch, body))
                checkDecision(decisionAt(branch), body, input, reporter);
        }
    }
}

} // namespace review::rules
