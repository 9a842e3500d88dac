// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/rule.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using Pair = std::pair<std::string, std::string>;

/// The name by which two functions mean the same lock. Fields and statics are shared between threads; a
/// local's own key names one call's variable, so there the type that it protects has to do.
std::string nameOf(const rust::Lock &lock)
{
    if (!lock.key.starts_with("fn "))
        return lock.key;
    return lock.content.empty() ? "" : "type " + lock.content;
}

bool isShared(const rust::Lock &lock)
{
    using enum rust::LockFamily;
    return lock.family != None && lock.family != Unknown && lock.family != RefCell && !nameOf(lock).empty();
}

/// `&mut self` has the object for itself: no other thread takes its locks meanwhile.
bool isExclusive(const LockOrder &order)
{
    for (const rust::Parameter &parameter : order.function->parameters) {
        if (parameter.name == "self" && order.held.lock.receiver.starts_with("self."))
            return parameter.pattern.text().find("mut") != std::string_view::npos;
    }
    return false;
}

bool mayTakePart(const LockOrder &order)
{
    return isShared(order.held.lock) && isShared(order.acquired) &&
           nameOf(order.held.lock) != nameOf(order.acquired) && !isExclusive(order);
}

/// Locks of other objects than `self` may belong to two of them, which then exclude nobody.
bool isOnSelf(const LockOrder &order)
{
    const auto isOneObject = [](const rust::Lock &lock) {
        return lock.receiver.starts_with("self.") || lock.key.starts_with("static ");
    };
    return isOneObject(order.held.lock) && isOneObject(order.acquired);
}

/// A third lock that both threads hold all along keeps them apart.
bool haveGate(const LockOrder &one, const LockOrder &other)
{
    return std::any_of(one.all.begin(), one.all.end(), [&](const std::string &key) {
        return key != one.held.lock.key && key != one.acquired.key &&
               std::find(other.all.begin(), other.all.end(), key) != other.all.end();
    });
}

/// One thread holds what the other waits for, and at least one of them wants it alone.
bool excludeEachOther(const LockOrder &holder, const LockOrder &waiter)
{
    return holder.held.mode == rust::GuardMode::Exclusive ||
           waiter.acquiredMode == rust::GuardMode::Exclusive;
}

void addThread(const LockOrder &order, const std::string &actor, Draft &draft)
{
    const std::string path = order.function->path();
    draft.steps.push_back({actor,
                           lockingVerb(order.held.lock, order.held.mode) + ' ' +
                               quoted(order.held.lock.receiver, 40) + " in " + quoted(path, 40),
                           order.held.call});
    draft.steps.push_back({actor, "waits for " + quoted(order.acquired.receiver, 40), order.at});
}

Draft describe(const LockOrder &here, const LockOrder &there)
{
    const bool certain = excludeEachOther(here, there) && excludeEachOther(there, here);
    Draft draft;
    draft.at = here.at;
    const auto name = [](const rust::Lock &lock) {
        return lock.receiver.substr(lock.receiver.rfind('.') + 1);
    };
    const std::string ending = " are locked in both orders";
    draft.title = fittingTitle(
        {quoted(here.held.lock.receiver, 64) + " and " + quoted(here.acquired.receiver, 64) + ending,
         quoted(name(here.held.lock), 64) + " and " + quoted(name(here.acquired), 64) + ending,
         "Two locks are taken in both orders"});
    addThread(here, "thread 1", draft);
    addThread(there, "thread 2", draft);
    draft.outcome =
        certain ? "Each thread holds the lock the other one waits for: both stand still, and so does "
                  "everything that needs one of the two locks."
                : "With a writer waiting in between, each thread holds a lock that the other cannot get "
                  "behind the writer.";
    draft.outcome += " It takes " + quoted(here.function->path(), 40) + " and " +
                     quoted(there.function->path(), 40) + " at the same time.";
    draft.evidence = {here.held.call, there.held.call, there.at};
    for (const LockOrder *order : {&here, &there}) {
        if (order->acquisition != order->at)
            draft.evidence.push_back(order->acquisition);
    }
    draft.facts = {lockFact(here.held.lock), lockFact(here.acquired), "resolved: " + here.held.reason,
                   "assumed: both functions run at the same time and on the same objects"};
    const auto isAssumed = [](const LockOrder &order) {
        return order.held.lock.assumed || order.acquired.assumed;
    };
    if (isAssumed(here) || isAssumed(there))
        draft.confidence *= 0.7;
    if (!isOnSelf(here) || !isOnSelf(there)) {
        draft.confidence *= 0.7;
        draft.facts.push_back("assumed: the locks of one type are the same object in both functions");
    }
    if (!certain) {
        draft.confidence *= 0.6;
        draft.severity = Severity::Medium;
    }
    return draft;
}

