// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

/// What must be on disk before anybody is told: votes, terms, entries of the log.
bool isCommitPoint(const rust::Function &function)
{
    return mentions(function.name,
                    {"save_vote", "hard_state", "save_term", "persist_vote", "save_state", "append_log",
                     "append_entries", "save_ballot", "set_vote", "write_vote", "save_meta"}) ||
           (function.name == "append" && mentions(function.selfType + function.traitName, {"log", "raft"}));
}

} // namespace

void check_rocks_no_sync_commit_point(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file) || hasAny(input.file, {"set_sync(true)", "flush_wal", "sync_wal"}))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (!function.body || !isCommitPoint(function))
            continue;
        for (const RocksCall &call : rocksCallsIn(function.body, input.file, input.model)) {
            const bool writes = call.operation == RocksCall::Operation::Write ||
                                call.operation == RocksCall::Operation::WriteBatch;
            if (!writes || call.kind != RocksKind::Database ||
                call.call.name.find("opt") != std::string_view::npos || call.call.name.starts_with("delete"))
                continue;
            const std::string shown = quoted(call.receiver + "." + std::string(call.call.name), 28);
            Draft draft;
            draft.at = call.call.node;
            draft.title =
                fittingTitle({shown + " in " + quoted(function.name, 24) + " does not wait for the disk",
                              quoted(function.name, 28) + " does not wait for the disk"});
            draft.steps = {
                {"node", "stores what it is about to promise with " + shown, call.call.node},
                {"node", "answers its peer", function.node.field("name")},
                {"machine", "loses power; the log was in the kernel's memory only", call.call.node}};
            draft.outcome = "The node comes back without the vote or the entry that others have counted.";
            draft.facts = {rocksFact(call, input.file, input.model),
                           "resolved: default write options do not sync, and nothing in this file does",
                           "assumed: by its name `" + function.path() +
                               "` stores a promise of the consensus"};
            reporter.report(std::move(draft));
            break;
        }
    }
}

} // namespace review::rules
