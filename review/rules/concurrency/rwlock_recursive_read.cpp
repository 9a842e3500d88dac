// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_wording.h"
#include "review/rules/relocks.h"

#include <set>
#include <string>

namespace review::rules {

void check_rwlock_recursive_read(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("read"))
        return;
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        std::set<std::string> told;
        for (const Relock &relock : relocksIn(body, input, RelockKind::Shared)) {
            if (!told.insert(relock.guard.lock.key).second)
                continue;
            Draft draft = describeRelock(relock, input.file);
            draft.title = quoted(relock.guard.lock.receiver, 36) + " is read-locked twice at once";
            draft.facts.push_back("assumed: someone write-locks it at the same time");
            // Two looks in one expression are short; the gap for a writer is small.
            if (relock.guard.variable.empty() && !relock.callee)
                draft.confidence *= 0.8;
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
