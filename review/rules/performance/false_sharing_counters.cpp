// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;

/// "AtomicU64" of `[AtomicU64; 16]` and `Vec<AtomicU64>`; empty for other types.
std::string rowOfAtomics(const rust::Field &field, const RuleInput &input)
{
    if (field.type.text().find("Atomic") == std::string_view::npos)
        return {};
    const rust::Type type = input.model.typeOf(field.type, input.file);
    const rust::Type &row = type.peeled();
    const bool many = row.path == "[]" || row.name() == "Vec";
    if (!many || row.args.empty() || !row.args.front().path.starts_with("std::sync::atomic::Atomic"))
        return {};
    return std::string(row.args.front().name());
}

/// The index is a thread's, core's or shard's own number.
bool isOwnPlace(const Node &index)
{
    return mentions(index.text(), {"thread", "cpu", "core", "worker", "shard", "stripe", "slot_of"}) &&
           !mentions(index.text(), {"score"});
}

/// Where a row's element at the caller's own place is changed; null if nowhere.
Node changedAtOwnPlace(const rust::Field &field, const RuleInput &input)
{
    for (const Node &indexed : input.file.root().descendants("index_expression")) {
        const auto parts = indexed.namedChildren();
        if (parts.size() != 2 || input.file.isTest(indexed) ||
            !rust::placeText(parts.front()).ends_with("." + field.name) || !isOwnPlace(parts.back()))
            continue;
        const Node access = indexed.parent();
        const rust::Call call = access.is("field_expression") ? rust::toCall(access.parent()) : rust::Call();
        if (call.isMethod() &&
            (call.name.starts_with("fetch_") || call.name == "store" || call.name == "swap"))
            return call.node;
    }
    return {};
}

} // namespace

void check_false_sharing_counters(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    const std::string &text = input.file.tree().text();
    if (!tree.contains("Atomic") ||
        mentions(text, {"cachepadded", "align(64)", "align(128)", "cache_line", "cacheline", "padding"}))
        return;
    for (const rust::Struct &owner : input.file.structs()) {
        for (const rust::Field &field : owner.fields) {
            const std::string atomic = rowOfAtomics(field, input);
            const Node change = atomic.empty() || isTestOrTool(field.node, input.file)
                                    ? Node()
                                    : changedAtOwnPlace(field, input);
            if (!change)
                continue;
            const std::string name = quoted(owner.name + "." + field.name, 30);
            Draft draft;
            draft.at = field.node;
            draft.title = fittingTitle(
                {"Threads share cache lines in " + name, "Counters of several threads share cache lines"});
            draft.steps = {{"thread 1", "changes the counter at its own place", change},
                           {"thread 2", "changes the one beside it, in the same 64 bytes", change},
                           {"processor", "moves the line between the two cores for each change", field.node}};
            draft.outcome = "Counters that were split to be independent cost as much as one that all share.";
            draft.facts = {"resolved: the elements are `" + atomic +
                               "`, one beside the other, without padding",
                           "resolved: each thread changes the one at its own index"};
            draft.evidence = {change};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
