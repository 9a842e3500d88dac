// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_wording.h"
#include "review/rules/relocks.h"
#include "review/rust/flow.h"

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
            // A closure that is handed on may run when the first borrow is long gone.
            if (rust::bodyOf(relock.at) != rust::bodyOf(relock.guard.call)) {
                draft.facts.push_back("assumed: the closure runs while the borrow lasts");
                draft.confidence *= 0.7;
            }
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
