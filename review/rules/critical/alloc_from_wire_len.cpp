// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/rule.h"

namespace review::rules {

void check_alloc_from_wire_len(const RuleInput &, Reporter &) {}

} // namespace review::rules
