// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/lock_facts.h"
#include "review/rules/rule.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

/// The name by which two functions mean the same lock; empty where nothing says so. Fields and statics are
/// shared between threads; a local's own key names one call's variable, so there the type that it protects
/// has to do.
std::string nameOf(const rust::Lock &lock);
/// Threads or tasks wait at it, and other functions can mean it too.
bool isShared(const rust::Lock &lock);

/// The order may be one side of an inversion: two locks that are shared, taken by code that others may run at
/// the same time.
bool mayTakePart(const LockOrder &order);
/// Locks of other objects than `self` may belong to two of them, which then exclude nobody.
bool isOnSelf(const LockOrder &order);
/// Both locks are taken for one thread alone. What is read as well is often filled in one phase and read in
/// the next one.
bool isAlone(const LockOrder &order);
/// A third lock that both threads hold all along keeps them apart.
bool haveGate(const LockOrder &one, const LockOrder &other);
/// One thread holds what the other waits for, and at least one of them wants it alone.
bool excludeEachOther(const LockOrder &holder, const LockOrder &waiter);

/// The two steps of the thread that takes this order.
void addThread(const LockOrder &order, const std::string &actor, Draft &draft);

/// Orders by the names of the lock that is held and of the one that is acquired.
using OrdersByPair = std::map<std::pair<std::string, std::string>, std::vector<const LockOrder *>>;

} // namespace review::rules
