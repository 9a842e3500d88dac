// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/lock_families.h"

#include <algorithm>
#include <array>

namespace review::rust {
namespace {

// name, lock, guard, shared, tries, recursive, blocking, timed
constexpr std::array<LockMethod, 43> methods{{
    {"lock", "Mutex", "MutexGuard", false, false, false, false, false},
    {"try_lock", "Mutex", "MutexGuard", false, true, false, false, false},
    {"try_lock_for", "Mutex", "MutexGuard", false, true, false, false, true},
    {"try_lock_until", "Mutex", "MutexGuard", false, true, false, false, true},
    {"lock_arc", "Mutex", "MutexGuardArc", false, false, false, false, false},
    {"try_lock_arc", "Mutex", "MutexGuardArc", false, true, false, false, false},
    {"lock_owned", "Mutex", "OwnedMutexGuard", false, false, false, false, false},
    {"try_lock_owned", "Mutex", "OwnedMutexGuard", false, true, false, false, false},
    {"blocking_lock", "Mutex", "MutexGuard", false, false, false, true, false},
    {"blocking_lock_owned", "Mutex", "OwnedMutexGuard", false, false, false, true, false},
    {"lock_blocking", "Mutex", "MutexGuard", false, false, false, true, false},
    {"read", "RwLock", "RwLockReadGuard", true, false, false, false, false},
    {"try_read", "RwLock", "RwLockReadGuard", true, true, false, false, false},
    {"try_read_for", "RwLock", "RwLockReadGuard", true, true, false, false, true},
    {"try_read_until", "RwLock", "RwLockReadGuard", true, true, false, false, true},
    {"read_recursive", "RwLock", "RwLockReadGuard", true, false, true, false, false},
    {"try_read_recursive", "RwLock", "RwLockReadGuard", true, true, true, false, false},
    {"read_arc", "RwLock", "RwLockReadGuardArc", true, false, false, false, false},
    {"read_owned", "RwLock", "OwnedRwLockReadGuard", true, false, false, false, false},
    {"try_read_owned", "RwLock", "OwnedRwLockReadGuard", true, true, false, false, false},
    {"blocking_read", "RwLock", "RwLockReadGuard", true, false, false, true, false},
    {"read_blocking", "RwLock", "RwLockReadGuard", true, false, false, true, false},
    {"upgradable_read", "RwLock", "RwLockUpgradableReadGuard", true, false, false, false, false},
    {"try_upgradable_read", "RwLock", "RwLockUpgradableReadGuard", true, true, false, false, false},
    {"upgradeable_read", "RwLock", "RwLockUpgradableReadGuard", true, false, false, false, false},
    {"write", "RwLock", "RwLockWriteGuard", false, false, false, false, false},
    {"try_write", "RwLock", "RwLockWriteGuard", false, true, false, false, false},
    {"try_write_for", "RwLock", "RwLockWriteGuard", false, true, false, false, true},
    {"try_write_until", "RwLock", "RwLockWriteGuard", false, true, false, false, true},
    {"write_arc", "RwLock", "RwLockWriteGuardArc", false, false, false, false, false},
    {"write_owned", "RwLock", "OwnedRwLockWriteGuard", false, false, false, false, false},
    {"try_write_owned", "RwLock", "OwnedRwLockWriteGuard", false, true, false, false, false},
    {"blocking_write", "RwLock", "RwLockWriteGuard", false, false, false, true, false},
    {"write_blocking", "RwLock", "RwLockWriteGuard", false, false, false, true, false},
    {"rl", "RwLock", "RwLockReadGuard", true, false, false, false, false},
    {"wl", "RwLock", "RwLockWriteGuard", false, false, false, false, false},
    {"borrow", "RefCell", "Ref", true, false, false, false, false},
    {"try_borrow", "RefCell", "Ref", true, true, false, false, false},
    {"borrow_mut", "RefCell", "RefMut", false, false, false, false, false},
    {"try_borrow_mut", "RefCell", "RefMut", false, true, false, false, false},
    {"lock", "ReentrantMutex", "ReentrantMutexGuard", false, false, true, false, false},
    {"try_lock", "ReentrantMutex", "ReentrantMutexGuard", false, true, true, false, false},
    {"lock", "ReentrantLock", "ReentrantLockGuard", false, false, true, false, false},
}};

constexpr std::array<std::string_view, 20> guards{"MutexGuard",
                                                  "MappedMutexGuard",
                                                  "OwnedMutexGuard",
                                                  "MutexGuardArc",
                                                  "ArcMutexGuard",
                                                  "OwnedMappedMutexGuard",
                                                  "RwLockReadGuard",
                                                  "RwLockWriteGuard",
                                                  "MappedRwLockReadGuard",
                                                  "MappedRwLockWriteGuard",
                                                  "RwLockMappedWriteGuard",
                                                  "OwnedRwLockReadGuard",
                                                  "OwnedRwLockWriteGuard",
                                                  "RwLockReadGuardArc",
                                                  "RwLockWriteGuardArc",
                                                  "RwLockUpgradableReadGuard",
                                                  "ReentrantMutexGuard",
                                                  "ReentrantLockGuard",
                                                  "ArcRwLockReadGuard",
                                                  "ArcRwLockWriteGuard"};

std::string_view kindOf(std::string_view lock)
{
    if (lock == "FairMutex" || lock == "BiLock")
        return "Mutex";
    return lock == "RawRwLock" ? "RwLock" : lock;
}

Type wrapped(const char *head, Type inner)
{
    return Type{head, {std::move(inner)}, false};
}

} // namespace

const LockMethod *lockMethod(std::string_view lockType, std::string_view method)
{
    const std::string_view kind = kindOf(lockType);
    for (const LockMethod &known : methods) {
        if (known.name == method && (kind.empty() ? known.lock != "RefCell" : known.lock == kind))
            return &known;
    }
    return nullptr;
}

Type lockResult(const Type &lock, const LockMethod &method)
{
    const LockFamily family = lockFamily(lock);
    const std::size_t colon = lock.path.rfind("::");
    Type guard;
    guard.path =
        (colon == std::string::npos ? "" : lock.path.substr(0, colon + 2)) + std::string(method.guard);
    guard.args = lock.args;
    if (family == LockFamily::Std)
        return wrapped("Result", guard);
    if (family == LockFamily::RefCell)
        return method.tries ? wrapped("Result", guard) : guard;
    if (isAsyncLock(family)) {
        if (method.tries)
            return wrapped(family == LockFamily::Tokio ? "Result" : "Option", guard);
        return method.blocking ? guard : wrapped("std::future::Future", guard);
    }
    return method.tries ? wrapped("Option", guard) : guard;
}

bool isGuardName(std::string_view name)
{
    return std::find(guards.begin(), guards.end(), name) != guards.end();
}

LockFamily guardFamily(const Type &guard)
{
    const bool cell = guard.path == "std::cell::Ref" || guard.path == "std::cell::RefMut" ||
                      guard.path == "core::cell::Ref" || guard.path == "core::cell::RefMut";
    if (cell)
        return LockFamily::RefCell;
    if (!isGuardName(guard.name()))
        return LockFamily::None;
    // A guard lives beside its lock: ask for a lock in the same module.
    const std::size_t colon = guard.path.rfind("::");
    return lockFamily(
        Type{(colon == std::string::npos ? "" : guard.path.substr(0, colon + 2)) + "Mutex", {}, false});
}

} // namespace review::rust
