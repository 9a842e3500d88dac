// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// `v[v.len() - 1]`, also with the length in a variable.
bool indexesLast(const Node &operand, const Node &index)
{
    if (!index.is("binary_expression") || index.field("operator").text() != "-" ||
        !index.field("right").is("integer_literal"))
        return false;
    Node length = index.field("left");
    if (length.is("identifier"))
        length = rust::initialiserOf(length);
    const Call call = rust::toCall(length);
    return call.isMethod() && call.name == "len" && call.arguments.empty() &&
           compact(call.receiver.text()) == compact(operand.text());
}

/// A list that was just filled, or has its size in its type.
bool isNeverEmpty(const Node &operand, const RuleInput &input)
{
    const Node binding = operand.is("identifier") ? rust::bindingOf(operand) : Node();
    if (binding.parent().is("match_arm"))
        return true;
    const Node value = operand.is("identifier") ? rust::initialiserOf(operand) : Node();
    const bool filled = value && (value.text().starts_with("vec!") || value.text().starts_with('[') ||
                                  value.text().find("split(") != std::string_view::npos);
    if (filled && value.text() != "vec![]")
        return true;
    const std::string path = input.model.infer(operand, input.file).peeled().path;
    return path == "[;]" || path == "array";
}

Draft makeDraft(const Node &node, const Node &operand, const Node &index)
{
    const std::string place = quoted(operand.text(), 26);
    Draft draft;
    draft.at = node;
    draft.title =
        fittingTitle({place + " is indexed at its last element without a check", "The last element is taken "
                                                                                 "without a check"});
    draft.steps = {{"caller", "calls with " + place + " empty", operand},
                   {"code", quoted(index.text(), 30) + " underflows, and the indexing panics", node}};
    draft.outcome = "An empty list, which is what a fresh or freshly purged state has, panics the task.";
    draft.facts = {"resolved: nothing before asks whether " + place + " is empty",
                   "assumed: " + place + " can be empty here"};
    return draft;
}

} // namespace

void check_index_last_of_empty(const RuleInput &input, Reporter &reporter)
{
    for (const Node &node : input.file.root().descendants("index_expression")) {
        if (!node.is("index_expression"))
            continue;
        const std::vector<Node> parts = node.namedChildren();
        if (parts.size() != 2 || !indexesLast(parts[0], parts[1]) || isNeverEmpty(parts[0], input) ||
            isTestOrTool(node, input.file))
            continue;
        if (!isCheckedBefore(node, placesIn(parts[1])))
            reporter.report(makeDraft(node, parts[0], parts[1]));
    }
}

} // namespace review::rules
