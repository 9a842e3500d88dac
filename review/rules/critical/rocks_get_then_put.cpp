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

bool isLogging(const Node &node)
{
    return node.is("macro_invocation") &&
           isOneOf(rust::macroName(node),
                   {"trace", "debug", "info", "warn", "error", "println", "eprintln", "dbg"});
}

/// What was read decides about the write or goes into it: it is used somewhere between, other than in a log
/// line.
bool feeds(const RocksCall &get, const RocksCall &put, const Node &body)
{
    const IsSource isGet = [&](const Node &node) { return node == get.call.node; };
    for (const Node &argument : put.call.arguments) {
        if (argument != put.key && dependsOn(argument, isGet))
            return true;
    }
    for (const Node &node : body.descendants()) {
        if (node.index() >= put.call.node.index())
            return false;
        const bool decides = node.isAny({"if_expression", "while_expression", "match_expression"});
        if (!decides || isLogging(node))
            continue;
        const Node question = node.field(node.is("match_expression") ? "value" : "condition");
        if (dependsOn(question, isGet) &&
            (put.call.node.isInside(node) || rust::canReach(node, put.call.node)))
            return true;
    }
    return false;
}

bool setsSnapshot(const Node &body)
{
    const std::span<const rust::Call> calls = rust::callsIn(body);
    return std::any_of(calls.begin(), calls.end(),
                       [](const rust::Call &call) { return call.name == "set_snapshot"; });
}

/// `get_cf(cf, key)` becomes `get_for_update_cf(cf, key, true)`; the flag is left out where the repository's
/// own method has none.
void lockTheRead(const RocksCall &get, const RuleInput &input, Draft &draft)
{
    Node name = get.call.node.field("function");
    if (name.is("generic_function"))
        name = name.field("function");
    name = name.field("field");
    const bool pinned = get.call.name.starts_with("get_pinned");
    const std::string_view stem = pinned ? "get_pinned" : "get";
    const std::string locking =
        std::string(stem) + "_for_update" + std::string(get.call.name.substr(stem.size()));
    draft.edits.push_back({name.bytes(), locking});
    const rust::Type type = input.model.infer(get.call.receiver, input.file);
    const auto own = input.model.methods(type.peeled().name(), locking);
    const bool flagged = own.empty() || own.front()->parameters.size() > get.call.arguments.size() + 1;
    const std::uint32_t end = get.key.bytes().end;
    if (flagged)
        draft.edits.push_back({{end, end}, ", true"});
}

Draft makeDraft(const RocksCall &get, const RocksCall &put, const RuleInput &input)
{
    const std::string key = quoted(get.key.text());
    const std::string txn = "`" + get.receiver + "`";
    Draft draft;
    draft.at = get.call.node;
    draft.title = fittingTitle({key + " is read without a lock and then written in " + txn,
                                key + " is read without a lock and then written",
                                "A key is read without a lock and then written in " + txn,
                                "A key is read without a lock and then written"});
    draft.steps = {
        {"transaction A", "reads " + key + "; RocksDB takes no lock for `" + std::string(get.call.name) + "`",
         get.call.node},
        {"transaction B", "reads the same value, writes " + key + " and commits", put.call.node},
        {"transaction A", "writes " + key + " from the value it read before and commits without a conflict",
         put.call.node}};
    draft.outcome = "The update of transaction B is lost although both commits succeeded.";
    draft.evidence = {put.call.node};
    draft.facts = {rocksFact(get, input.file, input.model),
                   "resolved: the same key expression is read and written",
                   "resolved: no snapshot is set in this function"};
    lockTheRead(get, input, draft);
    return draft;
}

void checkBody(const Node &body, const RuleInput &input, Reporter &reporter)
{
    const std::vector<RocksCall> calls = rocksCallsIn(body, input.file, input.model);
    for (const RocksCall &get : calls) {
        if (get.kind != RocksKind::Transaction || get.operation != Operation::Get)
            continue;
        const auto put = std::find_if(calls.begin(), calls.end(), [&](const RocksCall &call) {
            return call.operation == Operation::Write && call.receiver == get.receiver &&
                   call.keyText == get.keyText && rust::canReach(get.call.node, call.call.node) &&
                   !changesBetween(get.keyText, get.call.node, call.call.node) && feeds(get, call, body);
        });
        const bool locked = std::any_of(calls.begin(), calls.end(), [&](const RocksCall &call) {
            return call.operation == Operation::GetForUpdate && call.receiver == get.receiver &&
                   call.keyText == get.keyText && put != calls.end() &&
                   rust::canReach(call.call.node, put->call.node);
        });
        if (put != calls.end() && !locked && !setsSnapshot(body))
            reporter.report(makeDraft(get, *put, input));
    }
}

} // namespace

void check_rocks_get_then_put(const RuleInput &input, Reporter &reporter)
{
    // Its transactions may all begin so, in a function of their own: a write to what changed since then
    // fails.
    const rust::Tree &tree = input.file.tree();
    if (tree.contains("set_snapshot") && compact(tree.text()).find("set_snapshot(true)") != std::string::npos)
        return;
    for (const rust::Function &function : input.file.functions()) {
        const std::string_view text = function.body.text();
        const bool reads = text.find(".get") != std::string_view::npos;
        const bool writes = text.find(".put") != std::string_view::npos ||
                            text.find(".delete") != std::string_view::npos ||
                            text.find(".merge") != std::string_view::npos;
        if (function.body && reads && writes)
            checkBody(function.body, input, reporter);
    }
}

} // namespace review::rules
