// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isShift(const Node &node)
{
    return (node.is("binary_expression") && isOneOf(node.field("operator").text(), {"<<", ">>"})) ||
           (node.is("compound_assignment_expr") && isOneOf(node.field("operator").text(), {"<<=", ">>="}));
}

/// Something in the amount keeps it small: a mask, a remainder, a count of bits.
bool isSmallByForm(std::string_view text)
{
    for (const std::string_view part : {"&", "%", ">>", "min(", "clamp(", "zeros", "BITS", "bits", "log2",
                                        "size_of", "SHIFT", "_shift", "checked_", "saturating_", "ilog"})
        if (text.find(part) != std::string_view::npos)
            return true;
    return false;
}

/// The call or difference of lengths and counts that the amount is made of: it knows nothing of 64.
Node countBehind(const Node &amount)
{
    const IsSource isCount = [](const Node &node) {
        const Call call = rust::toCall(node);
        if (call.isMethod())
            return mentions(call.name,
                            {"count", "len", "attempt", "retries", "failures", "distance", "num_"});
        return node.is("field_expression") &&
               mentions(node.field("field").text(), {"attempt", "retries", "retry", "failures", "errors"});
    };
    const auto noCall = [](const Call &) { return false; };
    const IsSource isLargest = [&](const Node &node) {
        const Call call = rust::toCall(node);
        return isCount(node) ||
               (call.name == "max" && !call.isMethod() &&
                std::any_of(call.arguments.begin(), call.arguments.end(),
                            [&](const Node &one) { return bool(originOf(one, isCount, noCall)); }));
    };
    return originOf(amount, isLargest, noCall);
}

/// A loop's counter has the loop's bounds.
bool isCounter(const Node &amount)
{
    const Node binding = amount.is("identifier") ? rust::bindingOf(amount) : Node();
    return binding && binding.parent().is("for_expression");
}

Draft makeDraft(const Node &shift, const Node &source, bool fromOutside)
{
    const Node amount = shift.field("right");
    const std::string name = quoted(amount.text(), 24);
    Draft draft;
    draft.at = shift;
    draft.title = fittingTitle({quoted(shift.text(), 26) + " overflows once " + name + " reaches the width",
                                "The shift by " + name + " overflows when that is large"});
    draft.steps = {
        {fromOutside ? "peer" : "caller", name + " becomes as large as the type has bits, or larger", source},
        {"code", "shifts by it: a panic in debug builds, a shift by the remainder in release builds", shift}};
    draft.outcome =
        "The task panics, or the value is shifted by another amount than meant, so that it jumps up "
        "again instead of going to zero.";
    draft.evidence = {source};
    draft.facts = {"resolved: " + name + " comes from " + quoted(source.text(), 40),
                   "resolved: nothing limits " + name + " before the shift"};
    const Node left = shift.field("left");
    const bool plain = left.isAny({"identifier", "field_expression", "call_expression"});
    if (shift.is("binary_expression") && plain && !rust::toCall(left).name.empty() &&
        shift.field("operator").text() == ">>" && amount.is("identifier")) {
        draft.edits = {{{left.bytes().end, amount.bytes().begin}, ".checked_shr("},
                       {{amount.bytes().end, amount.bytes().end}, ").unwrap_or(0)"}};
    }
    return draft;
}

} // namespace

void check_shift_overflow(const RuleInput &input, Reporter &reporter)
{
    for (const std::string_view kind : {"binary_expression", "compound_assignment_expr"}) {
        for (const Node &node : input.file.root().descendants(kind)) {
            if (!isShift(node))
                continue;
            const Node amount = node.field("right");
            if (isConstant(amount) || isSmallByForm(amount.text()) || isCounter(amount))
                continue;
            const OutsideNumber outside = outsideNumber(amount);
            const Node source = outside ? outside.source : countBehind(amount);
            if (!source || isSmallByForm(source.text()) || isTestOrTool(node, input.file))
                continue;
            const Node value = rust::initialiserOf(amount);
            if (value && isSmallByForm(value.text()))
                continue;
            if (!isCheckedBefore(node, placesIn(amount, outside ? source : Node())))
                reporter.report(makeDraft(node, source, bool(outside)));
        }
    }
}

} // namespace review::rules
