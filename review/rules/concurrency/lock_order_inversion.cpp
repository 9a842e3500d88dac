// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/rule.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using Pair = std::pair<std::string, std::string>;

/// Fields and statics are shared between threads; a local's key names one call's variable.
bool isShared(const rust::Lock &lock)
{
    using enum rust::LockFamily;
    return lock.family != None && lock.family != Unknown && lock.family != RefCell && !lock.key.empty() &&
           !lock.key.starts_with("fn ");
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
           order.held.lock.key != order.acquired.key && !isExclusive(order);
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

} // namespace

void check_lock_order_inversion(const RuleInput &input, Reporter &reporter)
{
    std::map<Pair, std::vector<const LockOrder *>> byPair;
    for (const LockOrder &order : input.locks.orders()) {
        if (mayTakePart(order))
            byPair[{order.held.lock.key, order.acquired.key}].push_back(&order);
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
