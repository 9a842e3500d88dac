// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/rule.h"

namespace review::rules {

void check_ffi_null_unchecked(const RuleInput &, Reporter &) {}

} // namespace review::rules
