// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/card.h"
#include "review/rules/rule.h"

namespace review::rules {

/// Asks a team's card of a file: one draft for each node captured as `@at`. Its work is at most a hundred
/// steps for each node of the file's tree; beyond that it gives up, and the answer is false.
bool runQuery(const Card &card, const RuleInput &input, Reporter &reporter);

} // namespace review::rules
