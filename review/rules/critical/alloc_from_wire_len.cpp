// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// Memory that is reserved by a count.
struct Reservation {
    Node node;
    Node count;
    std::string how;     ///< "Vec::with_capacity", "vec!"
    bool isHint = false; ///< only a capacity: what is stored does not depend on it
};

/// Reads a number of 32 or 64 bits from bytes. Smaller ones can't ask for much.
bool decodes(const Node &node)
{
    const Call call = rust::toCall(node);
    if (!call)
        return false;
    if (!call.isMethod())
        return isOneOf(call.path, {"u32::from_be_bytes", "u32::from_le_bytes", "u64::from_be_bytes",
                                   "u64::from_le_bytes", "i32::from_be_bytes", "i32::from_le_bytes",
                                   "i64::from_be_bytes", "usize::from_be_bytes", "usize::from_le_bytes"}) ||
               isOneOf(call.name, {"decode_varint", "read_varint", "decode_var_u64"});
    return isOneOf(call.name, {"get_u32", "get_u32_le", "get_u64", "get_u64_le", "get_i32", "get_i32_le",
                               "get_i64", "get_i64_le", "read_u32", "read_u32_le", "read_u64", "read_u64_le",
                               "read_i32", "read_i64", "read_varint", "read_var_u64", "get_varint"});
}

/// Only conversions of the number itself; `min` and the like end the search.
bool converts(const Call &call)
{
    if (call.isMethod())
        return isOneOf(call.name, {"into", "try_into", "unwrap_or_default", "to_usize"});
    return call.name == "try_from" || call.name == "from";
}

std::optional<Reservation> reservationAt(const Node &node)
{
    if (node.is("macro_invocation") && rust::macroName(node) == "vec") {
        const std::string_view text = node.text();
        const std::size_t semicolon = text.rfind(';');
        if (semicolon == std::string_view::npos)
            return {};
        const std::uint32_t after = node.bytes().begin + static_cast<std::uint32_t>(semicolon);
        for (const Node &part : node.descendants()) {
            if (part.isNamed() && part.bytes().begin > after && !part.isAny({"token_tree"}))
                return Reservation{node, part, "vec!", false};
        }
        return {};
    }
    const Call call = rust::toCall(node);
    if (!call || call.arguments.empty())
        return {};
    if (!call.isMethod() && call.name == "with_capacity" && call.path.find("::") != std::string::npos)
        return Reservation{node, call.arguments.back(), call.path, true};
    if (call.isMethod() && isOneOf(call.name, {"reserve", "reserve_exact"}) && call.arguments.size() == 1)
        return Reservation{node, call.arguments.front(), std::string(call.name), true};
    if (call.isMethod() && call.name == "resize" && call.arguments.size() == 2)
        return Reservation{node, call.arguments.front(), std::string(call.name), false};
    return {};
}

bool namesOneOf(const Node &node, const std::vector<std::string_view> &names)
{
    const auto is = [&](const Node &at) {
        return at.is("identifier") && std::find(names.begin(), names.end(), at.text()) != names.end();
    };
    return anyIn(node, is);
}

/// The variables the count goes through on its way from the wire.
std::vector<std::string_view> variablesOf(const Node &count)
{
    std::vector<std::string_view> names;
    std::vector<Node> todo{count};
    for (std::size_t i = 0; i < todo.size() && i < 16; ++i) {
        std::vector<Node> values;
        anyIn(todo[i], [&](const Node &node) {
            const Node binding = node.is("identifier") ? rust::bindingOf(node) : Node();
            if (binding.is("let_declaration") &&
                std::find(names.begin(), names.end(), node.text()) == names.end()) {
                names.push_back(node.text());
                values.push_back(binding.field("value"));
            }
            return false;
        });
        todo.insert(todo.end(), values.begin(), values.end());
    }
    return names;
}

