// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/durability.h"
#include "review/rules/phrases.h"

namespace review::rules {

void check_rename_without_dir_sync(const RuleInput &input, Reporter &reporter)
{
    for (const Rename &rename : renamesIn(input)) {
        if (!rename.syncedBefore || rename.syncedAfter || rename.next)
            continue;
        const std::string to = quoted(rename.to.text(), 24);
        Draft draft;
        draft.at = rename.call.node;
        draft.title = fittingTitle({"The directory of " + to + " is not synced after the rename",
                                    "The directory is not synced after the rename"});
        draft.steps = {{"writer", "syncs the contents and renames the file to " + to, rename.call.node},
                       {"writer", "reports success; the new name is only in the kernel's memory",
                        rename.function->node.field("name")},
                       {"power loss", "brings the old name back", rename.call.node}};
        draft.outcome = "The contents are on disk under a name that the next start does not look for.";
        draft.facts = {"resolved: a sync comes before the rename and none after it",
                       "assumed: by its name this code keeps data that must survive a crash"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
