// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/rule.h"

namespace review::rules {

void check_rocks_get_then_put(const RuleInput &, Reporter &) {}

} // namespace review::rules
