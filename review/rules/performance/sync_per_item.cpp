// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/collections.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The loop waits for something to come: each round is a request of its own.
bool isServing(const Node &loop)
{
    const std::string_view head = loop.is("for_expression") ? loop.field("value").text() : loop.text();
    return !loop.is("for_expression") || mentions(head, {"recv", "incoming", "rx", "receiver", "events"});
}

/// Each round has a file, database or transaction of its own.
bool isOfRound(const Call &call, const Node &loop)
{
    for (Node at = call.receiver; at; at = at.firstNamedChild()) {
        if (at.is("identifier"))
            return isMadeInside(at, loop);
        if (const Call inner = rust::toCall(at)) {
            for (const Node &argument : inner.arguments) {
                for (const Node node : argument.descendants()) {
                    if (node.is("identifier") && isMadeInside(node, loop))
                        return true;
                }
                if (argument.is("identifier") && isMadeInside(argument, loop))
                    return true;
            }
        }
    }
    return false;
}

/// A write to RocksDB waits for the disk only where its options say so.
bool isSyncedWrite(const Call &call, const RuleInput &input)
{
    const rust::Function *function = input.file.functionAt(call.node);
    return call.name == "write_opt" && function &&
           compact(function->body.text()).find("set_sync(true)") != std::string::npos &&
           rocksKind(call.receiver, input.file, input.model) == RocksKind::Database;
}

bool isPlainFile(const Node &receiver, const RuleInput &input)
{
    return input.model.infer(rust::stripAdapters(receiver), input.file).peeled().name() == "File";
}

} // namespace

void check_sync_per_item(const RuleInput &input, Reporter &reporter)
{
    for (const Call &call : callsNamed({"sync_all", "sync_data", "flush_wal", "write_opt"}, input.file)) {
        if (!call.isMethod())
            continue;
        const Node loop = rust::loopAround(call.node);
        if (!loop || isServing(loop) || isOfRound(call, loop) || call.node.isInside(loop.field("value")))
            continue;
        const bool batch = call.name == "write_opt";
        if (batch ? !isSyncedWrite(call, input)
                  : call.name != "flush_wal" && !isPlainFile(call.receiver, input))
            continue;
        // Writing whenever a batch is full is what a batch is for.
        bool conditional = false;
        for (Node at = call.node; at && at != loop; at = at.parent())
            conditional = conditional || at.isAny({"if_expression", "match_arm"});
        if (conditional)
            continue;
        const std::string shown = quoted(rust::placeText(call.receiver) + "." + std::string(call.name), 32);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({shown + " waits for the disk once for each item",
                                    "The loop waits for the disk once for each item"});
        draft.steps = {{"loop", "takes the next item", loop},
                       {"disk", batch ? "takes a batch with one item" : "is waited for", call.node}};
        draft.outcome =
            "A disk that syncs some hundred times a second lets some hundred items a second through.";
        draft.facts = {"resolved: the call runs in each round and on the same " +
                           std::string(batch ? "database" : "file"),
                       "assumed: no item is acknowledged before the loop is over"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
