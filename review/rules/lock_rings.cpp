// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_rings.h"

#include "review/rules/lock_wording.h"

#include <algorithm>
#include <vector>

namespace review::rules {
namespace {

/// Finds a way back from `from` to `to` of at most `left` more orders, none of which shares a gate with the
/// others.
bool findWay(const OrdersByPair &byPair, const std::string &from, const std::string &to, int left,
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

} // namespace

void reportRing(const LockOrder &here, const OrdersByPair &byPair, std::set<std::set<std::string>> &told,
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

} // namespace review::rules
