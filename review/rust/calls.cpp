// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/calls.h"

#include "review/rust/flow.h"

#include <algorithm>
#include <array>

namespace review::rust {
namespace {

/// Methods that hand on what they stand on, unwrapped.
constexpr std::array<std::string_view, 9> unwrappingMethods{"unwrap",           "expect", "unwrap_or_else",
                                                            "unwrap_unchecked", "ok",     "map_err",
                                                            "into_future",      "fuse",   "boxed"};

/// The path of an expression that names a function, without generics and white space: `Vec::<u8>::new` →
/// "Vec::new".
std::string pathText(const Node &node)
{
    std::string path;
    std::size_t depth = 0;
    for (const char c : node.text()) {
        if (c == '<')
            ++depth;
        else if (c == '>')
            depth -= depth > 0 ? 1 : 0;
        else if (depth == 0 && c != ' ' && c != '\n' && c != '\t' && c != '\r')
            path += c;
    }
    // A turbofish leaves "Vec::::new" behind, `<T as Trait>::f` leaves "::f".
    for (std::size_t at = path.find("::::"); at != std::string::npos; at = path.find("::::"))
        path.erase(at, 2);
    return path;
}

/// What an adapter stands on; null if the node is no adapter.
Node adapted(const Node &node)
{
    if (node.isAny({"await_expression", "try_expression", "parenthesized_expression"}))
        return node.firstNamedChild();
    if (node.is("reference_expression"))
        return node.field("value");
    if (!node.is("call_expression"))
        return {};
    const Node function = node.field("function");
    if (!function.is("field_expression"))
        return {};
    const std::string_view name = function.field("field").text();
    const bool unwraps =
        std::find(unwrappingMethods.begin(), unwrappingMethods.end(), name) != unwrappingMethods.end();
    return unwraps ? function.field("value") : Node();
}

} // namespace

Call makeCall(const Node &node)
{
    Call call;
    if (!node.is("call_expression"))
        return call;
    Node function = node.field("function");
    if (function.is("generic_function"))
        function = function.field("function");
    call.node = node;
    call.body = bodyOf(node);
    if (function.is("field_expression")) {
        call.receiver = function.field("value");
        call.name = function.field("field").text();
    } else if (function.isAny({"identifier", "scoped_identifier"})) {
        call.path = pathText(function);
        call.name = function.is("identifier") ? function.text() : function.field("name").text();
    }
    call.arguments = node.field("arguments").namedChildren();
    std::erase_if(call.arguments, [](const Node &argument) { return argument.is("attribute_item"); });
    return call;
}

const Call &toCall(const Node &node)
{
    static const Call none;
    return node.is("call_expression") ? node.tree()->call(node) : none;
}

std::span<const Call> callsIn(const Node &node)
{
    if (!node)
        return {};
    const std::vector<Call> &calls = node.tree()->calls();
    const auto isBefore = [](const Call &call, std::uint32_t index) { return call.node.index() < index; };
    const auto first = std::lower_bound(calls.begin(), calls.end(), node.index(), isBefore);
    const NodeRange below = node.descendants();
    const auto last = std::lower_bound(first, calls.end(),
                                       node.index() + 1 + static_cast<std::uint32_t>(below.size()), isBefore);
    return {first, last};
}

Node stripAdapters(Node expression)
{
    for (Node below = adapted(expression); below; below = adapted(expression))
        expression = below;
    return expression;
}

Node withAdapters(Node expression)
{
    for (;;) {
        Node above = expression.parent();
        if (above.is("field_expression") && expression.fieldName() == "value")
            above = above.parent();
        if (!above || adapted(above) != expression)
            return expression;
        expression = above;
    }
}

bool isAwaited(const Node &call)
{
    Node node = call;
    while (node.parent().is("parenthesized_expression"))
        node = node.parent();
    return node.parent().is("await_expression");
}

std::string_view macroName(const Node &node)
{
    if (!node.is("macro_invocation"))
        return {};
    const Node macro = node.field("macro");
    return macro.is("scoped_identifier") ? macro.field("name").text() : macro.text();
}

std::string placeText(const Node &expression)
{
    std::string suffix;
    Node node = expression;
    for (;;) {
        if (node.isAny({"identifier", "self", "scoped_identifier"}))
            return pathText(node) + suffix;
        if (node.is("field_expression")) {
            suffix = "." + std::string(node.field("field").text()) + suffix;
            node = node.field("value");
        } else if (node.is("index_expression")) {
            const std::vector<Node> parts = node.namedChildren();
            if (parts.size() != 2)
                return {};
            std::string index;
            for (const char c : parts[1].text()) {
                if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
                    index += c;
            }
            suffix = "[" + index + "]" + suffix;
            node = parts[0];
        } else if (node.isAny({"parenthesized_expression", "reference_expression"})) {
            node = node.is("reference_expression") ? node.field("value") : node.firstNamedChild();
        } else if (node.is("unary_expression") && node.text().starts_with('*')) {
            node = node.firstNamedChild();
        } else {
            return {};
        }
    }
}

} // namespace review::rust
