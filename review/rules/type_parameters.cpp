// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/type_parameters.h"

#include "review/rules/node_search.h"
#include "review/rules/phrases.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;

/// The parts of `T: A + B<C>`, at the outermost level.
void addBounds(const Node &bounds, std::vector<std::string> &into)
{
    for (const Node &bound : bounds.namedChildren())
        into.push_back(compact(bound.text()));
}

void addPredicates(const Node &whereClause, std::vector<TypeParameter> &parameters)
{
    for (const Node &predicate : whereClause.namedChildren()) {
        const std::string left = compact(predicate.field("left").text());
        for (TypeParameter &parameter : parameters) {
            // `T::Item: Send` and `Inner<T>: Send` say as much as a bound on `T`.
            if (left == parameter.name)
                addBounds(predicate.field("bounds"), parameter.bounds);
            else if (left.find(parameter.name) != std::string::npos)
                parameter.bounds.push_back("another predicate");
        }
    }
}

} // namespace

bool TypeParameter::has(std::string_view bound) const
{
    return std::any_of(bounds.begin(), bounds.end(), [&](const std::string &own) {
        const std::string head = own.substr(0, own.find('<'));
        return head == bound || head.ends_with("::" + std::string(bound));
    });
}

std::vector<TypeParameter> typeParametersOf(const Node &item)
{
    std::vector<TypeParameter> parameters;
    for (const Node &node : item.field("type_parameters").namedChildren()) {
        if (!node.isAny({"type_parameter", "constrained_type_parameter", "type_identifier",
                         "optional_type_parameter"}))
            continue;
        Node name = node.is("type_identifier") ? node : node.field("name");
        if (!name)
            name = node.field("left");
        if (!name.is("type_identifier"))
            continue;
        TypeParameter parameter{std::string(name.text()), node, {}};
        addBounds(node.field("bounds"), parameter.bounds);
        parameters.push_back(std::move(parameter));
    }
    if (parameters.empty())
        return parameters;
    for (const Node &child : item.namedChildren()) {
        if (child.is("where_clause"))
            addPredicates(child, parameters);
    }
    return parameters;
}

std::vector<TypeParameter> typeParametersAround(const Node &node)
{
    std::vector<TypeParameter> parameters;
    for (Node item = node; item; item = item.parent()) {
        if (!item.isAny({"function_item", "impl_item", "trait_item"}))
            continue;
        for (TypeParameter &parameter : typeParametersOf(item))
            parameters.push_back(std::move(parameter));
    }
    return parameters;
}

bool namesParameter(const Node &type, std::string_view parameter)
{
    return type && anyIn(type, [&](const Node &node) {
               return node.is("type_identifier") && node.text() == parameter;
           });
}

} // namespace review::rules
