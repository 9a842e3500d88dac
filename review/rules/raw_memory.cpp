// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/raw_memory.h"

#include "review/rules/phrases.h"
#include "review/rules/type_parameters.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// What hands on the value of its part; null if it does something else with it.
Node onePlaceOut(const Node &expression)
{
    const Node parent = expression.parent();
    if (parent.isAny({"parenthesized_expression", "unsafe_block", "if_expression", "else_clause", "match_arm",
                      "match_block", "match_expression"})) {
        const bool isHead = expression.fieldName() == "condition" ||
                            (parent.is("match_expression") && expression.fieldName() == "value") ||
                            expression.fieldName() == "pattern";
        return isHead ? Node() : parent;
    }
    if (parent.is("type_cast_expression"))
        return expression.fieldName() == "value" ? parent : Node();
    if (parent.is("block"))
        return expression.nextNamedSibling() || expression.text().ends_with(';') ? Node() : parent;
    if (parent.is("expression_statement"))
        return parent.text().ends_with(';') || parent.nextNamedSibling() ? Node() : parent;
    if (parent.is("arguments")) {
        const Call &call = rust::toCall(parent.parent());
        return isOneOf(call.path, {"Some", "Ok"}) ? parent.parent() : Node();
    }
    return {};
}

bool isFunctionType(std::string_view type)
{
    return type.find("Fn(") != std::string_view::npos || type.find("FnMut(") != std::string_view::npos ||
           type.find("FnOnce(") != std::string_view::npos;
}

std::string withoutReference(std::string type)
{
    for (const std::string_view start : {"&'_", "&", "mut"}) {
        if (type.starts_with(start))
            type.erase(0, start.size());
    }
    return type;
}

/// What of a function's surroundings its caller chose.
struct Chosen {
    std::vector<TypeParameter> types;
    std::vector<std::string> closures;
    std::vector<std::string> iterators;
};

Chosen chosenIn(const rust::Function &function)
{
    Chosen chosen{typeParametersAround(function.node), {}, {}};
    for (const rust::Parameter &parameter : function.parameters) {
        if (parameter.name.empty() || !parameter.type)
            continue;
        const std::string type = withoutReference(compact(parameter.type.text()));
        bool closure = type.starts_with("impl") && isFunctionType(type);
        bool iterator = type.starts_with("implIterator") || type.starts_with("implIntoIterator");
        for (const TypeParameter &own : chosen.types) {
            if (own.name != type)
                continue;
            closure = closure || std::any_of(own.bounds.begin(), own.bounds.end(),
                                             [](const std::string &bound) { return isFunctionType(bound); });
            iterator = iterator || own.has("Iterator") || own.has("IntoIterator") ||
                       own.has("ExactSizeIterator") || own.has("TrustedLen");
        }
        if (closure)
            chosen.closures.push_back(parameter.name);
        if (iterator)
            chosen.iterators.push_back(parameter.name);
    }
    return chosen;
}

bool contains(const std::vector<std::string> &names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The iterator that an expression stands on: `iter`, `iter.by_ref().enumerate()`; empty if none.
std::string_view iteratorUnder(Node expression, const Chosen &chosen)
{
    for (int depth = 0; depth < 8; ++depth) {
        if (expression.is("identifier")) {
            if (contains(chosen.iterators, expression.text()))
                return expression.text();
            expression = rust::initialiserOf(expression);
            continue;
        }
        const Call &call = rust::toCall(expression);
        if (call.isMethod() && isOneOf(call.name, {"into_iter", "by_ref", "enumerate", "take", "zip", "fuse",
                                                   "peekable", "map", "skip"}))
            expression = call.receiver;
        else if (expression.is("reference_expression"))
            expression = expression.field("value");
        else
            break;
    }
    return {};
}

std::string userMethod(const Call &call, const Chosen &chosen, const RuleInput &input)
{
    if (chosen.types.empty())
        return {};
    if (!call.isMethod()) {
        const std::string head = call.path.substr(0, call.path.find("::"));
        const bool own =
            call.path.size() > head.size() &&
            std::any_of(chosen.types.begin(), chosen.types.end(), [&](const TypeParameter &parameter) {
                // `T::clone(..)`, or `Trait::method(..)` of a bound.
                return parameter.name == head ||
                       (parameter.has(head) && head != "Send" && !isOneOf(head, {"AsRef", "Into", "Sync"}));
            });
        return own ? "`" + call.path + "`" : std::string();
    }
    if (!isOneOf(call.name, {"clone", "cmp", "partial_cmp", "eq", "ne", "lt", "le", "gt", "ge", "hash",
                             "borrow", "to_owned", "call", "call_mut", "call_once"}))
        return {};
    // Cloning an `Arc<T>` runs nothing of `T`: only references are looked through.
    rust::Type type = input.model.infer(call.receiver, input.file);
    while (type.path.starts_with('&') && !type.args.empty())
        type = rust::Type(type.args.front());
    for (const TypeParameter &parameter : chosen.types) {
        if (type.path == parameter.name)
            return "`" + parameter.name + "::" + std::string(call.name) + "`";
    }
    return {};
}

} // namespace

