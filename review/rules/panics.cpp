// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/panics.h"

#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isFullRange(const Node &index)
{
    return index.is("range_expression") && compact(index.text()) == "..";
}

/// Constants, types and functions have no variable below them.
bool readsVariable(const Node &node)
{
    const auto reads = [](const Node &at) {
        return at.is("self") || (at.is("identifier") && !rust::isNoRead(at) && rust::bindingOf(at));
    };
    return anyIn(node, reads);
}

/// The names of the variables that an index is made of.
std::vector<std::string_view> variablesOf(const Node &index)
{
    std::vector<std::string_view> names;
    const auto take = [&](const Node &node) {
        if (node.isAny({"identifier", "field_identifier"}))
            names.push_back(node.text());
    };
    take(index);
    for (const Node &node : index.descendants())
        take(node);
    return names;
}

/// The places a panic depends on, from the whole one to its root: "a.b.c", "a.b", "a".
std::vector<std::string> placesOf(const Panic &panic)
{
    std::vector<std::string> places;
    Node node = rust::stripAdapters(panic.operand);
    for (int depth = 0; node && depth < 12; ++depth) {
        std::string place = rust::placeText(node);
        if (!place.empty()) {
            for (;;) {
                places.push_back(place);
                const std::size_t dot = place.rfind('.');
                if (dot == std::string::npos)
                    return places;
                place.resize(dot);
            }
        }
        const Call &call = rust::toCall(node);
        if (call.isMethod())
            node = rust::stripAdapters(call.receiver);
        else if (call && !call.arguments.empty())
            node = rust::stripAdapters(call.arguments.front());
        else
            node = node.firstNamedChild();
    }
    return places;
}

/// A question about the value itself or about the container that it is taken from.
bool asks(const Call &call, const std::vector<std::string> &places)
{
    if (!call.isMethod() || places.empty())
        return false;
    const bool question = isOneOf(
        call.name,
        {"is_some",      "is_none",   "is_ok",         "is_err",           "is_some_and", "is_none_or",
         "is_ok_and",    "is_empty",  "len",           "contains_key",     "contains",    "remaining",
         "starts_with",  "ends_with", "has_remaining", "is_char_boundary", "all",         "any",
         "chunks_exact", "peek",      "get",           "is_ascii"});
    return question && rust::placeText(call.receiver) == places.front();
}

/// `validate(&request)?`, `self.check_token(&request.token)`.
/// A call that ends the function when it is refused may look at a part: `job_id_of(&request.context)?`.
bool hands(const Call &call, const std::vector<std::string> &places)
{
    const bool named = mentions(call.name, {"valid", "check", "verify", "ensure", "assert"});
    const bool refuses = !call.isMethod() && rust::withAdapters(call.node).is("try_expression");
    if ((!named && !refuses) || places.empty())
        return false;
    const auto isPlace = [&](const Node &argument) {
        const Call view = rust::toCall(argument);
        const std::string place = rust::placeText(
            view.isMethod() && view.name.starts_with("as_") ? view.receiver : rust::stripAdapters(argument));
        if (!named)
            return place == places.front() && place.find('.') != std::string::npos;
        return !place.empty() && std::find(places.begin(), places.end(), place) != places.end();
    };
    return std::any_of(call.arguments.begin(), call.arguments.end(), isPlace) ||
           (call.isMethod() && isPlace(call.receiver));
}

/// `i < n`, `from <= to`, a match on it, or a loop over a range: the index is not just any number.
bool limits(const Node &node, const std::vector<std::string_view> &variables)
{
    const bool comparison =
        node.is("binary_expression") && isOneOf(node.field("operator").text(), {"<", "<=", ">", ">=", "=="});
    if (!comparison)
        return false;
    const std::vector<std::string_view> compared = variablesOf(node);
    return std::any_of(variables.begin(), variables.end(), [&](std::string_view name) {
        return name != "self" && std::find(compared.begin(), compared.end(), name) != compared.end();
    });
}

/// The index was made to be in range: a remainder, a minimum, a position that was found, a loop's counter.
bool isLimited(const Node &index)
{
    if (!readsVariable(index))
        return false;
    const std::string text(index.text());
    if (text.find('%') != std::string::npos || text.find(".min(") != std::string::npos ||
        text.find(".len()") != std::string::npos)
        return true;
    return anyIn(index, [](const Node &part) {
        if (!part.is("identifier"))
            return false;
        const Node binding = rust::bindingOf(part);
        if (!binding || binding.isAny({"parameter"}))
            return false;
        if (!binding.is("let_declaration"))
            return true;
        const std::string_view value = binding.field("value").text();
        return value.find('%') != std::string_view::npos || value.find(".min(") != std::string_view::npos ||
               value.find("position(") != std::string_view::npos ||
               value.find("find(") != std::string_view::npos ||
               value.find("binary_search") != std::string_view::npos ||
               value.find(".len()") != std::string_view::npos || value.find('&') != std::string_view::npos;
    });
}

} // namespace

