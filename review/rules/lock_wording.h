// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/phrases.h"
#include "review/rust/guards.h"

#include <string>

namespace review::rules {

/// "resolved: `self.index` is a `Mutex` of std::sync", or "assumed: …" where the type came from a fallback.
std::string lockFact(const rust::Lock &lock);
/// "read-locks", "write-locks", "locks": what acquiring this does.
std::string lockingVerb(const rust::Lock &lock, rust::GuardMode mode);
/// "task" in code that runs on an executor, "thread" elsewhere.
std::string actorOf(const rust::Node &node, const rust::File &file);
/// "resolved: the crate's edition is 2021", or "assumed: …" where the manifest was not seen.
std::string editionFact(const rust::File &file);

} // namespace review::rules
