// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/asked.h"

#include "review/rules/phrases.h"
#include "review/rust/calls.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

bool compares(const Node &node)
{
    return node.is("binary_expression") &&
           isOneOf(node.field("operator").text(), {"==", "!=", "<", ">", "<=", ">="});
}

/// The smaller or larger of two values: one of them bounds the other.
bool bounds(const Node &node)
{
    const rust::Call call = node.is("call_expression") ? rust::toCall(node) : rust::Call();
    const std::string_view first = call.isMethod()          ? call.receiver.text()
                                   : call.arguments.empty() ? std::string_view()
                                                            : call.arguments.front().text();
    const bool isConstant = first.empty() || (first.front() >= '0' && first.front() <= '9') ||
                            (first.front() >= 'A' && first.front() <= 'Z');
    return isOneOf(call.name, {"min", "max", "clamp"}) && !isConstant &&
           call.arguments.size() == (call.isMethod() ? 1U : 2U) + (call.name == "clamp" ? 1U : 0U);
}

bool joins(const Node &node)
{
    return node.is("binary_expression") && isOneOf(node.field("operator").text(), {"&&", "||"});
}

std::string keyOf(Node node)
{
    while (node.is("parenthesized_expression") ||
           (node.is("unary_expression") && node.text().starts_with('!')))
        node = node.firstNamedChild();
    if (!node.is("binary_expression"))
        return compact(node.text());
    const std::string_view sign = node.field("operator").text();
    const std::string_view same = sign == "!=" ? "==" : sign == ">=" ? "<" : sign == "<=" ? ">" : sign;
    return compact(node.field("left").text()) + std::string(same) + compact(node.field("right").text());
}

void addParts(Node node, std::vector<Asked> &found)
{
    while (node.is("parenthesized_expression") ||
           (node.is("unary_expression") && node.text().starts_with('!')))
        node = node.firstNamedChild();
    if (joins(node)) {
        addParts(node.field("left"), found);
        addParts(node.field("right"), found);
    } else if (node.is("let_chain")) {
        for (const Node &part : node.namedChildren())
            addParts(part, found);
    } else if (node && !node.isAny({"let_condition", "boolean_literal"}) &&
               !isOneOf(rust::macroName(node), {"matches", "assert_matches"})) {
        found.push_back({node, keyOf(node), false});
    }
}

/// A closure whose answer, yes or no, an adapter asks for.
bool isPredicate(const Node &closure)
{
    return isOneOf(rust::toCall(closure.parent().parent()).name,
                   {"filter", "retain", "any", "all", "find", "position", "take_while", "skip_while",
                    "is_some_and", "is_ok_and", "is_none_or", "partition", "wait_while", "retain_mut"});
}

void addPatterns(const Node &pattern, std::vector<Asked> &found)
{
    if (pattern.is("or_pattern")) {
        for (const Node &part : pattern.namedChildren())
            addPatterns(part, found);
    } else if (pattern && pattern.text() != "_" && !pattern.is("identifier")) {
        found.push_back({pattern, "=>" + compact(pattern.text()), true});
    }
}

} // namespace

std::vector<Asked> asksOf(const rust::Function &function)
{
    std::vector<Asked> found;
    for (const Node node : function.body.descendants()) {
        if (node.isAny({"if_expression", "while_expression"})) {
            addParts(node.field("condition"), found);
        } else if (node.is("match_pattern")) {
            addParts(node.field("condition"), found);
            addPatterns(node.firstNamedChild(), found);
        } else if (node.is("closure_expression") && isPredicate(node)) {
            addParts(node.field("body"), found);
        } else if (node.is("macro_invocation") &&
                   isOneOf(rust::macroName(node), {"assert", "ensure", "assert_eq", "assert_ne"})) {
            const auto arguments = node.descendants("macro_arguments");
            if (!arguments.empty())
                addParts(arguments.front().firstNamedChild(), found);
        } else if (joins(node) || compares(node)) {
            addParts(node, found);
        } else if (bounds(node)) {
            found.push_back({node, keyOf(node), false});
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Asked &left, const Asked &right) {
        return left.node.index() < right.node.index();
    });
    found.erase(std::unique(found.begin(), found.end(),
                            [](const Asked &left, const Asked &right) { return left.node == right.node; }),
                found.end());
    return found;
}

} // namespace review::rules
