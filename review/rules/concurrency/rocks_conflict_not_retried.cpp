// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {

using rust::Call;

void check_rocks_conflict_not_retried(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file))
        return;
    for (const Call &commit : callsNamed({"commit", "get_for_update", "get_for_update_cf"}, input.file)) {
        const Call taken = rust::toCall(commit.node.parent().parent());
        if (!commit.isMethod() || !taken.isMethod() || taken.receiver != commit.node ||
            !isOneOf(taken.name, {"unwrap", "expect"}) ||
            rocksKind(commit.receiver, input.file, input.model) != RocksKind::Transaction)
            continue;
        const std::string shown =
            quoted(rust::placeText(commit.receiver) + "." + std::string(commit.name), 28);
        Draft draft;
        draft.at = taken.node;
        draft.title = fittingTitle(
            {"A conflict in " + shown + " ends in a panic", "A conflict of transactions ends in a panic"});
        draft.steps = {{"A", "begins a transaction and writes a key", commit.receiver},
                       {"B", "commits a write of the same key first", commit.node},
                       {"A", "gets Busy or TryAgain from " + shown + " and panics", taken.node}};
        draft.outcome = "What transactions are made for, two clients and one key, takes the thread down.";
        draft.facts = {"resolved: `" + rust::placeText(commit.receiver) + "` is a RocksDB transaction",
                       "resolved: its error is unwrapped"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
