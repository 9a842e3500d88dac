// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {

using rust::Call;
using rust::Node;

void check_rocks_snapshot_not_in_read(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file))
        return;
    for (const Call &set : callsNamed({"set_snapshot"}, input.file)) {
        const Node body = rust::bodyOf(set.node);
        const rust::Type options = input.model.infer(set.receiver, input.file);
        const bool ofTransaction = mentions(options.peeled().name(), {"transactionoptions"}) ||
                                   input.file.resolve(rust::toCall(rust::initialiserOf(set.receiver)).path)
                                           .find("TransactionOptions") != std::string::npos;
        if (!set.isMethod() || set.arguments.size() != 1 || set.arguments[0].text() != "true" || !body ||
            !ofTransaction)
            continue;
        Node read;
        for (const RocksCall &call : rocksCallsIn(body, input.file, input.model)) {
            if (call.kind == RocksKind::Transaction && call.operation == RocksCall::Operation::Get &&
                call.call.node.index() > set.node.index() &&
                call.call.name.find("opt") == std::string_view::npos)
                read = read ? read : call.call.node;
        }
        if (!read)
            continue;
        const std::string shown = quoted(read.text(), 28);
        Draft draft;
        draft.at = read;
        draft.title = fittingTitle(
            {shown + " does not read from the snapshot", "A read does not use the transaction's snapshot"});
        draft.steps = {{"A", "begins a transaction with `set_snapshot(true)`", set.node},
                       {"B", "commits a new value", read},
                       {"A", "reads with " + shown + " and sees the new value", read}};
        draft.outcome =
            "Two reads of one transaction come from different states, although a snapshot was asked for.";
        draft.facts = {"resolved: the options take a snapshot, which only checks writes for conflicts",
                       "resolved: the read has no `ReadOptions` with that snapshot"};
        draft.evidence = {set.node};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
