// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/node_search.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"
#include "review/rust/patterns.h"

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

/// The plain variable that keeps a copy of what stood behind the guard: `let seen = *self.n.read();`. Null if
/// the guard itself is kept, or nothing is.
rust::Node copyOf(const rust::Guard &guard)
{
    const rust::Node let = guard.call.ancestor({"let_declaration", "block", "closure_expression"});
    if (!let.is("let_declaration") || !guard.variable.empty() || !guard.call.isInside(let.field("value")))
        return {};
    const rust::Node pattern = let.field("pattern");
    const rust::Node value = let.field("value");
    // Only plain looks: a value that is taken out, made or counted on purpose is not stale.
    const rust::Call last = rust::toCall(rust::stripAdapters(value));
    const bool plain = !last || isOneOf(last.name, {"clone", "cloned", "copied", "len", "to_owned", "to_vec",
                                                    "is_empty", "get", "as_ref"});
    const std::vector<rust::Node> names = rust::boundNames(pattern);
    return plain && names.size() == 1 && pattern.is("identifier") ? names.front() : rust::Node();
}

/// The expression reads the copy itself, or a variable made of it in one step.
bool readsNearby(const rust::Node &expression, const IsSource &isCopy)
{
    return anyIn(expression, [&](const rust::Node &node) {
        if (isCopy(node))
            return true;
        const rust::Node made = node.is("identifier") ? rust::initialiserOf(node) : rust::Node();
        return made && !made.isAny({"await_expression", "try_expression"}) && anyIn(made, isCopy);
    });
}

/// What follows the lock in an expression: ".epoch" of `self.state.lock().await.epoch` and of `state.epoch`,
/// empty for the whole value.
std::string pathBehind(const rust::Node &expression, const rust::Guard &guard)
{
    for (const rust::Node node : expression.descendants()) {
        const bool isGuard = node == guard.expression || (!guard.variable.empty() && node.is("identifier") &&
                                                          node.text() == guard.variable);
        if (!isGuard)
            continue;
        std::string path;
        for (rust::Node outer = node.parent(); outer.is("field_expression") && !rust::toCall(outer.parent());
             outer = outer.parent())
            path += '.' + std::string(outer.field("field").text());
        return path;
    }
    return {};
}

/// Where the second guard's data is overwritten with something made of the old value.
rust::Node overwriteIn(const rust::Guard &first, const rust::Guard &second, const rust::Node &copy,
                       const rust::Node &body)
{
    const rust::Node let = copy.parent();
    const IsSource isCopy = [&](const rust::Node &node) {
        return node.is("identifier") && node.text() == copy.text() && rust::bindingOf(node) == let;
    };
    const auto isTarget = [&](const rust::Node &place) {
        return anyIn(place, [&](const rust::Node &node) {
            return node == second.call ||
                   (!second.variable.empty() && node.is("identifier") && node.text() == second.variable);
        });
    };
    for (const rust::Node node : body.descendants()) {
        if (!node.is("assignment_expression") || !second.call.isInside(body))
            continue;
        const bool isUnder = second.heldAt(node) || second.call.isInside(node);
        if (isUnder && node.field("left").isAny({"unary_expression", "field_expression"}) &&
            isTarget(node.field("left")) && pathBehind(node, second) == pathBehind(let, first) &&
            readsNearby(node.field("right"), isCopy))
            return node;
    }
    return {};
}

/// The code looks again: the second guard's data is compared with something before it is overwritten.
bool looksAgain(const rust::Guard &second, const rust::Node &overwrite, const rust::Node &body)
{
    if (second.variable.empty())
        return false;
    for (const rust::Node &use : rust::usesOf(second.variable, body)) {
        if (use.bytes().begin > second.call.bytes().end && use.bytes().begin < overwrite.bytes().begin)
            return true;
    }
    return false;
}

bool isExclusive(const rust::Function *function, const rust::Guard &guard)
{
    if (guard.lock.root.is("let_declaration"))
        return true; // made here, and nobody else's yet
    if (!function || !guard.lock.receiver.starts_with("self."))
        return false;
    return std::any_of(
        function->parameters.begin(), function->parameters.end(), [](const rust::Parameter &parameter) {
            return parameter.name == "self" && parameter.pattern.text().find("mut") != std::string_view::npos;
        });
}

void checkPair(const rust::Guard &first, const rust::Guard &second, const rust::Node &body,
               const std::vector<rust::Guard> &guards, const RuleInput &input, Reporter &reporter)
{
    if (!isUsable(second) || second.mode != rust::GuardMode::Exclusive ||
        !first.lock.sameInstance(second.lock) || first.maybeHeldAt(second.call) ||
        second.call.bytes().begin < first.call.bytes().end)
        return;
    const bool isProtected = std::any_of(guards.begin(), guards.end(), [&](const rust::Guard &outer) {
        return outer.maybeHeldAt(first.call) && outer.maybeHeldAt(second.call);
    });
    const rust::Node copy = isProtected ? rust::Node() : copyOf(first);
    const rust::Node overwrite = copy ? overwriteIn(first, second, copy, body) : rust::Node();
    if (!overwrite || looksAgain(second, overwrite, body))
        return;
    const std::string name = quoted(first.lock.receiver, 40);
    const std::string actor = actorOf(second.call, input.file);
    Draft draft;
    draft.at = second.call;
    draft.title = fittingTitle({quoted(first.lock.receiver, 26) + " is overwritten from " +
                                    quoted(copy.text(), 14) + ", read under an earlier lock",
                                "A value read under an earlier lock is written back"});
    draft.steps = {
        {actor + " 1", "reads " + name + " into " + quoted(copy.text(), 20) + " and unlocks", first.call},
        {actor + " 2", "changes " + name + " meanwhile", first.call},
        {actor + " 1", "locks again and writes what it made of the old value", overwrite}};
    draft.outcome = "What " + actor + " 2 wrote is lost.";
    draft.evidence = {first.call, overwrite};
    draft.facts = {lockFact(first.lock), "resolved: the first guard is gone before the second acquisition",
                   "resolved: the value written under the second one is made of " + quoted(copy.text(), 20)};
    draft.confidence = first.lock.assumed ? 0.7 : 1;
    reporter.report(std::move(draft));
}

} // namespace

void check_stale_read_then_write(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        const std::vector<rust::Guard> &guards = input.locks.guards(body, input.file);
        for (const rust::Guard &first : guards) {
            if (!isUsable(first) || isExclusive(input.file.functionAt(body), first))
                continue;
            for (const rust::Guard &second : guards) {
                if (second.call != first.call)
                    checkPair(first, second, body, guards, input, reporter);
            }
        }
    }
}

} // namespace review::rules