bool callsStd(const Call &call, std::string_view function, const rust::File &file)
{
    if (call.isMethod() || !call || !function.ends_with(call.name))
        return false;
    const std::string path = file.resolveAt(call.path, call.node);
    return path == function || path.ends_with("::" + std::string(function));
}

Node wholeValue(Node expression, const Node &within)
{
    while (expression != within) {
        const Node out = onePlaceOut(expression);
        if (!out)
            break;
        expression = out;
    }
    return expression;
}

std::string writtenTypeOf(const Node &expression, const RuleInput &input)
{
    const Node function = expression.field("function");
    if (function.is("generic_function"))
        return compact(function.field("type_arguments").text());
    if (function.is("scoped_identifier") && function.field("path").is("generic_type"))
        return compact(function.field("path").field("type_arguments").text());
    const Node whole = wholeValue(expression);
    const Node parent = whole.parent();
    if (parent.is("let_declaration"))
        return compact(parent.field("type").text());
    if (parent.isAny({"field_initializer"})) {
        const Node built = parent.ancestor({"struct_expression"});
        std::string name(built.field("name").text());
        if (name == "Self") {
            const rust::Function *around = input.file.functionAt(expression);
            name = around ? around->selfType : name;
        }
        const rust::Struct *owner = input.model.findStruct(name.substr(0, name.find('<')), input.file);
        for (std::size_t i = 0; owner && i < owner->fields.size(); ++i) {
            if (owner->fields[i].name == parent.field("field").text())
                return compact(owner->fields[i].type.text());
        }
        return {};
    }
    if (parent.is("arguments"))
        return compact(parent.parent().field("function").text());
    if (parent.is("function_item"))
        return compact(parent.field("return_type").text());
    return {};
}

std::string handedPlace(rust::Node argument)
{
    while (argument.isAny({"type_cast_expression", "parenthesized_expression"}))
        argument = argument.is("type_cast_expression") ? argument.field("value") : argument.firstNamedChild();
    const rust::Call inner = rust::toCall(argument);
    if (inner.isMethod() && isOneOf(inner.name, {"as_ptr", "cast"}))
        argument = inner.receiver;
    return rust::placeText(argument);
}

bool hasUnwindGuard(const Node &function)
{
    return mentions(function.text(), {"guard", "hole", "on_drop", "ondrop", "bomb", "catch_unwind", "abort",
                                      "defer", "backshift", "impl drop", "needs_drop"}) ||
           function.text().find(" Drop for") != std::string_view::npos;
}

std::vector<UserCall> userCallsIn(const rust::Function &function, const RuleInput &input)
{
    std::vector<UserCall> found;
    const Chosen chosen = chosenIn(function);
    if (chosen.types.empty() && chosen.closures.empty() && chosen.iterators.empty())
        return found;
    for (const Node node : function.body.descendants()) {
        if (node.is("for_expression")) {
            const std::string_view iterator = iteratorUnder(node.field("value"), chosen);
            if (!iterator.empty())
                found.push_back({node.field("value"), "the iterator " + quoted(iterator)});
            continue;
        }
        const Call &call = rust::toCall(node);
        if (!call || rust::bodyOf(node) != function.body)
            continue;
        if (call.path == call.name && contains(chosen.closures, call.name))
            found.push_back({node, "the closure " + quoted(call.name)});
        else if (call.isMethod() && call.name == "next" && !iteratorUnder(call.receiver, chosen).empty())
            found.push_back({node, "the iterator " + quoted(iteratorUnder(call.receiver, chosen))});
        else if (std::string method = userMethod(call, chosen, input); !method.empty())
            found.push_back({node, std::move(method)});
    }
    return found;
}

} // namespace review::rules
