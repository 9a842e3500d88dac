// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/panics.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The bodies that RocksDB's C++ code calls: the closures and functions among the arguments.
std::vector<Node> callbacksOf(const Call &call, const RuleInput &input)
{
    std::vector<Node> bodies;
    for (const Node &argument : call.arguments) {
        if (argument.is("closure_expression"))
            bodies.push_back(argument);
        if (!argument.isAny({"identifier", "scoped_identifier"}) || rust::bindingOf(argument))
            continue;
        const std::string_view path = argument.text();
        const std::string_view name =
            path.substr(path.rfind(':') == std::string_view::npos ? 0 : path.rfind(':') + 1);
        const auto functions = input.model.functionsNamed(name, 2);
        if (functions.size() == 1 && functions.front()->body && functions.front()->file == &input.file)
            bodies.push_back(functions.front()->body);
    }
    return bodies;
}

} // namespace

void check_rocks_callback_panic(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file))
        return;
    for (const Call &call :
         callsNamed({"set_merge_operator", "set_merge_operator_associative", "set_compaction_filter",
                     "set_comparator", "set_comparator_with_ts", "create"},
                    input.file)) {
        if (call.name == "create" && !call.path.ends_with("SliceTransform::create"))
            continue;
        for (const Node &body : callbacksOf(call, input)) {
            if (body.text().find("catch_unwind") != std::string_view::npos)
                continue;
            for (const Panic &panic : panicsIn(body)) {
                if (cannotFail(panic) || wasChecked(panic) || handsOnPanic(panic))
                    continue;
                const std::string shown = quoted(panic.node.text(), 32);
                Draft draft;
                draft.at = panic.node;
                draft.title = fittingTitle(
                    {shown + " can panic inside RocksDB", "A callback can panic inside RocksDB"});
                draft.steps = {
                    {"RocksDB",
                     "calls the function given to " + quoted(call.name, 28) + " from a thread of its own",
                     call.node},
                    {"callback", "meets a value that " + shown + " does not take", panic.node},
                    {"process", "is aborted, since no panic may pass C++ frames", panic.node}};
                draft.outcome =
                    "The record is still there after the restart, so the process is aborted again and again.";
                draft.facts = {"resolved: the code runs as a callback of RocksDB",
                               "resolved: nothing before it rules the panic out"};
                draft.evidence = {call.node};
                reporter.report(std::move(draft));
                break;
            }
        }
    }
}

} // namespace review::rules
