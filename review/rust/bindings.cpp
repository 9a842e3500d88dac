// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

namespace review::rust {
namespace {

/// The identifier is where a pattern has a binding, as seen from its own place.
bool isBindingPlace(const Node &identifier)
{
    const Node parent = identifier.parent();
    if (parent.isAny({"tuple_struct_pattern", "struct_pattern", "generic_type"}))
        return identifier.fieldName() != "type";
    if (parent.is("field_pattern"))
        return identifier.is("shorthand_field_identifier") || identifier.fieldName() == "pattern";
    return !parent.isAny({"scoped_identifier", "scoped_type_identifier", "range_pattern", "const_block"});
}

/// The binding that a construct around `from` makes for what is in it at `from`; null if it makes none of
/// that name.
Node bindingIn(const Node &around, const Node &from, std::string_view name)
{
    if (around.isAny({"block", "declaration_list"})) {
        Node found;
        for (Node statement = around.firstNamedChild(); statement && statement != from;
             statement = statement.nextNamedSibling()) {
            if (statement.is("let_declaration") && boundName(statement.field("pattern"), name))
                found = statement;
        }
        return found;
    }
    if (around.is("function_item") || around.is("closure_expression")) {
        for (const Node &parameter : around.field("parameters").namedChildren()) {
            if (parameter.is("self_parameter") && name == "self")
                return parameter;
            const bool typed = parameter.is("parameter");
            if (boundName(typed ? parameter.field("pattern") : parameter, name))
                return parameter;
        }
        return {};
    }
    if (around.is("for_expression") && from.fieldName() == "body")
        return boundName(around.field("pattern"), name) ? around.field("pattern") : Node();
    if (around.is("match_arm") && from.fieldName() == "value")
        return boundName(around.field("pattern"), name) ? around.field("pattern") : Node();
    if (around.is("match_pattern") && from.fieldName() == "condition")
        return boundName(around, name) ? around : Node();
    if (around.is("select_arm") && from.fieldName() == "handler")
        return boundName(around.field("pattern"), name) ? around.field("pattern") : Node();
    Node conditions;
    if (around.isAny({"if_expression", "while_expression"}) &&
        (from.fieldName() == "consequence" || from.fieldName() == "body"))
        conditions = around.field("condition");
    else if (around.is("let_chain"))
        conditions = around;
    else if (around.is("match_arm") || around.is("match_pattern"))
        conditions = around.field("condition");
    Node found;
    if (conditions.is("let_condition") && boundName(conditions.field("pattern"), name))
        found = conditions.field("pattern");
    else if (conditions.is("let_chain")) {
        for (const Node &condition : conditions.namedChildren()) {
            if (condition == from)
                break;
            if (condition.is("let_condition") && boundName(condition.field("pattern"), name))
                found = condition.field("pattern");
        }
    }
    return found;
}

} // namespace

std::vector<Node> boundNames(const Node &pattern)
{
    std::vector<Node> names;
    const auto take = [&](const Node &node) {
        if (!node.isAny({"identifier", "shorthand_field_identifier"}) ||
            (node != pattern && !isBindingPlace(node)))
            return;
        const char first = node.text().empty() ? 'A' : node.text().front();
        if (first < 'A' || first > 'Z')
            names.push_back(node);
    };
    take(pattern);
    const Node condition = pattern.field("condition");
    for (const Node node : pattern.descendants()) {
        if (!condition || !node.isInside(condition))
            take(node);
    }
    return names;
}

Node boundName(const Node &pattern, std::string_view name)
{
    // The common case without a list.
    if (pattern.is("identifier"))
        return pattern.text() == name ? pattern : Node();
    for (const Node &bound : boundNames(pattern)) {
        if (bound.text() == name)
            return bound;
    }
    return {};
}

bool isNoRead(const Node &identifier)
{
    const Node parent = identifier.parent();
    if (parent.isAny({"scoped_identifier",  "macro_invocation", "label",
                      "token_tree",         "use_as_clause",    "attribute",
                      "const_item",         "static_item",      "function_item",
                      "closure_parameters", "enum_variant",     "function_signature_item",
                      "match_pattern",      "tuple_pattern",    "tuple_struct_pattern",
                      "slice_pattern",      "mut_pattern",      "ref_pattern",
                      "reference_pattern",  "captured_pattern", "or_pattern",
                      "field_pattern",      "type_parameters",  "parameters"}))
        return true;
    const std::string_view field = identifier.fieldName();
    return field == "pattern" || field == "name" || (field == "left" && parent.is("assignment_expression"));
}

std::vector<Node> usesOf(std::string_view variable, const Node &within)
{
    std::vector<Node> uses;
    const Node body = bodyOf(within);
    const auto take = [&](const Node &node) {
        if (node.isAny({"identifier", "self"}) && node.text() == variable && !isNoRead(node) &&
            bodyOf(node) == body)
            uses.push_back(node);
    };
    take(within);
    for (const Node node : within.descendants())
        take(node);
    return uses;
}

Node bindingOf(const Node &identifier)
{
    if (!identifier.isAny({"identifier", "self", "shorthand_field_identifier"}))
        return {};
    const std::string_view name = identifier.text();
    Node from = identifier;
    for (Node around = identifier.parent(); around; from = around, around = around.parent()) {
        if (const Node found = bindingIn(around, from, name))
            return found;
        // An item sees nothing of the function around it.
        if (around.isAny(
                {"function_item", "const_item", "static_item", "impl_item", "trait_item", "mod_item"}))
            return {};
    }
    return {};
}

Node initialiserOf(const Node &identifier)
{
    const Node binding = bindingOf(identifier);
    if (!binding.is("let_declaration"))
        return {};
    Node pattern = binding.field("pattern");
    if (pattern.is("mut_pattern"))
        pattern = pattern.firstNamedChild();
    return pattern.is("identifier") ? binding.field("value") : Node();
}

} // namespace review::rust
