// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace review::rules {
namespace {

using rust::Guard;
using rust::Node;

/// Where something is changed through the guard; null if it is only looked at.
Node changeThrough(const Guard &guard, const Node &body)
{
    for (const Node &change : body.descendants()) {
        if (!change.isAny({"assignment_expression", "call_expression"}))
            continue;
        const rust::Call call = rust::toCall(change);
        const Node target = call ? call.receiver : change.field("left");
        if (!target || (call && !isOneOf(call.name, {"insert", "remove", "push", "push_back", "push_front",
                                                     "extend", "append", "entry"})))
            continue;
        const bool through = !guard.variable.empty() && guard.heldAt(change) &&
                             (target.text() == guard.variable || target.text() == "*" + guard.variable ||
                              target.text().starts_with(guard.variable + "."));
        if (through || guard.call.isInside(target))
            return change;
    }
    return {};
}

/// Both changes are about one thing: a variable goes into both, or both assign.
bool areOfOneThing(const Node &first, const Node &second)
{
    if (!first || !second)
        return false;
    if (first.is("assignment_expression") && second.is("assignment_expression"))
        return true;
    const auto names = [](const Node &change) {
        std::set<std::string> found;
        for (const Node &argument : rust::toCall(change).arguments) {
            if (argument.is("identifier"))
                found.emplace(argument.text());
            for (const Node &name : argument.descendants("identifier"))
                found.emplace(name.text());
        }
        return found;
    };
    const std::set<std::string> one = names(first);
    return std::ranges::any_of(names(second), [&](const std::string &name) { return one.contains(name); });
}

/// The other lock was taken while one was held: what they protect belongs together there.
struct Together {
    const Guard *inner = nullptr;
    const rust::Function *function = nullptr;
};
using Pair = std::pair<std::string, std::string>;

Pair pairOf(const Guard &one, const Guard &other)
{
    return std::minmax(one.lock.key, other.lock.key);
}

bool isUsable(const Guard &guard)
{
    return isOfKnownLock(guard) && !guard.tries && guard.lock.fixed &&
           guard.lock.receiver.starts_with("self.") && std::ranges::count(guard.lock.receiver, '.') == 1;
}

using Bodies = std::vector<Node>;

/// The pairs of locks of one object that some function changes both of under both.
std::map<Pair, Together> pairsTogether(const Bodies &bodies, const RuleInput &input)
{
    std::map<Pair, Together> together;
    for (const Node &body : bodies) {
        const std::vector<Guard> &guards = input.locks.guards(body, input.file);
        for (const Guard &outer : guards) {
            for (const Guard &inner : guards) {
                if (isUsable(outer) && isUsable(inner) && outer.heldAt(inner.call) &&
                    outer.call != inner.call && outer.lock.key != inner.lock.key &&
                    outer.mode == rust::GuardMode::Exclusive && inner.mode == rust::GuardMode::Exclusive &&
                    areOfOneThing(changeThrough(outer, body), changeThrough(inner, body)))
                    together.try_emplace(pairOf(outer, inner), Together{&inner, input.file.functionAt(body)});
            }
        }
    }
    return together;
}

bool hasOwnObject(const rust::Function *function)
{
    return !function || std::ranges::any_of(function->parameters, [](const rust::Parameter &parameter) {
        return parameter.name == "self" && parameter.pattern.text().find("mut") != std::string_view::npos;
    });
}

void report(const Guard &first, const Guard &second, const Together &together, const RuleInput &input,
            Reporter &reporter)
{
    const std::string one = quoted(first.lock.receiver, 18);
    const std::string other = quoted(second.lock.receiver, 18);
    const std::string actor = actorOf(second.call, input.file);
    Draft draft;
    draft.at = second.call;
    draft.title = fittingTitle({one + " and " + other + " change one after the other",
                                "Two halves of one state change one after the other"});
    draft.steps = {
        {actor + " 1", "changes " + one + " and unlocks it", first.call},
        {actor + " 2",
         "takes both locks in " + quoted(together.function->path(), 30) + " and finds only one half changed",
         together.inner->call},
        {actor + " 1", "changes " + other, second.call}};
    draft.outcome = "Whoever looks in between sees a state that never was, and may keep it.";
    draft.facts = {lockFact(first.lock), lockFact(second.lock),
                   "resolved: " + quoted(together.function->path(), 40) + " changes both while it holds both",
                   "assumed: the two belong together here as well"};
    draft.evidence = {first.call, together.inner->call};
    reporter.report(std::move(draft));
}

void checkBody(const Node &body, const std::map<Pair, Together> &together, const RuleInput &input,
               Reporter &reporter)
{
    const std::vector<Guard> &guards = input.locks.guards(body, input.file);
    std::set<Pair> told;
    for (const Guard &first : guards) {
        for (const Guard &second : guards) {
            const auto pair = together.find(pairOf(first, second));
            if (pair == together.end() || !isUsable(first) || !isUsable(second) ||
                first.lock.key == second.lock.key || second.call.index() <= first.call.index() ||
                first.maybeHeldAt(second.call) || !rust::canReach(first.call, second.call) ||
                first.mode != rust::GuardMode::Exclusive || second.mode != rust::GuardMode::Exclusive)
                continue;
            const bool covered = std::ranges::any_of(guards, [&](const Guard &other) {
                return (other.maybeHeldAt(first.call) && other.maybeHeldAt(second.call)) ||
                       (other.lock.key == first.lock.key && other.call != first.call &&
                        (other.maybeHeldAt(second.call) || second.maybeHeldAt(other.call)));
            });
            if (!covered && areOfOneThing(changeThrough(first, body), changeThrough(second, body)) &&
                told.insert(pair->first).second)
                report(first, second, pair->second, input, reporter);
        }
    }
}

} // namespace

void check_state_split_over_locks(const RuleInput &input, Reporter &reporter)
{
    Bodies bodies = input.locks.bodies(input.file);
    std::erase_if(bodies, [&](const Node &body) {
        return input.file.isTest(body) || mentions(input.file.path(), {"mock"}) ||
               hasOwnObject(input.file.functionAt(body));
    });
    const std::map<Pair, Together> together = pairsTogether(bodies, input);
    if (together.empty())
        return;
    for (const Node &body : bodies)
        checkBody(body, together, input, reporter);
}

} // namespace review::rules
