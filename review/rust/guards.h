// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/flow.h"
#include "review/rust/model.h"

#include <string>
#include <vector>

namespace review::rust {

/// The identity of a lock (rules.md §3.4). `key` names it within the model: "Store.index" for `self.index` in
/// `impl Store` and for `x.index` with x: Store, "Store.shards[]" for any of its elements, "fn path:local"
/// for locals, "static NAME". `receiver` is the place text as written
/// ("self.index", "shards[i]").
struct Lock {
    std::string key;
    std::string receiver;
    LockFamily family = LockFamily::Unknown;
    std::string typeName; ///< "Mutex", "RwLock", "RefCell" …; empty if unknown
    Node declaration; ///< the field, static, parameter or let that declares it; null if unknown (may be in
                      ///< another file)
    bool assumed = false; ///< the type came from a fallback
    std::string content;  ///< the name of the type it protects, when that is one of the model; else empty

    std::string
        place; ///< the receiver with local aliases resolved: `let m = &self.index; m.lock()` has "self.index"
    Node root; ///< the binding of the place's first name; null for self and statics
    bool fixed =
        false; ///< the place names the same thing throughout the body: no index, no call, no reassigned local

    /// The same lock instance for certain: equal keys and equal places that cannot have changed between (no
    /// index, no reassigned local). Locks of two functions are the same only if both are `self` or static
    /// ones and the functions run on the same `self`.
    bool sameInstance(const Lock &other) const;
};

enum class GuardMode { Exclusive, Shared };

/// One acquisition and how long its guard lives: the Reference's temporary scopes by edition, moves, `drop`,
/// reassignment, branches (rules.md §3.5).
struct Guard {
    Lock lock;
    GuardMode mode = GuardMode::Exclusive;
    bool tries = false;     ///< try_lock and its kin: never waits
    bool recursive = false; ///< parking_lot's *_recursive, ReentrantMutex
    Node call;              ///< `self.index.lock()`
    Node expression;        ///< with its adapters: `self.index.lock().await.unwrap()`
    std::string variable;   ///< the binding's name; empty for a temporary
    Node binding;           ///< let_declaration, or the match/if let/… whose scrutinee holds the temporary
    std::string reason;     ///< why it lives that long, for people: "`g` lives to the end of its block", "a
                            ///< temporary in a `match` scrutinee lives to the end of the match"
    std::vector<git::ByteRange>
        live; ///< where the guard is held on every path that gets there, in source order
    std::vector<git::ByteRange> maybe; ///< where it is held on some paths only (dropped in one branch)

    /// At the moment a call, macro or await runs (its operands evaluated), or where any other node begins.
    /// False in closures and async blocks that run elsewhere or later; true in those that are called in
    /// place.
    bool heldAt(const Node &node) const;
    bool maybeHeldAt(const Node &node) const; ///< also where heldAt is true
};

/// All guards acquired in `body` itself (nested closures and async blocks are bodies of their own), in source
/// order. An async lock's `lock()` without
/// `.await` is a future and gives no guard; a receiver that is no lock by type gives none; an unresolved
/// receiver gives a Guard of family Unknown.
std::vector<Guard> guardsIn(const Node &body, const File &file, const Model &model);
/// How long the value of a call lives that holds something as a guard does, though its receiver is no lock: a
/// reference into a concurrent map, a borrow of a watch channel. Its lock has a name and a place, no family.
/// @param wrapped the call gives an Option or a Result of it
Guard guardOf(const Node &call, bool wrapped, const File &file, const Model &model);

/// A lock that a function takes on its own `self`, a static or an argument, directly or through calls (depth
/// ≤ 4), while it runs on the caller's thread.
struct TakenLock {
    Lock lock; ///< keys as in the callee; `self.…` receivers are the caller's receiver's
    GuardMode mode = GuardMode::Exclusive;
    Node call;              ///< the acquisition itself
    std::vector<Node> path; ///< the call expressions on the way, outermost first
};
/// A lock of a callee as the caller sees it: `self.index` taken by `self.inner.get()` is `self.inner.index`.
/// The place is empty where the call's receiver or argument is no plain place.
Lock throughCall(const Lock &lock, const Function &callee, const Node &call, const File &caller,
                 const Model &model);
/// What calling this function acquires and waits for (no try_ calls, nothing in spawned bodies). Memoised per
/// model by the caller if needed; cost is that of the bodies below.
std::vector<TakenLock> locksTakenBy(const Function &function, const Model &model, int depth = 3);

} // namespace review::rust
