// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/tree.h"

#include <string>
#include <string_view>
#include <vector>

namespace review::rust {

/// A type as far as it is known. `path` is the head with `use` resolved ("std::sync::Mutex",
/// "crate::store::Store"; a name that resolves to nothing stays as written; "&", "&mut", "*const", "*mut",
/// "[]", "()" , "dyn", "impl", "fn" for the built-in heads, whose operands are `args`). Empty path: unknown.
struct Type {
    std::string path;
    std::vector<Type> args;
    bool assumed =
        false; ///< found by a fallback (a unique field name, a unique return type), not by declaration

    bool known() const { return !path.empty(); }
    /// The last part of the path: "Mutex".
    std::string_view name() const;
    bool is(std::string_view fullPath) const { return path == fullPath; }
    /// Through references and smart pointers: & &mut Box Rc Arc Pin CachePadded OnceLock OnceCell Lazy
    /// LazyLock Cow.
    const Type &peeled() const;
    bool operator==(const Type &) const = default;
};

/// Whose lock a type is. RefCell and the others guard within one thread.
enum class LockFamily { None, Unknown, Std, ParkingLot, Tokio, FuturesLock, AsyncLock, Spin, RefCell };
/// The family of a (peeled) Mutex, RwLock, RefCell … type; None for other types, Unknown for a lock-like name
/// that does not resolve.
LockFamily lockFamily(const Type &type);
/// Its lock() gives a future, and its guard may be held across an await.
bool isAsyncLock(LockFamily family);
const char *toText(LockFamily family); ///< "std::sync", "parking_lot", "tokio::sync" …

} // namespace review::rust