/// Something before compares the number with a limit, cuts it, or hands it to a function that may refuse it.
bool isLimited(const Reservation &reservation, const Node &source)
{
    std::vector<std::string_view> names = variablesOf(reservation.count);
    if (reservation.count.text().find("min(") != std::string_view::npos)
        return true;
    const Node function = reservation.node.ancestor({"function_item"});
    for (const Node &node : function.field("body").descendants()) {
        if (node.index() >= reservation.node.index())
            break;
        // `let end = 12 + count * 8;`: a comparison of `end` is one of the count.
        if (node.is("let_declaration") && node.index() > source.index() &&
            node.field("value").isAny({"binary_expression", "parenthesized_expression"}) &&
            node.field("pattern").is("identifier") && namesOneOf(node.field("value"), names))
            names.push_back(node.field("pattern").text());
        if (node.index() <= source.index() && !names.empty() && !node.is("let_declaration"))
            continue;
        const bool compares = node.is("binary_expression") &&
                              isOneOf(node.field("operator").text(), {"<", "<=", ">", ">=", "==", "!="});
        const bool matches = node.is("match_expression") && namesOneOf(node.field("value"), names);
        if ((compares && namesOneOf(node, names)) || matches)
            return true;
        const Call call = rust::toCall(node);
        const bool cuts = isOneOf(call.name, {"min", "clamp", "checked_mul", "contains", "filter"}) &&
                          namesOneOf(node, names);
        const bool asks = call && node.parent().is("try_expression") && !decodes(node) && !converts(call) &&
                          std::any_of(call.arguments.begin(), call.arguments.end(),
                                      [&](const Node &argument) { return namesOneOf(argument, names); });
        const bool ensures = node.is("macro_invocation") && namesOneOf(node, names) &&
                             mentions(rust::macroName(node), {"ensure", "assert", "check", "bail"});
        if (cuts || asks || ensures)
            return true;
    }
    return source.parent().is("field_expression") && source.parent().field("field").text() == "min";
}

/// A capacity is a hint: more elements than bytes that remain can't follow.
void capByRemaining(const Reservation &reservation, const Node &source, Draft &draft)
{
    const Call call = rust::toCall(source);
    if (!reservation.isHint || !call.isMethod() || !call.name.starts_with("get_") ||
        !reservation.count.is("identifier"))
        return;
    const std::string buffer = rust::placeText(call.receiver);
    const std::uint32_t end = reservation.count.bytes().end;
    if (!buffer.empty())
        draft.edits.push_back({{end, end}, ".min(" + buffer + ".remaining())"});
}

Draft makeDraft(const Reservation &reservation, const Node &source)
{
    const std::string count = quoted(reservation.count.text(), 22);
    const bool macro = reservation.how == "vec!";
    Draft draft;
    draft.at = reservation.node;
    draft.title =
        fittingTitle({"`" + reservation.how + (macro ? "[…; " : "(") + std::string(reservation.count.text()) +
                          (macro ? "]" : ")") + "` reserves as much as the input says",
                      "As much memory is reserved as the input says"});
    draft.steps = {{"input", "holds a length of up to 2³² or 2⁶⁴ and nothing after it", source},
                   {"decoder", "reserves memory for " + count + " elements before it has seen the data",
                    reservation.node}};
    draft.outcome =
        "The allocation fails and aborts the process, or takes the memory of everything else on the machine.";
    draft.evidence = {source};
    draft.facts = {"resolved: " + count + " comes from " + quoted(source.text(), 40),
                   "resolved: nothing between compares it with a limit"};
    capByRemaining(reservation, source, draft);
    return draft;
}

/// Three bytes and a zero: 16 MiB at most.
bool isSmall(const Node &source)
{
    const std::string text = compact(source.text());
    return text.ends_with(",0])") || text.find("([0,") != std::string::npos;
}

/// An arm that only a build for tests has.
bool isOfTestBuild(const Node &node)
{
    for (Node arm = node.ancestor({"match_arm"}); arm; arm = arm.ancestor({"match_arm"})) {
        if (arm.text().starts_with("#[cfg(") &&
            mentions(arm.text().substr(0, arm.text().find(']')), {"test"}))
            return true;
    }
    return false;
}

/// A factor: what this program itself has spilled, cached or indexed is mostly as long as it says.
double doubtOfOwnFile(const rust::File &file)
{
    return mentions(file.path(), {"cache", "foyer", "etl/", "queue/", "spill", "log_batch", "engine_", "/wal",
                                  "/runs/", "vocab", "/tmp", "temp"})
               ? 0.7
               : 1;
}

} // namespace

void check_alloc_from_wire_len(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        const std::string_view text = function.body.text();
        const bool reserves = text.find("with_capacity") != std::string_view::npos ||
                              text.find("vec!") != std::string_view::npos ||
                              text.find("reserve") != std::string_view::npos ||
                              text.find("resize") != std::string_view::npos;
        if (!function.body || !reserves)
            continue;
        for (const Node &node : function.body.descendants()) {
            const auto reservation = reservationAt(node);
            if (!reservation)
                continue;
            const Node source = originOf(reservation->count, decodes, converts);
            if (!source || isSmall(source) || isOfTestBuild(node) || isLimited(*reservation, source))
                continue;
            Draft draft = makeDraft(*reservation, source);
            draft.confidence = doubtOf(node, input.file) * doubtOfOwnFile(input.file);
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