const LockOrder *firstOpposite(const LockOrder &here, const std::vector<const LockOrder *> &others)
{
    const LockOrder *best = nullptr;
    for (const LockOrder *other : others) {
        if (haveGate(here, *other))
            continue;
        const bool certain = excludeEachOther(here, *other) && excludeEachOther(*other, here);
        if (certain)
            return other;
        best = best ? best : other;
    }
    return best;
}

using ByPair = std::map<Pair, std::vector<const LockOrder *>>;

/// Finds a way back from `from` to `to` of at most `left` more orders, none of which shares a gate with the
/// others.
bool findWay(const ByPair &byPair, const std::string &from, const std::string &to, int left,
             std::vector<const LockOrder *> &way)
{
    for (auto next = byPair.lower_bound({from, ""}); next != byPair.end() && next->first.first == from;
         ++next) {
        const LockOrder *order = next->second.front();
        const bool gated = std::any_of(way.begin(), way.end(),
                                       [&](const LockOrder *other) { return haveGate(*order, *other); });
        const bool seen = std::any_of(way.begin(), way.end(), [&](const LockOrder *other) {
            return nameOf(other->held.lock) == next->first.second;
        });
        if (gated || (seen && next->first.second != to))
            continue;
        way.push_back(order);
        if (next->first.second == to || (left > 1 && findWay(byPair, next->first.second, to, left - 1, way)))
            return true;
        way.pop_back();
    }
    return false;
}

/// Three or four locks that wait for each other in a ring, though no two of them are taken in both orders.
void checkRing(const LockOrder &here, const ByPair &byPair, std::set<std::set<std::string>> &told,
               Reporter &reporter)
{
    std::vector<const LockOrder *> way{&here};
    if (!findWay(byPair, nameOf(here.acquired), nameOf(here.held.lock), 3, way) || way.size() < 3)
        return;
    std::set<std::string> names;
    for (const LockOrder *order : way)
        names.insert(nameOf(order->held.lock));
    if (!told.insert(names).second)
        return;
    Draft draft;
    draft.at = here.at;
    draft.title = fittingTitle({quoted(here.held.lock.receiver, 40) + " is part of a ring of " +
                                    std::to_string(way.size()) + " lock orders",
                                "Locks are taken in orders that form a ring"});
    for (std::size_t number = 0; number < way.size(); ++number)
        addThread(*way[number], "thread " + std::to_string(number + 1), draft);
    draft.outcome =
        "Each thread holds the lock that another one waits for, all around the ring: none goes on.";
    draft.evidence = {here.held.call};
    for (const LockOrder *order : way) {
        if (order != &here)
            draft.evidence.push_back(order->at);
    }
    draft.facts = {lockFact(here.held.lock), lockFact(here.acquired),
                   "assumed: the functions run at the same time and on the same objects"};
    const bool onSelf =
        std::all_of(way.begin(), way.end(), [](const LockOrder *order) { return isOnSelf(*order); });
    // Three threads at the right moment, and often the phases of a computation keep them apart.
    draft.confidence = onSelf ? 0.7 : 0.6;
    reporter.report(std::move(draft));
}

