// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

struct Cut {
    Node node, operand, at;
};

Cut cutAt(const Node &node)
{
    if (node.is("index_expression")) {
        const std::vector<Node> parts = node.namedChildren();
        if (parts.size() == 2 && parts[1].is("range_expression"))
            return {node, parts[0], parts[1]};
        return {};
    }
    const Call call = rust::toCall(node);
    if (call.isMethod() && call.arguments.size() == 1 &&
        isOneOf(call.name, {"truncate", "split_at", "split_off"}))
        return {node, call.receiver, call.arguments.front()};
    return {};
}

/// A byte position that knows nothing of characters: a constant other than 0.
bool isBlindPosition(const Node &at)
{
    if (!at.is("range_expression"))
        return at.text() != "0" && isConstant(at);
    const std::vector<Node> bounds = at.namedChildren();
    const auto isBlind = [](const Node &bound) { return bound.text() != "0" && isConstant(bound); };
    return !bounds.empty() && std::all_of(bounds.begin(), bounds.end(), isConstant) &&
           std::any_of(bounds.begin(), bounds.end(), isBlind);
}

/// Texts that this program or a format makes of ASCII letters.
bool isAscii(const Node &operand)
{
    return mentions(operand.text(),
                    {"hex",      "uuid",    "hash",  "sha",     "base64",   "digest",   "date", "time",
                     "commit",   "id",      "addr",  "version", "as_bytes", "header",   "rev",  "etag",
                     "checksum", "format!", "digit", "micros",  "nanos",    "cache_key"});
}

/// A copy of an id: `invitation.id.clone()`.
bool isCopyOfId(const Node &value)
{
    const std::string place = rust::placeText(rust::toCall(value) ? rust::toCall(value).receiver : value);
    return place.ends_with(".id") || place.ends_with("_id") || place.ends_with("uuid");
}

/// Its values stand in the program: it runs over a constant, or over an array of literals.
bool isOfOwnTable(const Node &operand)
{
    const Node binding = operand.is("identifier") ? rust::bindingOf(operand) : Node();
    Node over = binding ? valueOf(binding) : Node();
    for (int depth = 0; over && depth < 8; ++depth) {
        over = rust::stripAdapters(over);
        if (const Call call = rust::toCall(over); call.isMethod())
            over = call.receiver;
        else if (const Node made = over.is("identifier") ? rust::initialiserOf(over) : Node())
            over = made;
        else
            break;
    }
    const std::string text = compact(over.text());
    return (over.is("identifier") && text.size() > 1 && isConstant(over)) ||
           (over.is("array_expression") && text.starts_with("[\""));
}

/// Made by this program of letters, digits and signs of its own: a hash in hex, a UUID, a time.
bool isMadeOfAscii(const Node &value)
{
    return isCopyOfId(value) ||
           mentions(value.text(),
                    {"hex", "checksum", "uuid", "base64", "digest", "sha256", "sha1", "md5", "utc", "chrono",
                     "date", "timestamp", "rfc3339", "thread_rng", "alphanumeric"});
}

/// `value.to_string()`: a text as its type shows itself, which is mostly a number, an id or a time. Errors
/// quote what they were given.
bool isShownByType(const Node &value, const RuleInput &input)
{
    const Call call = rust::toCall(value);
    if (!call.isMethod() || call.name != "to_string" || !call.arguments.empty() ||
        call.receiver.text() == "e" ||
        mentions(call.receiver.text(),
                 {"err", "msg", "message", "query", "sql", "name", "text", "path", "title"}))
        return false;
    const rust::Type type = input.model.infer(call.receiver, input.file);
    return !isOneOf(type.peeled().name(), {"str", "String"});
}

/// The code looked at the characters there before.
bool knowsBoundary(const Node &node, const Node &operand)
{
    const std::string place = rust::placeText(operand);
    const Node function = node.ancestor({"function_item"});
    for (const Node part : function.field("body").descendants()) {
        if (part.index() >= node.index())
            return false;
        const Call call = rust::toCall(part);
        const bool asks =
            isOneOf(call.name, {"is_char_boundary", "is_ascii", "starts_with", "ends_with", "find", "rfind",
                                "char_indices", "as_bytes", "bytes", "strip_prefix", "is_ascii_hexdigit",
                                "floor_char_boundary", "all", "contains", "get", "is_match"});
        // `if !check_file_name(name) { return … }`: whoever has a pattern for it knows its letters.
        const Node branch = part.parent().is("unary_expression") ? part.parent().parent() : Node();
        const bool refuses =
            call && branch.is("if_expression") && rust::diverges(branch.field("consequence")) &&
            std::any_of(call.arguments.begin(), call.arguments.end(), [&](const Node &argument) {
                return rust::placeText(argument) == place && !place.empty();
            });
        if (refuses)
            return true;
        if (asks && (place.empty() || mentionsPlace(call.node.text(), {place})))
            return true;
        if (part.is("match_expression") && node.isInside(part) && place.empty())
            return true;
    }
    return false;
}

