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

/// The `x.len()` that a value is, without arithmetic on it; null if it is none.
Node lengthOf(Node value)
{
    for (int steps = 0; value && steps < 8; ++steps) {
        if (value.is("identifier")) {
            value = rust::initialiserOf(value);
        } else if (value.is("parenthesized_expression")) {
            value = value.firstNamedChild();
        } else {
            const Call call = rust::toCall(value);
            const bool length = call.isMethod() && call.name == "len" && call.arguments.empty();
            return length ? value : Node();
        }
    }
    return {};
}

/// `0..n - 1`: the end of a range that is walked or cut.
bool isRangeEnd(const Node &node)
{
    const Node parent = node.parent();
    return parent.is("range_expression") && parent.children().back() == node &&
           parent.text().find("..=") == std::string_view::npos;
}

Draft makeDraft(const Node &node, const Node &length)
{
    const Node left = node.field("left"), right = node.field("right");
    const std::string code = quoted(node.text(), 30);
    Draft draft;
    draft.at = node;
    draft.title = fittingTitle({code + " underflows when the list is empty", code + " may underflow"});
    draft.steps = {
        {"caller", "calls with " + quoted(rust::toCall(length).receiver.text(), 30) + " empty", length},
        {"loop", code + ": a panic in debug builds, a loop of 2⁶⁴ rounds in release builds", node}};
    draft.outcome = "The task panics, or runs through indexes that do not exist until one of them panics.";
    draft.evidence = {length};
    draft.facts = {"resolved: " + quoted(left.text(), 30) + " is the length " + quoted(length.text(), 40),
                   "resolved: nothing before asks whether it is zero", "assumed: the list can be empty here"};
    if (left.isAny({"identifier", "field_expression", "call_expression", "parenthesized_expression"}))
        draft.edits = {{{left.bytes().end, right.bytes().begin}, ".saturating_sub("},
                       {{right.bytes().end, right.bytes().end}, ")"}};
    return draft;
}

} // namespace

void check_range_end_underflow(const RuleInput &input, Reporter &reporter)
{
    for (const Node &node : input.file.root().descendants("binary_expression")) {
        if (!node.is("binary_expression") || !isRangeEnd(node) || node.field("operator").text() != "-" ||
            !isConstant(node.field("right")) || node.ancestor({"index_expression"}))
            continue;
        const Node length = lengthOf(node.field("left"));
        if (length && !isTestOrTool(node, input.file) && !isCheckedBefore(node, placesIn(node.field("left"))))
            reporter.report(makeDraft(node, length));
    }
}

} // namespace review::rules