/// The parameter (or `self`) that a place begins with; null if it is none, or one that is not shared.
const rust::Parameter *sharedParameter(const rust::Lock &lock, const rust::Function &function)
{
    const std::string first = lock.place.substr(0, lock.place.find_first_of(".["));
    for (const rust::Parameter &parameter : function.parameters) {
        const std::string_view text = parameter.type ? parameter.type.text() : parameter.pattern.text();
        if (parameter.name == first && !first.empty())
            return text.find("mut") == std::string_view::npos ? &parameter : nullptr;
    }
    return nullptr;
}

/// The same lock of two objects, in the order in which they are handed in.
void checkTwins(const LockOrder &order, Reporter &reporter)
{
    const rust::Lock &first = order.held.lock;
    const rust::Lock &second = order.acquired;
    if (!isShared(first) || first.key != second.key || first.key.starts_with("static ") || !first.fixed ||
        !second.fixed || order.acquisition != order.at ||
        (order.held.mode == rust::GuardMode::Shared && order.acquiredMode == rust::GuardMode::Shared))
        return;
    const rust::Parameter *one = sharedParameter(first, *order.function);
    const rust::Parameter *other = sharedParameter(second, *order.function);
    if (!one || !other || one == other ||
        mentions(order.function->body.text(), {"ptr_eq", "as *const", "as_ptr", "::eq("}))
        return;
    // An order by some number of the objects is what makes this safe.
    for (const rust::Node &condition : order.function->body.descendants("if_expression")) {
        if (condition.field("condition").text().find_first_of("<>") != std::string_view::npos &&
            condition.bytes().begin < order.at.bytes().begin)
            return;
    }
    Draft draft;
    draft.at = order.at;
    draft.title = fittingTitle(
        {quoted(first.receiver, 24) + " and " + quoted(second.receiver, 24) + " are locked as they come",
         "Two objects are locked in the order they come"});
    const std::string path = quoted(order.function->path(), 40);
    draft.steps = {{"thread 1", "calls " + path + " with A and B: locks A, wants B", order.held.call},
                   {"thread 2", "calls it with B and A: locks B, wants A", order.at}};
    draft.outcome =
        "The two wait for each other for ever; with the same object twice, one thread waits for itself.";
    draft.evidence = {order.held.call};
    draft.facts = {lockFact(first), "resolved: nothing puts the two objects in an order",
                   "assumed: the two can be called with swapped arguments"};
    draft.confidence = 0.7;
    reporter.report(std::move(draft));
}

} // namespace

void check_lock_order_inversion(const RuleInput &input, Reporter &reporter)
{
    ByPair byPair;
    for (const LockOrder &order : input.locks.orders()) {
        if (mayTakePart(order))
            byPair[{nameOf(order.held.lock), nameOf(order.acquired)}].push_back(&order);
    }
    std::set<std::set<std::string>> told;
    for (const LockOrder &order : input.locks.orders()) {
        if (order.file != &input.file)
            continue;
        checkTwins(order, reporter);
        if (mayTakePart(order) && !byPair.contains({nameOf(order.acquired), nameOf(order.held.lock)}))
            checkRing(order, byPair, told, reporter);
    }
    for (const auto &[pair, orders] : byPair) {
        const auto opposite = byPair.find({pair.second, pair.first});
        if (opposite == byPair.end())
            continue;
        // The rarer order is the likelier mistake; of two equal ones the pair is told once, in the order of
        // the keys.
        const std::size_t count = orders.size();
        const std::size_t others = opposite->second.size();
        const auto isHere = [&](const LockOrder *order) { return order->file == &input.file; };
        const bool otherIsHere = std::any_of(opposite->second.begin(), opposite->second.end(), isHere);
        if (otherIsHere && (count > others || (count == others && pair.first > pair.second)))
            continue;
        for (const LockOrder *here : orders) {
            const LockOrder *there = isHere(here) ? firstOpposite(*here, opposite->second) : nullptr;
            if (there) {
                reporter.report(describe(*here, *there));
                break;
            }
        }
    }
}

} // namespace review::rules
