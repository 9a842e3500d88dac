// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/card.h"
#include "review/rust/model.h"

namespace review::embedded {

/// The authors said that they know: an `#[allow]` or `#[expect]` of one of the card's lints around the node,
/// or a comment
/// `// ferriscope: allow(rule-id): reason` on its line or just above it or its statement. Without a reason
/// the comment does not count.
bool isSuppressed(const rules::Card &card, const rust::Node &at);

} // namespace review::embedded
