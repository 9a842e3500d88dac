// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool hasExtractor(const rust::Model &model)
{
    return std::ranges::any_of(model.sources(), [](const auto &source) {
        return source->contains("set_prefix_extractor") || source->contains("optimize_for_point_lookup") ||
               source->contains("SliceTransform");
    });
}

/// A type of this repository around the database may end its scans by itself.
bool isOfWrapper(const Call &call, const RuleInput &input)
{
    const rust::Type type = input.model.infer(call.receiver, input.file);
    return type.known() && input.model.findStruct(type.peeled().name(), input.file) != nullptr;
}

} // namespace

void check_rocks_prefix_no_extractor(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file))
        return;
    for (const Call &call : callsNamed({"prefix_iterator", "prefix_iterator_cf"}, input.file)) {
        const rust::Function *function = input.file.functionAt(call.node);
        if (!function || !rocksIterator(call.node, input.file, input.model) ||
            hasAny(function->body.text(),
                   {"starts_with", "strip_prefix", "take_while", "upper_bound", "break", "PrefixRange"}) ||
            function->name.find("prefix_iterator") != std::string::npos || hasExtractor(input.model) ||
            isOfWrapper(call, input) ||
            compact(call.arguments.empty() ? "" : call.arguments.back().text()) == "&[]")
            continue;
        const std::string prefix =
            quoted(call.arguments.empty() ? call.node.text() : call.arguments.back().text(), 24);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({"The scan of prefix " + prefix + " goes on past the prefix",
                                    "A scan of a prefix goes on past it"});
        draft.steps = {{"caller", "asks for the keys with prefix " + prefix, call.node},
                       {"RocksDB", "knows no prefixes and starts an ordinary iterator there", call.node},
                       {"caller", "gets all keys that follow, other tables' among them", call.node}};
        draft.outcome =
            "What is counted, returned or deleted includes keys that do not belong to the prefix.";
        draft.facts = {"resolved: no prefix extractor is set in the files that were read",
                       "resolved: the function neither compares the prefix nor ends the scan"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
