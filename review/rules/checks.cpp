// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"

#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>
#include <cctype>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// More says little about a value and costs time.
constexpr std::size_t maxPlaces = 16;

bool isWordByte(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

void addPlaces(const Node &expression, const Node &stop, std::vector<std::string> &places);

void addPlace(std::string place, std::vector<std::string> &places)
{
    if (!place.empty() && place != "self" && places.size() < maxPlaces &&
        std::find(places.begin(), places.end(), place) == places.end())
        places.push_back(std::move(place));
}

/// A check of what the call is made on says something about its result: a length, a view, a conversion.
bool keepsMeaning(const Call &call)
{
    if (!call.isMethod())
        return isOneOf(call.name, {"from", "try_from", "max", "min", "Some", "Ok", "Wrapping"});
    return call.name.starts_with("as_") || call.name.starts_with("to_") || call.name.starts_with("unwrap") ||
           isOneOf(call.name,
                   {"len",     "remaining", "clone",          "iter",  "into",    "try_into", "expect",
                    "borrow",  "elapsed",   "duration_since", "chars", "bytes",   "count",    "size",
                    "get_ref", "get_mut",   "position",       "lock",  "read",    "write",    "max",
                    "min",     "deref",     "load",           "ok",    "map_err", "ok_or",    "ok_or_else",
                    "chunk",   "total_size"});
}

void addVariable(const Node &identifier, const Node &stop, std::vector<std::string> &places)
{
    const std::size_t before = places.size();
    addPlace(std::string(identifier.text()), places);
    const Node value = places.size() > before ? rust::initialiserOf(identifier) : Node();
    if (value && !identifier.isInside(value))
        addPlaces(value, stop, places);
}

void addPlaces(const Node &expression, const Node &stop, std::vector<std::string> &places)
{
    if (!expression || (stop && expression.isInside(stop)) || places.size() >= maxPlaces)
        return;
    if (expression.is("identifier")) {
        if (!rust::isNoRead(expression) && rust::bindingOf(expression))
            addVariable(expression, stop, places);
        return;
    }
    if (expression.is("field_expression")) {
        addPlace(rust::placeText(expression), places);
        addPlaces(expression.field("value"), stop, places);
        return;
    }
    if (const Call &call = rust::toCall(expression)) {
        if (!keepsMeaning(call))
            return;
        if (call.receiver.is("self") && std::find(places.begin(), places.end(), "self") == places.end())
            places.push_back("self");
        addPlaces(call.receiver, stop, places);
        for (const Node &argument : call.arguments)
            addPlaces(argument, stop, places);
        return;
    }
    for (const Node &child : expression.namedChildren())
        addPlaces(child, stop, places);
}

bool isComparison(const Node &node)
{
    return node.is("binary_expression") &&
           isOneOf(node.field("operator").text(), {"<", "<=", ">", ">=", "==", "!="});
}

bool isCheckingCall(const Call &call)
{
    return call.name.starts_with("checked_") || call.name.starts_with("saturating_") ||
           isOneOf(call.name,
                   {"is_empty",         "min",           "clamp",       "contains_key", "contains",
                    "is_some",          "is_none",       "is_ok",       "is_err",       "is_some_and",
                    "remaining",        "has_remaining", "starts_with", "ends_with",    "get",
                    "is_char_boundary", "find",          "position",    "peek",         "cmp",
                    "is_ascii",         "push",          "push_back",   "insert",       "resize",
                    "push_str",         "is_nan",        "is_finite",   "exists"}) ||
           (call.isMethod() && call.name == "max") ||
           mentions(call.name, {"valid", "check", "verify", "ensure", "assert"});
}

/// Without being a comparison, it branches on the value or gives up when it is not there.
bool branches(const Node &node, const Call &call)
{
    if (node.isAny({"let_condition", "match_expression", "while_expression"}))
        return true;
    if (node.is("let_declaration"))
        return bool(node.field("alternative"));
    if (node.is("macro_invocation"))
        return mentions(rust::macroName(node), {"ensure", "assert", "check", "bail", "matches"});
    return call && isCheckingCall(call);
}

/// The part of a checking node that is looked at: a match's scrutinee, not its arms.
std::string_view looksAt(const Node &node)
{
    if (node.isAny({"let_condition", "match_expression", "let_declaration"}))
        return node.field("value").text();
    if (node.is("while_expression"))
        return node.field("condition").text();
    return node.text();
}

/// `end > data.len()` after `let end = 3 + len` looks at `len` too.
bool looksThroughLet(const Node &node, const std::vector<std::string> &places)
{
    return anyIn(node, [&](const Node &part) {
        const Node value = part.is("identifier") ? rust::initialiserOf(part) : Node();
        return value && value.bytes().end - value.bytes().begin < 200 && mentionsPlace(value.text(), places);
    });
}

/// `input.read_bytes(len)?` refuses a length that is too large.
bool mayRefuse(const Node &node, const Call &call, const std::vector<std::string> &places)
{
    return call && rust::withAdapters(node).is("try_expression") &&
           std::any_of(call.arguments.begin(), call.arguments.end(), [&](const Node &argument) {
               return !argument.is("reference_expression") && mentionsPlace(argument.text(), places);
           });
}

bool isOnlyInDebug(const Node &node)
{
    const Node macro = node.is("macro_invocation") ? node : node.ancestor({"macro_invocation"});
    return macro && rust::macroName(macro).starts_with("debug_");
}

} // namespace

