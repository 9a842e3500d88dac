// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;
using Operation = RocksCall::Operation;

/// A transaction that begins and ends in one body.
struct Local {
    Node binding; ///< its let_declaration
    std::string name;
    std::vector<RocksCall> writes;
    std::vector<Node> ends; ///< commits, roll-backs and moves: after them its writes are not ours to lose
};

/// The variable itself goes somewhere else: an argument, a result, a field, a closure. A reference or a
/// method call leaves it here.
bool isMove(const Node &use)
{
    const Node parent = use.parent();
    if (parent.is("field_expression") || parent.is("reference_expression"))
        return false;
    return !(parent.is("unary_expression") || parent.is("binary_expression"));
}

bool isReadOnly(const RocksCall &call)
{
    return call.operation == Operation::Get || call.operation == Operation::GetForUpdate;
}

/// `let txn = db.transaction();` with what happens to it.
Local localOf(const Node &binding, const std::string &name, const std::vector<RocksCall> &calls,
              const Node &body)
{
    Local local{binding, name, {}, {}};
    for (const RocksCall &call : calls) {
        if (call.receiver != name || call.call.node.index() < binding.index() ||
            rust::bindingOf(call.call.receiver) != binding)
            continue;
        if (call.operation == Operation::Write)
            local.writes.push_back(call);
        else if (!isReadOnly(call))
            local.ends.push_back(call.call.node);
    }
    // Uses inside closures and async blocks count as well: those may run at any time.
    for (const Node &node : body.descendants()) {
        if (!node.is("identifier") || node.text() != name || rust::bindingOf(node) != binding)
            continue;
        if (rust::bodyOf(node) != body || isMove(node))
            local.ends.push_back(node);
    }
    return local;
}

/// The function says that it failed here: nobody takes the writes for stored.
bool reportsFailure(const Node &returned)
{
    const std::string_view text = returned.text();
    return text.starts_with("Err") || text == "None" || text == "false" ||
           text.find("Err(") != std::string_view::npos || text.find("bail!") != std::string_view::npos;
}

/// A `return` after a write that no end of the transaction comes before; null if there is none.
Node looseReturn(const Local &local, const Node &body)
{
    for (const Node &node : body.descendants("return_expression")) {
        const Node value = node.firstNamedChild();
        if (rust::bodyOf(node) != body || (value && reportsFailure(value)))
            continue;
        const bool written =
            std::any_of(local.writes.begin(), local.writes.end(),
                        [&](const RocksCall &write) { return rust::dominates(write.call.node, node); });
        const bool ended = std::any_of(local.ends.begin(), local.ends.end(), [&](const Node &end) {
            return end.isInside(node) || rust::canReach(end, node);
        });
        if (written && !ended)
            return node;
    }
    return {};
}

/// `txn.commit()?;` goes before the value at the end, when the writes show that the error converts.
void commitAtEnd(const Local &local, const Node &body, Draft &draft)
{
    const Node block = rust::blockOf(local.binding);
    std::vector<Node> statements = block.namedChildren();
    if (block != body || statements.empty() || compact(statements.back().text()) != "Ok(())")
        return;
    const bool converts = std::any_of(local.writes.begin(), local.writes.end(), [](const RocksCall &write) {
        return write.call.node.parent().is("try_expression");
    });
    const std::uint32_t start = statements.back().bytes().begin;
    if (converts)
        draft.edits.push_back({{start, start}, local.name + ".commit()?;\n" + indentOf(statements.back())});
}

Draft makeDraft(const Local &local, const Node &exit, const RuleInput &input)
{
    const std::string txn = "`" + local.name + "`";
    const RocksCall &write = local.writes.front();
    Draft draft;
    draft.at = exit ? exit : local.binding;
    draft.title = exit ? "This exit drops " + txn + " with its writes and without a commit"
                       : txn + " is dropped with its writes and without a commit";
    draft.steps = {{"caller", "begins " + txn, local.binding},
                   {"caller", "writes " + quoted(write.key.text()) + " through it", write.call.node}};
    if (exit)
        draft.steps.push_back({"caller", "returns success; dropping " + txn + " rolls it back", exit});
    else
        draft.steps.push_back({"caller",
                               "reaches the end of the function; dropping " + txn + " rolls it back",
                               local.writes.back().call.node});
    draft.outcome = "The caller takes the writes for stored, and they are gone without an error.";
    draft.evidence = {write.call.node};
    if (exit)
        draft.evidence.push_back(local.binding);
    draft.facts = {rocksFact(write, input.file, input.model),
                   exit ? "resolved: no commit or roll-back comes before this exit"
                        : "resolved: " + txn +
                              " is neither committed, rolled back nor handed on in this function"};
    return draft;
}

void checkBody(const Node &body, const RuleInput &input, Reporter &reporter)
{
    const std::vector<RocksCall> calls = rocksCallsIn(body, input.file, input.model);
    std::vector<Node> seen;
    for (const RocksCall &call : calls) {
        const Node binding = rust::bindingOf(call.call.receiver);
        if (call.kind != RocksKind::Transaction || call.operation != Operation::Write ||
            !binding.is("let_declaration") || std::find(seen.begin(), seen.end(), binding) != seen.end())
            continue;
        seen.push_back(binding);
        const rust::Call made = rust::toCall(rust::stripAdapters(rust::initialiserOf(call.call.receiver)));
        // A reference to a transaction that lives elsewhere ends nothing when it goes.
        if (!made || binding.field("value").is("reference_expression") ||
            !isOneOf(made.name,
                     {"transaction", "transaction_opt", "begin", "begin_transaction", "new_transaction"}))
            continue;
        const Local local = localOf(binding, call.receiver, calls, body);
        if (local.ends.empty()) {
            Draft draft = makeDraft(local, {}, input);
            commitAtEnd(local, body, draft);
            reporter.report(std::move(draft));
        } else if (const Node exit = looseReturn(local, body)) {
            reporter.report(makeDraft(local, exit, input));
        }
    }
}

} // namespace

void check_rocks_txn_uncommitted(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (function.body && function.body.text().find("transaction") != std::string_view::npos)
            checkBody(function.body, input, reporter);
    }
}

} // namespace review::rules
