// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <set>

namespace review::rules {
namespace {

using rust::Node;

unsigned widthOf(std::string_view type)
{
    if (type.ends_with("size"))
        return 64;
    if (type.ends_with("128"))
        return 128;
    return type.ends_with("64")   ? 64
           : type.ends_with("32") ? 32
           : type.ends_with("16") ? 16
           : type.ends_with('8')  ? 8
                                  : 0;
}

bool isSumOrProduct(const Node &node)
{
    return (node.is("binary_expression") && isOneOf(node.field("operator").text(), {"+", "*"})) ||
           (node.is("compound_assignment_expr") && isOneOf(node.field("operator").text(), {"+=", "*="}));
}

/// The value can fill the type it is computed in. Variable-length integers of 62 bits cannot.
bool canOverflow(const Node &node, const OutsideNumber &number)
{
    const unsigned width = widthOf(number.type);
    if (width == 0 || number.bits == 0 || number.type.starts_with('f'))
        return false;
    const std::string_view sign = node.field("operator").text();
    if (!sign.starts_with('*'))
        return number.bits >= width;
    const Node left = node.field("left"), right = node.field("right");
    const bool byConstant = isConstant(left) || isConstant(right);
    return number.bits >= width ||
           (!byConstant && 2 * number.bits > width && outsideNumber(left) && outsideNumber(right));
}

/// Options and file names are the user's own.
bool isParsed(const OutsideNumber &number)
{
    return isOneOf(rust::toCall(number.source).name, {"parse", "from_str_radix"});
}

bool isComparison(const Node &node)
{
    return node.is("binary_expression") && isOneOf(node.field("operator").text(), {"<", "<=", ">", ">="});
}

/// `a + b <= c`, `if pos + len > total`: the check itself overflows. Also by a name: `let end = pos + len;`.
bool isPartOfCheck(const Node &node)
{
    Node sum = node;
    while (sum.parent().is("parenthesized_expression") || isSumOrProduct(sum.parent()))
        sum = sum.parent();
    if (isComparison(sum.parent()))
        return true;
    const Node let = sum.parent();
    if (!let.is("let_declaration") || !let.field("pattern").is("identifier"))
        return false;
    const std::string_view name = let.field("pattern").text();
    for (const Node &branch : let.parent().descendants("if_expression")) {
        const Node condition = branch.field("condition");
        if (branch.index() > let.index() && rust::diverges(branch.field("consequence")) &&
            isComparison(condition) &&
            (condition.field("left").text() == name || condition.field("right").text() == name))
            return true;
    }
    return false;
}

Draft makeDraft(const Node &node, const Node &side, const OutsideNumber &number)
{
    const std::string code = quoted(node.text(), 28);
    Draft draft;
    draft.at = node;
    draft.title = fittingTitle(
        {code + " overflows for " +
             (isPartOfCheck(node) ? "a hostile length, before the check" : "a value from outside"),
         code + " overflows for a hostile value"});
    draft.steps = {{"input", "holds a number near the largest of its type", number.source},
                   {"decoder",
                    "computes " + code + ": a panic in debug builds, a small number in release builds",
                    node}};
    draft.outcome =
        isPartOfCheck(node)
            ? "In release builds the sum wraps around, the check passes, and the slice after it panics."
            : "The task panics, or goes on with a wrong length or position.";
    draft.evidence = {number.source};
    draft.facts = {"resolved: " + quoted(side.text(), 30) + " is read by " + quoted(number.source.text(), 40),
                   "resolved: the result is a `" + std::string(number.type) +
                       "`, which the value can fill by itself"};
    const bool plain = node.is("binary_expression") &&
                       node.field("left").isAny({"identifier", "field_expression", "call_expression"});
    if (isPartOfCheck(node) && plain && node.parent().field("left") == node &&
        node.field("operator").text() == "+") {
        const Node right = node.field("right");
        draft.edits = {{{node.field("left").bytes().end, right.bytes().begin}, ".saturating_add("},
                       {{right.bytes().end, right.bytes().end}, ")"}};
    }
    return draft;
}

} // namespace

void check_wire_value_overflow(const RuleInput &input, Reporter &reporter)
{
    if (!readsNumbers(input.file))
        return;
    std::set<std::uint32_t> told; // sources: one sum says it for the others
    for (const std::string_view kind : {"binary_expression", "compound_assignment_expr"}) {
        for (const Node &node : input.file.root().descendants(kind)) {
            if (!isSumOrProduct(node))
                continue;
            for (const Node &side : {node.field("left"), node.field("right")}) {
                // A remainder, a quotient or a mask is smaller than what was read.
                const Node inner = side.is("parenthesized_expression") ? side.firstNamedChild() : side;
                if (inner.isAny({"integer_literal", "binary_expression"}))
                    continue;
                const OutsideNumber number = outsideNumber(side);
                if (!number || !canOverflow(node, number) || isParsed(number) ||
                    isTestOrTool(node, input.file))
                    continue;
                std::vector<std::string> places = placesIn(side, number.source);
                if (!isCheckedBefore(node, places) && told.insert(number.source.index()).second) {
                    Draft draft = makeDraft(node, side, number);
                    draft.confidence = doubtOf(node, input.file);
                    if (!isPartOfCheck(node)) {
                        draft.facts.push_back("assumed: the value is not bounded by what wrote it");
                        draft.confidence *= 0.7;
                    }
                    reporter.report(std::move(draft));
                    break;
                }
            }
        }
    }
}

} // namespace review::rules