std::vector<std::string> placesIn(const Node &expression, const Node &stop)
{
    std::vector<std::string> places;
    addPlaces(expression, stop, places);
    return places;
}

bool mentionsPlace(std::string_view text, const std::vector<std::string> &places)
{
    for (const std::string &place : places) {
        for (std::size_t at = text.find(place); at != std::string_view::npos; at = text.find(place, at + 1)) {
            const std::size_t end = at + place.size();
            const bool begins = at == 0 || (!isWordByte(text[at - 1]) &&
                                            (text[at - 1] != '.' || (at > 1 && text[at - 2] == '.')));
            if (begins && (end == text.size() || !isWordByte(text[end])))
                return true;
        }
    }
    return false;
}

bool isCheckedBefore(const Node &at, const std::vector<std::string> &places)
{
    if (places.empty())
        return false;
    const Node function = at.ancestor({"function_item"});
    for (const Node node : function.field("body").descendants()) {
        if (node.index() >= at.index())
            return false;
        const bool around = at.isInside(node);
        if (node.is("for_expression") && around && !at.isInside(node.field("value")) &&
            mentionsPlace(node.field("value").text(), places))
            return true;
        const bool scope = node.isAny({"match_expression", "while_expression"});
        if (around &&
            (!scope || at.isInside(node.field(node.is("match_expression") ? "value" : "condition"))))
            continue;
        const bool compares = isComparison(node);
        const Call &call = rust::toCall(node);
        const bool refuses = !around && mayRefuse(node, call, places);
        if (!compares && !refuses && !branches(node, call))
            continue;
        const bool asked =
            mentionsPlace(looksAt(node), places) || (compares && looksThroughLet(node, places));
        if (asked && !isOnlyInDebug(node) && (around || rust::canReach(node, at)))
            return true;
    }
    return false;
}

bool isConstant(const Node &expression)
{
    if (expression.isAny({"integer_literal", "string_literal", "char_literal", "float_literal"}))
        return true;
    if (expression.isAny({"type_cast_expression", "reference_expression"}))
        return isConstant(expression.field("value"));
    if (expression.isAny({"parenthesized_expression", "unary_expression"}))
        return isConstant(expression.firstNamedChild());
    if (expression.is("binary_expression"))
        return isConstant(expression.field("left")) && isConstant(expression.field("right"));
    const Call &call = rust::toCall(expression);
    if (call)
        return isOneOf(call.name, {"size_of", "align_of", "size_of_val"});
    const std::string_view text = expression.is("scoped_identifier") ? expression.field("name").text()
                                  : expression.is("identifier")      ? expression.text()
                                                                     : std::string_view();
    return !text.empty() && std::none_of(text.begin(), text.end(),
                                         [](char c) { return std::islower(static_cast<unsigned char>(c)); });
}

} // namespace review::rules
