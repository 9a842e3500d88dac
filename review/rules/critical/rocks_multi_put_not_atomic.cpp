// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;
using Operation = RocksCall::Operation;

using Writes = std::vector<RocksCall>;

/// How a batch is handed to `write`, which takes it by value or by reference: as another call in this file
/// does it, or as the repository's own method declares it. Empty when unknown.
std::string batchArgument(const RocksCall &write, const RuleInput &input)
{
    for (const rust::Function &function : input.file.functions()) {
        if (!function.body || function.body.text().find(".write(") == std::string_view::npos)
            continue;
        for (const RocksCall &call : rocksCallsIn(function.body, input.file, input.model)) {
            if (call.operation == Operation::WriteBatch && call.call.arguments.size() == 1)
                return call.call.arguments.front().text().starts_with('&') ? "&batch" : "batch";
        }
    }
    const rust::Type type = input.model.infer(write.call.receiver, input.file);
    const auto own = input.model.methods(type.peeled().name(), "write");
    if (own.empty() || own.front()->parameters.size() != 2)
        return {};
    return own.front()->parameters[1].type.text().starts_with('&') ? "&batch" : "batch";
}

/// `db.put(key, value)?;` as a statement of its own, without options.
bool isPlainStatement(const RocksCall &write, const Node &block)
{
    const Node tried = write.call.node.parent();
    return isOneOf(write.call.name, {"put", "put_cf", "merge", "merge_cf", "delete", "delete_cf"}) &&
           tried.is("try_expression") && tried.parent().is("expression_statement") &&
           tried.parent().parent() == block;
}

/// All writes go through one batch, when nothing between them can need what they wrote.
void batchWrites(const Writes &writes, const Writes &calls, const RuleInput &input, Draft &draft)
{
    const Node block = rust::blockOf(writes.front().call.node);
    const Node first = rust::statementOf(writes.front().call.node);
    const Node last = rust::statementOf(writes.back().call.node);
    const bool named = input.file.resolve("WriteBatch").find("::") != std::string::npos;
    const bool taken = first.ancestor({"function_item"}).text().find("batch") != std::string_view::npos;
    if (!named || taken)
        return;
    for (const RocksCall &write : writes) {
        if (!isPlainStatement(write, block) || write.receiver != writes.front().receiver)
            return;
    }
    for (const RocksCall &call : calls) {
        const bool between = call.call.node.index() > first.index() && call.call.node.index() < last.index();
        if (between && call.operation != Operation::Write)
            return;
    }
    const std::string argument = batchArgument(writes.front(), input);
    if (argument.empty())
        return;
    draft.edits.push_back({{first.bytes().begin, first.bytes().begin},
                           "let mut batch = WriteBatch::default();\n" + indentOf(first)});
    for (const RocksCall &write : writes) {
        draft.edits.push_back({write.call.receiver.bytes(), "batch"});
        draft.edits.push_back({{write.call.node.bytes().end, write.call.node.parent().bytes().end}, ""});
    }
    draft.edits.push_back({{last.bytes().end, last.bytes().end},
                           "\n" + indentOf(last) + writes.front().receiver + ".write(" + argument + ")?;"});
}

/// The key changes from round to round.
bool variesInLoop(const RocksCall &write)
{
    const Node loop = rust::loopAround(write.call.node);
    if (!loop)
        return false;
    const IsSource isOfLoop = [&](const Node &node) {
        if (!node.is("identifier"))
            return false;
        const Node binding = rust::bindingOf(node);
        return binding && binding.isInside(loop) && binding != loop;
    };
    return isOfLoop(write.key) || dependsOn(write.key, isOfLoop);
}

/// Writes of one run of the function to different keys, the first one first; empty when all is one logical
/// key.
Writes runOf(const Writes &writes)
{
    for (std::size_t i = 0; i < writes.size(); ++i) {
        Writes run{writes[i]};
        for (std::size_t j = i + 1; j < writes.size(); ++j) {
            if (writes[j].receiver == run.front().receiver &&
                rust::canReach(run.back().call.node, writes[j].call.node))
                run.push_back(writes[j]);
        }
        const bool distinct = std::any_of(run.begin(), run.end(), [&](const RocksCall &write) {
            return write.keyText != run.front().keyText;
        });
        if (distinct)
            return run;
    }
    return {};
}

/// A tool that may be run again, or a function that says that its writes stand alone.
bool isExempt(const rust::Function &function, const RuleInput &input)
{
    return mentions(input.file.path(), {"migrat", "/bin/", "tools/", "ctl/", "bench"}) ||
           mentions(function.name, {"migrat", "upgrade", "load_", "import", "seed"}) ||
           mentions(function.docs, {"idempotent", "independent", "not atomic", "best effort"});
}

Draft makeDraft(const Writes &run, bool loops, const RuleInput &input)
{
    const RocksCall &first = run.front();
    const RocksCall &last = run.back();
    const std::string a = quoted(first.key.text(), 22);
    const std::string b = quoted(last.key.text(), 22);
    Draft draft;
    draft.at = first.call.node;
    if (loops) {
        draft.title = fittingTitle({"`" + first.receiver + "." + std::string(first.call.name) +
                                        "` changes many keys in a loop without a batch",
                                    "Many keys are changed in a loop without a batch"});
        draft.steps = {{"writer", "changes the key of one round", first.call.node},
                       {"crash", "the process stops, or the next round fails, before the others are changed",
                        first.call.node}};
        // What is left of a deletion is mostly deleted by the next one.
        draft.confidence = first.call.name.starts_with("delete") ? 0.7 : 0.8;
        draft.severity = Severity::Medium;
    } else {
        draft.title = fittingTitle(
            {a + " and " + b + " are written without a batch", "Several keys are written without a batch"});
        draft.steps = {
            {"writer", "changes " + a + ", which is durable by itself", first.call.node},
            {"crash", "the process stops, or the next write fails and the function returns", last.call.node},
            {"reader", "finds " + a + " changed and " + b + " not", last.call.node}};
    }
    draft.outcome = "Only a part of the change is stored, and nothing undoes or completes it.";
    for (std::size_t i = 1; i < run.size(); ++i)
        draft.evidence.push_back(run[i].call.node);
    draft.facts = {rocksFact(first, input.file, input.model),
                   "resolved: the writes go to the database itself, not to a batch or a transaction",
                   "assumed: the keys belong together"};
    return draft;
}

void checkFunction(const rust::Function &function, const RuleInput &input, Reporter &reporter)
{
    const Writes calls = rocksCallsIn(function.body, input.file, input.model);
    Writes writes;
    std::copy_if(calls.begin(), calls.end(), std::back_inserter(writes), [](const RocksCall &call) {
        return call.kind == RocksKind::Database && call.operation == Operation::Write;
    });
    if (writes.empty() || isExempt(function, input))
        return;
    const Writes run = runOf(writes);
    if (run.empty()) {
        const auto looping = std::find_if(writes.begin(), writes.end(), variesInLoop);
        if (looping != writes.end())
            reporter.report(makeDraft({*looping}, true, input));
        return;
    }
    Draft draft = makeDraft(run, false, input);
    batchWrites(run, calls, input, draft);
    reporter.report(std::move(draft));
}

} // namespace

void check_rocks_multi_put_not_atomic(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        const std::string_view text = function.body.text();
        const bool writes = text.find(".put") != std::string_view::npos ||
                            text.find(".delete") != std::string_view::npos ||
                            text.find(".merge") != std::string_view::npos;
        if (function.body && writes)
            checkFunction(function, input, reporter);
    }
}

} // namespace review::rules
