// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/foreign.h"

#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;

/// It means the same everywhere in the function: no variable is read.
bool isConstant(const Node &expression)
{
    const auto readsVariable = [](const Node &node) {
        return node.is("self") || (node.is("identifier") && rust::bindingOf(node)) ||
               node.is("call_expression");
    };
    if (readsVariable(expression))
        return expression.is("call_expression") && expression.text().find("null") != std::string_view::npos;
    return !anyIn(expression, readsVariable);
}

bool isNullCheck(const Node &condition)
{
    return condition.text().find("is_null()") != std::string_view::npos;
}

} // namespace

bool isForeign(const rust::Function &function)
{
    return function.body && isOneOf(function.abi, {"C", "system", "cdecl", "stdcall", "sysv64", "win64"});
}

bool isForeignCall(const rust::Call &call)
{
    if (!call || call.isMethod())
        return false;
    const std::string head = call.path.substr(0, call.path.find("::"));
    const bool module = head == "ffi" || head == "bindings" || head.ends_with("sys") || head == "capi" ||
                        call.path.find("ffi::") != std::string::npos ||
                        call.path.find("_sys::") != std::string::npos;
    return module && call.name.find('_') != std::string_view::npos && call.name.front() >= 'a';
}

bool isExported(const rust::Function &function)
{
    return isForeign(function) && std::any_of(function.attributes.begin(), function.attributes.end(),
                                              [](const std::string &attribute) {
                                                  return attribute.find("no_mangle") != std::string::npos ||
                                                         attribute.find("export_name") != std::string::npos;
                                              });
}

std::string failureValue(const rust::Function &function)
{
    if (!function.returnType)
        return "()";
    std::string negative;
    for (const Node &node : function.body.descendants("return_expression")) {
        const Node value = node.firstNamedChild();
        if (!value || rust::bodyOf(node) != function.body || !isConstant(value))
            continue;
        if (isNullCheck(node.ancestor({"if_expression"}).field("condition")))
            return std::string(value.text());
        if (value.text().starts_with('-'))
            negative = value.text();
    }
    const std::string type = compact(function.returnType.text());
    if (type == "bool")
        return "false";
    if (type.starts_with("*mut"))
        return "std::ptr::null_mut()";
    if (type.starts_with("*const"))
        return "std::ptr::null()";
    if (type.starts_with("Option<"))
        return "None";
    return negative;
}

} // namespace review::rules
