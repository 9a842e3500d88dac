// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {

using rust::Call;

void check_rocks_blocking_in_async(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file) || !input.file.tree().contains("async"))
        return;
    // Single reads are mostly served from memory; these wait for the disk.
    for (const Call &call :
         callsNamed({"flush", "flush_cf", "flush_wal", "compact_range", "compact_range_cf", "write",
                     "write_opt", "commit", "create_checkpoint", "ingest_external_file"},
                    input.file)) {
        if (!call.isMethod() || !rust::runsAsync(call.node, input.file) || rust::isAwaited(call.node))
            continue;
        const rust::Function *function = input.file.functionAt(call.node);
        if (function && mentions(function->name, {"shutdown", "close", "stop"}))
            continue; // nobody waits for the thread any more
        const RocksKind kind = rocksKind(call.receiver, input.file, input.model);
        if (kind != RocksKind::Database && !(kind == RocksKind::Transaction && call.name == "commit"))
            continue;
        const std::string shown = quoted(rust::placeText(call.receiver) + "." + std::string(call.name), 32);
        const bool slow = mentions(call.name, {"flush", "compact", "ingest"});
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({shown + " waits for the disk on the executor's thread",
                                    "RocksDB waits for the disk on the executor's thread"});
        draft.steps = {
            {"task A", "calls " + shown + " and keeps its thread until the disk is done", call.node},
            {"tasks B, C, …", "are ready, but their thread does not come back to them", call.node}};
        draft.outcome = "When RocksDB stalls its writers, all tasks of these threads stall with them, "
                        "heartbeats included.";
        draft.facts = {"resolved: `" + rust::placeText(call.receiver) + "` is RocksDB's, whose calls block",
                       "resolved: the call is in async code, not in a closure for `spawn_blocking`"};
        draft.severity = slow ? Severity::High : Severity::Medium;
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
