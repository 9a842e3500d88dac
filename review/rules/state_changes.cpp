// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/state_changes.h"

#include "review/rules/cancellation.h"
#include "review/rules/phrases.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <array>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

std::string keyText(const Node &argument)
{
    std::string text = compact(rust::stripAdapters(argument).text());
    for (const std::string_view suffix : {".clone()", ".to_string()", ".to_owned()"}) {
        if (text.ends_with(suffix))
            text.erase(text.size() - suffix.size());
    }
    while (text.starts_with('&') || text.starts_with('*'))
        text.erase(0, 1);
    return text;
}

/// Calls that come in pairs.
constexpr std::array<std::array<std::string_view, 2>, 11> pairs{{{"register", "unregister"},
                                                                 {"register", "deregister"},
                                                                 {"subscribe", "unsubscribe"},
                                                                 {"inc", "dec"},
                                                                 {"increment", "decrement"},
                                                                 {"acquire", "release"},
                                                                 {"lock", "unlock"},
                                                                 {"enter", "exit"},
                                                                 {"enter", "leave"},
                                                                 {"pause", "resume"},
                                                                 {"attach", "detach"}}};

/// The name of the counterpart tells the pair: "unregister" for `register` that has one in this body.
std::vector<Change> pairedCall(const Call &call, const rust::Function &function)
{
    std::vector<Change> changes;
    for (const auto &[open, close] : pairs) {
        if (call.name != open && call.name != close)
            continue;
        changes.push_back({call.name == open ? Change::Kind::Open : Change::Kind::Close, call.node,
                           sharedPlace(call.receiver, function), std::string(close)});
    }
    return changes;
}

/// `let handle = tokio::spawn(..)` and `handle.abort()`, by the handle's name.
std::optional<Change> taskChange(const Call &call, const rust::Function &function)
{
    if (!call.isMethod() && call.name == "spawn" && call.arguments.size() == 1) {
        const std::string path = function.file->resolve(call.path);
        const Node declaration = call.node.parent();
        const Node pattern = declaration.field("pattern");
        // The tasks of a program for the terminal end with it.
        if (mentions(function.file->path(), {"bin/", "bench", "cli", "cmd"}) ||
            !isOneOf(path, {"tokio::spawn", "tokio::task::spawn"}) || !declaration.is("let_declaration") ||
            !pattern.is("identifier"))
            return std::nullopt;
        return Change{Change::Kind::Spawn, call.node, std::string(pattern.text()), {}};
    }
    if (call.isMethod() && call.name == "abort" && call.receiver.is("identifier"))
        return Change{Change::Kind::Abort, call.node, std::string(call.receiver.text()), {}};
    return std::nullopt;
}

std::optional<Change> changeByCall(const Call &call, const rust::Function &function)
{
    using Kind = Change::Kind;
    if (!call.isMethod()) {
        const bool takes = isOneOf(call.path, {"mem::take", "std::mem::take"});
        if (!takes || call.arguments.size() != 1)
            return std::nullopt;
        return Change{Kind::Take, call.node, sharedPlace(call.arguments.front(), function), {}};
    }
    const std::size_t count = call.arguments.size();
    const std::string first = count > 0 ? compact(call.arguments.front().text()) : std::string();
    std::optional<Kind> kind;
    if (count == 2 && call.name == "fetch_add")
        kind = Kind::Add;
    else if (count == 2 && call.name == "fetch_sub")
        kind = Kind::Subtract;
    else if (count == 2 && isOneOf(call.name, {"store", "swap"}) && first == "true")
        kind = Kind::Set;
    else if (count == 2 && call.name == "store" && first == "false")
        kind = Kind::Clear;
    else if (call.name == "insert" && count >= 1)
        kind = Kind::Insert;
    else if (call.name == "remove" && count == 1)
        kind = Kind::Remove;
    else if (call.name == "take" && count == 0)
        kind = Kind::Take;
    if (!kind)
        return std::nullopt;
    std::string place = sharedPlace(call.receiver, function);
    if (!place.empty() && (*kind == Kind::Insert || *kind == Kind::Remove))
        place += "[" + keyText(call.arguments.front()) + "]";
    return Change{*kind, call.node, place, {}};
}

std::optional<Change> changeAt(const Node &node, const rust::Function &function)
{
    using Kind = Change::Kind;
    if (node.is("call_expression")) {
        const Call &call = rust::toCall(node);
        return call ? changeByCall(call, function) : std::nullopt;
    }
    const Node left = node.field("left");
    if (node.is("compound_assignment_expr")) {
        const std::string_view sign = node.field("operator").text();
        if (sign != "+=" && sign != "-=")
            return std::nullopt;
        return Change{sign == "+=" ? Kind::Add : Kind::Subtract, node, sharedPlace(left, function), {}};
    }
    if (!node.is("assignment_expression"))
        return std::nullopt;
    const std::string_view right = node.field("right").text();
    const Kind kind = right == "true" ? Kind::Set : right == "false" ? Kind::Clear : Kind::PutBack;
    if (kind == Kind::PutBack && right == "None")
        return std::nullopt;
    return Change{kind, node, sharedPlace(left, function), {}};
}

} // namespace

std::vector<Change> stateChangesIn(const Node &body, const rust::Function &function)
{
    std::vector<Change> changes;
    for (const Node node : body.descendants()) {
        if (!node.isAny({"call_expression", "compound_assignment_expr", "assignment_expression"}))
            continue;
        std::vector<Change> here;
        if (const Call &call = rust::toCall(node)) {
            here = pairedCall(call, function);
            if (const auto task = taskChange(call, function))
                here.push_back(*task);
        }
        if (const auto change = changeAt(node, function))
            here.push_back(*change);
        for (Change &change : here) {
            if (!change.place.empty() && rust::runsIn(node, body))
                changes.push_back(std::move(change));
        }
    }
    return changes;
}

bool undoes(const Change &second, const Change &first)
{
    using Kind = Change::Kind;
    constexpr std::array<std::array<Kind, 2>, 6> kinds{{{Kind::Add, Kind::Subtract},
                                                        {Kind::Set, Kind::Clear},
                                                        {Kind::Insert, Kind::Remove},
                                                        {Kind::Take, Kind::PutBack},
                                                        {Kind::Open, Kind::Close},
                                                        {Kind::Spawn, Kind::Abort}}};
    for (const auto &[opens, closes] : kinds) {
        if (first.kind == opens && second.kind == closes)
            return first.place == second.place && first.pair == second.pair;
    }
    return false;
}

} // namespace review::rules
