// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;
using Operation = RocksCall::Operation;

void checkBody(const Node &body, const RuleInput &input, Reporter &reporter)
{
    const std::vector<RocksCall> calls = rocksCallsIn(body, input.file, input.model);
    for (const Call &begin : rust::callsIn(body)) {
        const Node binding = rust::statementOf(begin.node);
        if (!begin.isMethod() || !isOneOf(begin.name, {"transaction", "transaction_opt"}) ||
            !binding.is("let_declaration") || !rust::runsIn(begin.node, body))
            continue;
        const Node pattern = binding.field("pattern");
        const std::string txn(pattern.is("mut_pattern") ? pattern.firstNamedChild().text() : pattern.text());
        const std::string database = rust::placeText(begin.receiver);
        const Node block = rust::blockOf(binding);
        bool used = false;
        for (const RocksCall &call : calls) {
            if (call.call.node.index() < begin.node.index() || !call.call.node.isInside(block))
                continue;
            if (call.receiver == txn) {
                if (call.operation == Operation::Commit || call.operation == Operation::Rollback)
                    break;
                used = true;
                continue;
            }
            const bool writes = call.operation == Operation::Write || call.operation == Operation::WriteBatch;
            if (!used || !writes || call.receiver != database || call.kind != RocksKind::Database)
                continue;
            const std::string shown = quoted(call.receiver + "." + std::string(call.call.name), 28);
            Draft draft;
            draft.at = call.call.node;
            draft.title = fittingTitle({shown + " writes past the open transaction `" + txn + "`",
                                        "A write goes past the open transaction"});
            draft.steps = {
                {"caller", "begins `" + txn + "` and works in it", binding},
                {"caller", "writes with " + shown + ", which takes effect at once", call.call.node},
                {"caller", "fails before the commit; `" + txn + "` rolls back, that write does not",
                 binding}};
            draft.outcome =
                "Half of the change stays; or the write waits for a lock that its own transaction holds.";
            draft.facts = {rocksFact(call, input.file, input.model),
                           "resolved: `" + txn + "` was begun on the same database and is not ended yet"};
            draft.evidence = {binding};
            if (call.operation == Operation::Write)
                draft.edits.push_back({call.call.receiver.bytes(), txn});
            reporter.report(std::move(draft));
        }
    }
}

} // namespace

void check_rocks_write_bypasses_txn(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (function.body && function.body.text().find(".transaction") != std::string_view::npos)
            checkBody(function.body, input, reporter);
    }
}

} // namespace review::rules
