// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {

using rust::Call;

void check_rocks_txn_no_lock_timeout(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file) || input.file.tree().contains("set_deadlock_detect(true)"))
        return;
    for (const Call &call :
         callsNamed({"set_lock_timeout", "set_default_lock_timeout", "set_txn_lock_timeout"}, input.file)) {
        const bool endless =
            call.isMethod() && call.arguments.size() == 1 && call.arguments[0].text().starts_with('-');
        if (!endless)
            continue;
        const std::string shown = quoted(call.name, 28);
        Draft draft;
        draft.at = call.node;
        draft.title = shown + " lets transactions wait for ever";
        draft.steps = {{"A", "holds the lock of key x and waits for y", call.node},
                       {"B", "holds the lock of key y and waits for x", call.node}};
        draft.outcome = "Neither ever gives up, and nothing finds the deadlock, since detection is off.";
        draft.facts = {"resolved: a negative time means no limit",
                       "resolved: `set_deadlock_detect(true)` does not occur in this file"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
