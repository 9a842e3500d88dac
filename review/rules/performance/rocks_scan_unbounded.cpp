// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {

using rust::Call;

void check_rocks_scan_unbounded(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file))
        return;
    for (const Call &call : callsNamed({"iterator", "iterator_cf"}, input.file)) {
        if (!call.isMethod() || call.arguments.empty() || !rocksIterator(call.node, input.file, input.model))
            continue;
        const rust::Call mode = rust::toCall(call.arguments.back());
        const rust::Function *function = input.file.functionAt(call.node);
        const bool fromKey = mode && mode.path.ends_with("IteratorMode::From");
        if (!fromKey || !function ||
            hasAny(function->body.text(),
                   {"starts_with", "take_while", "upper_bound", "break", ".take(", ".next()", "return",
                    "range", ".nth(", ".find(", "strip_prefix", "map_while", ".zip(", "any("}) ||
            function->returnType.text().find("Iter") != std::string_view::npos)
            continue;
        const std::string shown = quoted(call.arguments.back().text(), 36);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({"The scan " + shown + " has no end", "A scan from a key has no end"});
        draft.steps = {{"caller", "starts a scan at a key in the middle", call.node},
                       {"RocksDB", "goes on to the last key of the column family", call.node}};
        draft.outcome =
            "The scan reads what does not belong to it, and passes over every tombstone that follows.";
        draft.facts = {"resolved: neither the options nor the function end the scan",
                       "assumed: only a part of the keys from there on is wanted"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
