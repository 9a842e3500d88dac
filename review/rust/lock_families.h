// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/types.h"

#include <optional>
#include <string_view>

namespace review::rust {

/// How a method takes a lock.
struct LockMethod {
    std::string_view name;
    std::string_view lock;  ///< "Mutex", "RwLock" or "RefCell"
    std::string_view guard; ///< of which kind: "MutexGuard", "RwLockReadGuard" …
    bool shared = false;
    bool tries = false;
    bool recursive = false;
    bool blocking = false; ///< on an async lock: waits on the thread and needs no await
    bool timed = false;    ///< takes a duration or a deadline
};

/// The method of that name on a lock type's name; for an unknown type the one that a call without arguments
/// is by its name alone. Null if it takes no lock.
const LockMethod *lockMethod(std::string_view lockType, std::string_view method);
/// What the method returns on this (peeled) lock: its guard in the family's Result, Option or Future.
Type lockResult(const Type &lock, const LockMethod &method);
/// A guard type by its name: "MutexGuard", "std::sync::RwLockReadGuard", "Ref" of RefCell …
bool isGuardName(std::string_view name);
/// The family that a guard type belongs to; None for other types.
LockFamily guardFamily(const Type &guard);

} // namespace review::rust
