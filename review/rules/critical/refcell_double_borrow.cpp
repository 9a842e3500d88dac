// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_wording.h"
#include "review/rules/relocks.h"

#include <string>

namespace review::rules {

void check_refcell_double_borrow(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("borrow_mut"))
        return;
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        for (const Relock &relock : relocksIn(body, input, RelockKind::Cells)) {
            Draft draft = describeRelock(relock, input.file);
            draft.title = quoted(relock.guard.lock.receiver, 28) + " is borrowed again while " +
                          (relock.guard.variable.empty() ? "a temporary borrows it"
                                                         : quoted(relock.guard.variable, 16) + " borrows it");
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
