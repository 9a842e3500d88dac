// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"

namespace review::rules {
namespace {

using rust::Call;

/// The adapter throws the items away that are errors, or ends at the first one as if it were the last key.
bool dropsErrors(const Call &call)
{
    if (call.name == "flatten")
        return call.arguments.empty();
    if (call.arguments.size() != 1)
        return false;
    const std::string what = compact(call.arguments.front().text());
    return what == "Result::ok" || what.ends_with(".ok()") || what == "|x|x.ok()";
}

} // namespace

void check_rocks_iter_errors_dropped(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file))
        return;
    for (const Call &call : callsNamed({"flatten", "filter_map", "flat_map", "map_while"}, input.file)) {
        if (!call.isMethod() || !dropsErrors(call))
            continue;
        const Call iterator = rocksIterator(call.receiver, input.file, input.model);
        if (!iterator)
            continue;
        const std::string name = quoted(call.name, 16);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({name + " drops the errors of " + quoted(iterator.name, 24),
                                    "Errors of a RocksDB iterator are dropped"});
        draft.steps = {
            {"caller", "iterates over keys with " + quoted(iterator.name, 24), iterator.node},
            {"RocksDB", "cannot read a block and yields an error", iterator.node},
            {"caller", "loses it to " + name + " and takes what came before for all there is", call.node}};
        draft.outcome = "Keys that exist are missing from the result, and what is built from it is wrong "
                        "without an error.";
        draft.facts = {"resolved: " + quoted(iterator.name, 24) + " yields a `Result` for each key",
                       "resolved: " + name + " keeps only those that are `Ok`"};
        draft.evidence = {iterator.node};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
