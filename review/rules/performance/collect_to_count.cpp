// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// What the iterator itself answers; empty for methods that need the collection.
std::string instead(std::string_view method)
{
    if (method == "len")
        return ".count()";
    if (method == "is_empty")
        return ".next().is_none()";
    return {};
}

/// `collect::<Vec<_>>()`, and no set, in which equal elements count once.
bool collectsVector(const Call &call)
{
    const std::string function = compact(call.node.field("function").text());
    return function.find("collect::<Vec<") != std::string::npos &&
           function.find("Result") == std::string::npos && function.find("Option") == std::string::npos;
}

/// A closure of several statements may do more than look: then each element has to go through it.
bool hasEffects(const Node &chain)
{
    return anyIn(chain, [](const Node &node) {
        const Node body = node.is("closure_expression") ? node.field("body") : Node();
        return body.is("block") && body.namedChildren().size() > 1;
    });
}

} // namespace

void check_collect_to_count(const RuleInput &input, Reporter &reporter)
{
    for (const Call &collect : callsNamed({"collect"}, input.file)) {
        const Call next = rust::toCall(collect.node.parent().parent());
        if (!collect.isMethod() || !next.isMethod() || next.receiver != collect.node ||
            !collectsVector(collect) || instead(next.name).empty() || rust::isAwaited(collect.node) ||
            mentions(collect.receiver.text(), {"par_iter", "stream"}) ||
            (next.name == "is_empty" && hasEffects(collect.receiver)))
            continue;
        Draft draft;
        draft.at = next.node;
        draft.title = "A vector is collected only to be asked for " + quoted(next.name, 16);
        draft.steps = {{"caller", "allocates a vector and puts every element into it", collect.node},
                       {"caller", "asks for " + quoted(next.name, 16) + " and drops it", next.node}};
        draft.outcome = "An allocation, and a pass that could have ended earlier.";
        draft.facts = {"resolved: the collected vector has no other use"};
        draft.edits.push_back({{collect.receiver.bytes().end, next.node.bytes().end}, instead(next.name)});
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
