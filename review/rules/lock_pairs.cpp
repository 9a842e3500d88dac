// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_pairs.h"

#include "review/rules/lock_wording.h"

#include <algorithm>

namespace review::rules {

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
static bool isExclusive(const LockOrder &order)
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

bool isOnSelf(const LockOrder &order)
{
    const auto isOneObject = [](const rust::Lock &lock) {
        return lock.receiver.starts_with("self.") || lock.key.starts_with("static ");
    };
    return isOneObject(order.held.lock) && isOneObject(order.acquired);
}

bool haveGate(const LockOrder &one, const LockOrder &other)
{
    return std::any_of(one.all.begin(), one.all.end(), [&](const std::string &key) {
        return key != one.held.lock.key && key != one.acquired.key &&
               std::find(other.all.begin(), other.all.end(), key) != other.all.end();
    });
}

bool excludeEachOther(const LockOrder &holder, const LockOrder &waiter)
{
    return holder.held.mode == rust::GuardMode::Exclusive ||
           waiter.acquiredMode == rust::GuardMode::Exclusive;
}

bool isAlone(const LockOrder &order)
{
    return order.held.mode == rust::GuardMode::Exclusive && order.acquiredMode == rust::GuardMode::Exclusive;
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

} // namespace review::rules
