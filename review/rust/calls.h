// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/tree.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace review::rust {

/// A call taken apart: `a.b.lock()` has receiver `a.b` and name "lock"; `Mutex::new(x)` has path "Mutex::new"
/// and name "new". Turbofish is looked through. Works on call_expression; for other nodes name is empty.
struct Call {
    Node node;
    Node receiver; ///< null for path calls
    std::string_view name;
    std::string path; ///< path calls: as written without generics; empty for methods
    std::vector<Node> arguments;
    Node body; ///< the body it runs in, see bodyOf() in flow.h

    explicit operator bool() const { return !name.empty(); }
    bool isMethod() const { return bool(receiver); }
};
/// The node's tree holds the answer, worked out once.
const Call &toCall(const Node &node);
/// The same worked out anew, for the tree to hold.
Call makeCall(const Node &node);
/// All calls at or below a node, in source order, those in nested closures and async blocks included: a view
/// of what its tree has worked out once.
std::span<const Call> callsIn(const Node &node);

/// The expression that a chain of `.unwrap()`, `.expect(..)`, `?`, `.await`, parentheses, `&` … stands on:
/// for `x.lock().await.unwrap()` the call `x.lock()`.
Node stripAdapters(Node expression);
/// The whole chain upwards: for `x.lock()` inside `x.lock().await.unwrap()` the outermost node of that chain.
Node withAdapters(Node expression);
/// The call is directly awaited (`x.lock().await`).
bool isAwaited(const Node &call);
/// The macro's name of a macro_invocation ("tokio::select" → "select"); empty for other nodes.
std::string_view macroName(const Node &node);
/// `self.a.b`, `x`, `X.y` with whitespace removed; empty when the expression is no plain place (calls,
/// indexing …). Indexing gives `a[i]`.
std::string placeText(const Node &expression);

} // namespace review::rust
