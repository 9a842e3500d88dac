// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

#include <optional>
#include <string_view>
#include <vector>

namespace review::rust {

/// The body a node runs in: the innermost closure_expression, async_block, or function body (its block)
/// around it. Each is a body of its own. A closure itself is made in the body around it; a function's body
/// block is its own body. Null outside of functions.
Node bodyOf(const Node &node);
/// The node is in `body` itself, not in a closure or async block inside it.
bool runsIn(const Node &node, const Node &body);

/// How a body runs.
enum class BodyKind { Sync, Async, Blocking };
/// Async: an async fn, async block or async closure. Blocking: a closure handed to spawn_blocking,
/// block_in_place, thread::spawn or rayon. Other closures are as the body around them when they are called in
/// place (iterator adapters, `map_err`, …).
BodyKind bodyKind(const Node &body, const File &file);
/// The node runs on an async executor's thread.
bool runsAsync(const Node &node, const File &file);

/// The nearest loop (`loop`, `while`, `for`) around the node within its body; null if none.
Node loopAround(const Node &node);
/// Ends the flow here on every path: return, break, continue, panic!/unreachable!/todo!, process::exit, `?`
/// is not one.
bool diverges(const Node &blockOrExpression);
/// The statement (or tail expression) of the innermost block around a node; a closure's body where that is no
/// block; an item outside of functions.
Node statementOf(const Node &node);
/// The block around the node, within its body.
Node blockOf(const Node &node);

/// `earlier` runs before `later` on every path to `later` (statement order, branches and loops of one body
/// looked at; closures not entered).
bool dominates(const Node &earlier, const Node &later);
/// Some path of one body reaches `later` after `earlier` (same-iteration order: other branches of one
/// if/match do not).
bool canReach(const Node &earlier, const Node &later);

/// The await expressions in `body` itself, select!/join! among them (these are macro_invocation nodes).
std::vector<Node> awaitPoints(const Node &body);
/// The identifiers at or below a node that read a variable of that name in the same body. Names inside format
/// strings are not seen.
std::vector<Node> usesOf(std::string_view variable, const Node &within);
/// The binding a plain identifier refers to: its let_declaration, parameter, or pattern (for, if let, match,
/// closure parameter); null if it is none of the body's.
Node bindingOf(const Node &identifier);
/// The initialiser of the binding when it is `let name = …`; null else.
Node initialiserOf(const Node &identifier);

/// The byte range of an `unsafe` block is preceded (comment lines just above, or first inside) by a comment
/// with `SAFETY:`.
bool hasSafetyComment(const Node &unsafeNode);
/// `#[allow(...)]`/`#[expect(...)]` of this lint on the node's statement, function, item, module or file.
bool isAllowed(const Node &node, std::string_view lint);

} // namespace review::rust
