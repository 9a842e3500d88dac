// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/value_flow.h"

#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// Longer chains of bindings are given up: they cost time and say little.
constexpr int maxSteps = 24;

Node originOf(const Node &expression, const IsSource &isSource, const Follows &follows, int steps);

Node originOfFirst(const std::vector<Node> &nodes, const IsSource &isSource, const Follows &follows,
                   int steps)
{
    for (const Node &node : nodes) {
        if (const Node origin = originOf(node, isSource, follows, steps))
            return origin;
    }
    return {};
}

Node originOf(const Node &expression, const IsSource &isSource, const Follows &follows, int steps)
{
    if (!expression || steps > maxSteps)
        return {};
    if (isSource(expression))
        return expression;
    const auto onwards = [&](const Node &node) { return originOf(node, isSource, follows, steps + 1); };
    if (expression.is("identifier"))
        return onwards(valueOf(rust::bindingOf(expression)));
    if (const Call &call = rust::toCall(expression)) {
        const Node stripped = rust::stripAdapters(expression);
        if (stripped != expression)
            return onwards(stripped);
        if (!follows(call))
            return {};
        if (call.isMethod())
            return onwards(call.receiver);
        return call.arguments.empty() ? Node() : onwards(call.arguments.front());
    }
    if (expression.isAny({"field_expression", "type_cast_expression", "reference_expression"}))
        return onwards(expression.field("value"));
    if (expression.is("unsafe_block")) {
        const std::vector<Node> statements = expression.firstNamedChild().namedChildren();
        return statements.empty() ? Node() : onwards(statements.back());
    }
    if (expression.isAny({"await_expression", "try_expression", "parenthesized_expression",
                          "unary_expression", "index_expression"}))
        return onwards(expression.firstNamedChild());
    if (expression.isAny({"binary_expression", "tuple_expression"}))
        return originOfFirst(expression.namedChildren(), isSource, follows, steps + 1);
    return {};
}

bool dependsOn(const Node &node, const IsSource &isSource, int steps)
{
    if (!node || steps > maxSteps)
        return false;
    const auto depends = [&](const Node &at) {
        if (isSource(at))
            return true;
        if (!at.is("identifier") || rust::isNoRead(at))
            return false;
        const Node value = valueOf(rust::bindingOf(at));
        return value && !at.isInside(value) && dependsOn(value, isSource, steps + 1);
    };
    return anyIn(node, depends);
}

} // namespace

Node valueOf(const Node &binding)
{
    if (binding.is("let_declaration"))
        return binding.field("value");
    const Node parent = binding.parent();
    if (parent.isAny({"let_condition", "for_expression"}))
        return parent.field("value");
    if (parent.is("match_arm"))
        return parent.parent().parent().field("value");
    if (parent.is("closure_parameters") && parent.parent().parent().is("arguments"))
        return rust::toCall(parent.parent().parent().parent()).receiver;
    return {};
}

Node originOf(const Node &expression, const IsSource &isSource, const Follows &follows)
{
    return originOf(expression, isSource, follows, 0);
}

bool dependsOn(const Node &node, const IsSource &isSource)
{
    return dependsOn(node, isSource, 0);
}

bool changesBetween(std::string_view variable, const Node &first, const Node &second)
{
    const Node body = rust::bodyOf(second);
    for (const Node node : body.descendants()) {
        if (node.index() <= first.index() || node.index() >= second.index())
            continue;
        if (node.isAny({"assignment_expression", "compound_assignment_expr"}) &&
            rust::placeText(node.field("left")) == variable)
            return true;
        const Call &call = rust::toCall(node);
        if (call.isMethod() && rust::placeText(call.receiver) == variable &&
            isOneOf(call.name, {"push", "push_str", "clear", "extend", "extend_from_slice", "truncate", "pop",
                                "put_u8", "put_u32", "put_u64", "put_slice", "next", "set"}))
            return true;
    }
    return false;
}

} // namespace review::rules
