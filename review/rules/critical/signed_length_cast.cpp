// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Node;

/// A length that is reserved, sliced by or skipped: there a huge number panics.
bool isLengthPlace(const Node &node)
{
    const Node parent = node.parent();
    if (parent.is("range_expression") ||
        (parent.is("index_expression") && parent.namedChildren().back() == node))
        return true;
    if (parent.is("macro_arguments"))
        return rust::macroName(parent.parent()) == "vec";
    const rust::Call call = rust::toCall(parent.is("arguments") ? parent.parent() : Node());
    return isOneOf(call.name, {"with_capacity", "reserve", "resize", "advance", "split_to", "split_at",
                               "skip_bytes", "copy_to_bytes", "split_off"});
}

/// The variable that gets the cast; empty if none does.
std::string nameOf(const Node &cast)
{
    const Node parent = cast.parent();
    return parent.is("let_declaration") ? std::string(parent.field("pattern").text()) : std::string();
}

/// Where the cast, or the variable that gets it, is taken for a length; null if nowhere.
Node useAsLength(const Node &cast)
{
    if (isLengthPlace(cast))
        return cast;
    const std::string name = nameOf(cast);
    const Node body = rust::bodyOf(cast);
    for (const Node &use : name.empty() ? std::vector<Node>() : rust::usesOf(name, body)) {
        if (use.index() > cast.index() && isLengthPlace(use))
            return use;
    }
    return {};
}

Draft makeDraft(const Node &cast, const Node &use, const OutsideNumber &number)
{
    const std::string code = quoted(cast.text(), 34);
    Draft draft;
    draft.at = cast;
    draft.title =
        fittingTitle({code + " makes a negative number huge", "A negative number from outside becomes huge"});
    draft.steps = {{"peer", "sends -1", number.source},
                   {"decoder", "takes it for a number near 2⁶⁴", cast},
                   {"decoder", "reserves, skips or slices that many", use}};
    draft.outcome = "The task panics with \"capacity overflow\" or an index that is out of range.";
    draft.evidence = {number.source, use};
    draft.facts = {"resolved: " + quoted(cast.field("value").text(), 30) + " is read by " +
                       quoted(number.source.text(), 40),
                   "resolved: nothing before asks whether it is negative"};
    return draft;
}

} // namespace

void check_signed_length_cast(const RuleInput &input, Reporter &reporter)
{
    if (!readsNumbers(input.file))
        return;
    for (const Node &node : input.file.root().descendants("type_cast_expression")) {
        if (!node.is("type_cast_expression") || node.field("type").text() != "usize")
            continue;
        const Node value = node.field("value");
        const OutsideNumber number = outsideNumber(value);
        if (!number || !number.type.starts_with('i') || isTestOrTool(node, input.file))
            continue;
        const Node use = useAsLength(node);
        if (use && !isCheckedBefore(use, placesIn(value, number.source)) &&
            (use == node || !isCheckedBefore(use, {nameOf(node)})))
            reporter.report(makeDraft(node, use, number));
    }
}

} // namespace review::rules
