// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/card.h"
#include "review/rust/model.h"

#include <string>

namespace review::embedded {

/// An `#[allow]` or `#[expect]` of one of the card's lints stands around the node: the compiler's own way to
/// say that the authors know.
bool isAllowed(const rules::Card &card, const rust::Node &at);

/// The reason of a comment `// ferriscope: allow(rule-id): reason` on the node's line or just above it or its
/// statement; empty without such a comment. One without a reason does not count.
std::string silencedBy(const rules::Card &card, const rust::Node &at);

} // namespace review::embedded
