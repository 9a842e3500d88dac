// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <utility>

namespace review::rules {

namespace {

bool makesDurable(const rust::Call &call)
{
    return isOneOf(call.name, {"sync_all", "sync_data", "fsync", "fdatasync", "flush_wal", "sync_wal",
                               "sync_dir", "fsync_dir", "sync_parent_dir"});
}

bool changesFiles(const rust::Call &call)
{
    return isOneOf(call.name, {"write", "write_all", "write_at", "write_all_at", "append", "rename",
                               "persist", "put", "flush", "create", "create_new", "truncate", "set_len",
                               "remove_file", "hard_link", "extend_from_slice", "save"});
}

} // namespace

void check_dropped_sync(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (!callsAny(*function.head, changesFiles))
            continue;
        for (const RemovedCall &removed : removedCalls(function, makesDurable, input)) {
            Draft draft = draftOfGone(removed, function, "A sync to disk is gone", "syncs");
            draft.steps = {{"before this change", "makes what was written durable", removed.call.node},
                           {"now", "goes on with the bytes in the page cache only", removed.near}};
            draft.outcome = "A power failure or a kernel crash after this point loses what the caller was "
                            "told is written.";
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
