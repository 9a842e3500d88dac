// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_pairs.h"
#include "review/rules/lock_rings.h"
#include "review/rules/lock_wording.h"
#include "review/rules/rule.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace review::rules {

namespace {

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
    } else if (!isAlone(here) || !isAlone(there)) {
        draft.confidence *= 0.7;
        draft.facts.push_back("assumed: no phase of the work keeps those who write from those who read");
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
    const std::vector<LockOrder> own = input.locks.ordersIn(input.file);
    for (const LockOrder &order : own)
        checkTwins(order, reporter);
    if (std::ranges::none_of(own, mayTakePart))
        return; // what other files do matters only then
    OrdersByPair byPair;
    for (const LockOrder &order : input.locks.orders()) {
        if (mayTakePart(order))
            byPair[{nameOf(order.held.lock), nameOf(order.acquired)}].push_back(&order);
    }
    std::set<std::set<std::string>> told;
    for (const LockOrder &order : input.locks.orders()) {
        if (order.file != &input.file)
            continue;
        if (mayTakePart(order) && !byPair.contains({nameOf(order.acquired), nameOf(order.held.lock)}))
            reportRing(order, byPair, told, reporter);
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