std::vector<Panic> panicsIn(const Node &body)
{
    std::vector<Panic> panics;
    for (const Node &node : body.descendants()) {
        Panic panic;
        panic.node = node;
        if (const Call &call = rust::toCall(node)) {
            const bool unwraps = call.name == "unwrap" && call.arguments.empty();
            const bool expects = call.name == "expect" && call.arguments.size() == 1;
            if (!call.isMethod() || !(unwraps || expects))
                continue;
            panic.kind = unwraps ? Panic::Kind::Unwrap : Panic::Kind::Expect;
            panic.operand = call.receiver;
            panic.name = call.name;
        } else if (node.is("macro_invocation")) {
            panic.kind = Panic::Kind::Macro;
            panic.name = rust::macroName(node);
            if (!isOneOf(panic.name, {"panic", "todo", "unimplemented", "assert", "assert_eq", "assert_ne"}))
                continue;
        } else if (node.is("index_expression")) {
            const std::vector<Node> parts = node.namedChildren();
            // A name in brackets: a map, or a JSON value, which answers with null.
            if (parts.size() != 2 || isFullRange(parts[1]) || parts[1].is("string_literal"))
                continue;
            panic.kind = Panic::Kind::Index;
            panic.operand = parts[0];
            panic.index = parts[1];
            panic.name = "indexing";
        } else {
            continue;
        }
        if (rust::runsIn(node, body))
            panics.push_back(panic);
    }
    return panics;
}

bool handsOnPanic(const Panic &panic)
{
    if (panic.kind != Panic::Kind::Unwrap && panic.kind != Panic::Kind::Expect)
        return false;
    const Call &call = rust::toCall(rust::stripAdapters(panic.operand));
    if (!call)
        return false;
    if (isOneOf(call.name, {"lock", "read", "write", "join", "into_inner", "get_mut", "try_lock", "try_read",
                            "try_write", "wait_while"}))
        return call.arguments.empty() || call.name == "wait_while";
    return isOneOf(call.name, {"wait", "wait_timeout", "block_on", "spawn_blocking", "spawn"});
}

bool cannotFail(const Panic &panic)
{
    if (panic.kind != Panic::Kind::Unwrap && panic.kind != Panic::Kind::Expect)
        return false;
    const Node operand = rust::stripAdapters(panic.operand);
    if (!readsVariable(operand))
        return true;
    if (operand.is("macro_invocation"))
        return isOneOf(rust::macroName(operand), {"write", "writeln"});
    const Call &call = rust::toCall(operand);
    if (call.name != "try_into" && call.name != "try_from")
        return false;
    const Node from = rust::stripAdapters(call.isMethod()          ? call.receiver
                                          : call.arguments.empty() ? Node()
                                                                   : call.arguments.front());
    return from.is("index_expression") || rust::toCall(from).name == "split_at" ||
           isOneOf(rust::toCall(from).name, {"finalize", "digest", "as_ref", "len"});
}

bool wasChecked(const Panic &panic)
{
    if (panic.kind == Panic::Kind::Macro)
        return false;
    if (panic.kind == Panic::Kind::Index && isLimited(panic.index))
        return true;
    const std::vector<std::string> places = placesOf(panic);
    const std::vector<std::string_view> variables =
        panic.kind == Panic::Kind::Index ? variablesOf(panic.index) : std::vector<std::string_view>();
    const Node function = panic.node.ancestor({"function_item"});
    for (const Node &node : function.field("body").descendants()) {
        if (node.index() >= panic.node.index())
            return false;
        if (node.isInside(panic.node) || panic.node.isInside(node))
            continue;
        const Call &call = rust::toCall(node);
        const bool checks = call ? asks(call, places) || hands(call, places)
                            : node.is("macro_invocation")
                                ? isOneOf(rust::macroName(node), {"ensure", "assert"}) && !places.empty() &&
                                      node.text().find(places.front()) != std::string_view::npos
                                : limits(node, variables);
        if (checks && rust::canReach(node, panic.node))
            return true;
    }
    return false;
}

} // namespace review::rules