/// The length was compared before: the author knows that the text may be anything, and took bytes for
/// characters.
bool comparesLength(const Cut &cut)
{
    const std::string length = rust::placeText(cut.operand) + ".len()";
    const Node function = cut.node.ancestor({"function_item"});
    return anyIn(function.field("body"), [&](const Node &node) {
        return node.is("binary_expression") && node.index() < cut.node.index() &&
               compact(node.text()).find(length) != std::string::npos;
    });
}

/// The closure's text is what a lookup of a header gave: `to_str` has refused other letters. Or the function
/// goes through the characters and asks for ASCII.
bool isOfHeader(const Node &node, const Node &operand)
{
    const Node closure = node.ancestor({"closure_expression"});
    const Node chain = closure ? closure.ancestor({"call_expression"}) : Node();
    const bool header = mentions(rust::toCall(chain).receiver.text(), {"header", "etag"}) &&
                        closure.field("parameters").text().find(operand.text()) != std::string_view::npos;
    const Node function = node.ancestor({"function_item"});
    return header || mentions(function.field("body").text().substr(
                                  0, node.bytes().begin - function.field("body").bytes().begin),
                              {"is_ascii"});
}

Draft makeDraft(const Cut &cut)
{
    const std::string code = quoted(cut.node.text(), 30);
    Draft draft;
    draft.at = cut.node;
    draft.title = fittingTitle({code + " panics inside a character", "A text is cut inside a character"});
    draft.steps = {{"caller", "hands over a text with a letter of several bytes, \"é\" or \"日\", at the cut",
                    cut.operand},
                   {"code", "cuts at a fixed byte and panics", cut.node}};
    draft.outcome = "A name, a comment or a message in any language but English ends the task.";
    draft.facts = {"resolved: " + quoted(cut.operand.text(), 30) + " is a text, and its positions are bytes",
                   "resolved: nothing before looks whether a character begins there"};
    // `&text[2..]` mostly takes away a prefix that the caller has seen.
    if (compact(cut.at.text()).ends_with("..") && !comparesLength(cut)) {
        draft.facts.push_back("assumed: nobody has looked for the prefix that this takes away");
        draft.confidence = 0.8;
    }
    // Whoever compares the length has texts of any kind before him; others mostly cut what they have made.
    if (!comparesLength(cut)) {
        draft.facts.push_back("assumed: the text is not the program's own");
        draft.confidence *= 0.8;
    }
    // The first letter of a word: mostly one of the program's own.
    if (isOneOf(compact(cut.at.text()), {"1", "..1", "0..1", "1.."}))
        draft.confidence = 0.8;
    // Digits are expected there: `Hash::from_hex(&text[0..64])`.
    const Call reader = rust::toCall(cut.node.ancestor({"call_expression"}));
    if (mentions(reader.name, {"hex", "digest"}) && !reader.isMethod())
        draft.confidence = 0.8;
    return draft;
}

} // namespace

void check_str_cut_inside_char(const RuleInput &input, Reporter &reporter)
{
    std::set<std::pair<const rust::Function *, std::string>> told;
    for (const std::string_view kind : {"index_expression", "call_expression"}) {
        for (const Node &node : input.file.root().descendants(kind)) {
            const Cut cut = cutAt(node);
            if (!cut.node || !isBlindPosition(cut.at) || isAscii(cut.operand) ||
                isTestOrTool(node, input.file))
                continue;
            const Node value = cut.operand.is("identifier") ? rust::initialiserOf(cut.operand) : Node();
            if (value.text().starts_with("b\"") || isMadeOfAscii(value) || isOfHeader(node, cut.operand) ||
                isOfOwnTable(cut.operand))
                continue;
            const rust::Type type = input.model.infer(cut.operand, input.file);
            const rust::Type &text = type.peeled();
            if (type.assumed || !isOneOf(text.path, {"str", "String", "std::string::String"}))
                continue;
            // One cut of a text says it for the others.
            if (knowsBoundary(node, cut.operand) ||
                !told.emplace(input.file.functionAt(node), std::string(cut.operand.text())).second)
                continue;
            Draft draft = makeDraft(cut);
            if (isShownByType(value ? value : cut.operand, input)) {
                draft.facts.push_back("assumed: its type shows itself with letters of several bytes");
                draft.confidence *= 0.7;
            }
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
