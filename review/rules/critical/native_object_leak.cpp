// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/foreign.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>
#include <vector>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// One of the words stands in the name, between underscores.
bool hasWord(std::string_view name, std::initializer_list<std::string_view> words)
{
    std::size_t begin = 0;
    while (begin <= name.size()) {
        const std::size_t end = std::min(name.find('_', begin), name.size());
        if (isOneOf(name.substr(begin, end - begin), words))
            return true;
        begin = end + 1;
    }
    return false;
}

bool destroys(const Call &call)
{
    return hasWord(call.name, {"destroy", "free", "release", "close", "delete", "unref", "drop", "cleanup",
                               "finalize", "fini", "dispose", "clear", "term"});
}

/// The foreign call that made the pointer of `let p = …`; null if it is no such thing.
Node makerOf(const Node &let)
{
    Node value = let.field("value");
    for (;;) {
        if (value.isAny({"unsafe_block", "parenthesized_expression", "type_cast_expression", "block"}))
            value = value.is("type_cast_expression") ? value.field("value") : value.firstNamedChild();
        else if (value.is("macro_invocation") && mentions(rust::macroName(value), {"try"})) {
            const auto calls = rust::callsIn(value);
            value = calls.empty() ? Node() : calls.front().node;
        } else {
            break;
        }
    }
    return isForeignCall(rust::toCall(value)) ? value : Node();
}

/// By its name the call gives an object away; of others only a later destruction tells.
bool givesAway(const Call &call)
{
    return hasWord(call.name, {"new", "create", "alloc", "init", "dup", "copy", "poll", "recv", "receive",
                               "acquire", "parse", "compile", "list", "clone", "consume", "fetch"});
}

/// What a function does with a pointer that it got from foreign code.
struct Life {
    std::vector<Node> destroyed;
    std::vector<Node> handedOn; ///< put into a struct, wrapped, returned: from there on others look after it
    bool unclear = false;       ///< something else may own it
};

bool isHandOver(const Node &use)
{
    const Node parent = use.parent();
    if (parent.isAny({"field_initializer", "shorthand_field_initializer", "return_expression",
                      "tuple_expression", "array_expression"}))
        return true;
    if (parent.is("block"))
        return !use.nextNamedSibling();
    if (!parent.is("arguments"))
        return false;
    const Call call = rust::toCall(parent.parent());
    if (call.isMethod())
        return isOneOf(call.name, {"push", "insert", "store", "set", "swap", "replace"});
    const std::string head = call.path.substr(0, call.path.find("::"));
    return !head.empty() && head.front() >= 'A' && head.front() <= 'Z' &&
           !isOneOf(head, {"CStr", "Error", "String"});
}

Life lifeOf(const Node &let, std::string_view name)
{
    Life life;
    const Node body = rust::bodyOf(let);
    for (const Node node : body.descendants()) {
        if (node.index() <= let.index() || node.isInside(let) || node.text() != name ||
            !node.isAny({"identifier", "shorthand_field_identifier"}) ||
            (rust::isNoRead(node) && !node.parent().is("shorthand_field_initializer")))
            continue;
        Node use = node;
        while (use.parent().isAny({"type_cast_expression", "parenthesized_expression"}))
            use = use.parent();
        const Call call = use.parent().is("arguments") ? rust::toCall(use.parent().parent()) : Call();
        const Node parent = use.parent();
        if (rust::bodyOf(node) != body)
            life.unclear = true;
        else if (call && !call.isMethod() && destroys(call))
            life.destroyed.push_back(call.node);
        else if (isHandOver(use))
            life.handedOn.push_back(use);
        else if (parent.isAny({"let_declaration", "reference_expression"}) ||
                 (parent.is("assignment_expression") && use.fieldName() == "right"))
            life.unclear = true;
        else if (call && isForeignCall(call) &&
                 !hasWord(call.name,
                          {"set", "get", "add", "put", "is", "len", "count", "name", "err", "status", "seek",
                           "valid", "errstr", "error", "next", "topic", "key", "value"}))
            life.unclear = life.unclear || life.destroyed.empty();
    }
    return life;
}

bool namesAny(const Node &node, const std::vector<std::string> &names)
{
    return anyIn(node, [&](const Node &at) {
        return at.is("identifier") && std::find(names.begin(), names.end(), at.text()) != names.end();
    });
}

/// The exit is taken when nothing was made: its condition asks for null, or for what the call reported.
bool meansNothingMade(const Node &exit, std::string_view pointer, const std::vector<std::string> &reports)
{
    for (Node around = exit.parent(); around && !around.is("function_item"); around = around.parent()) {
        const Node condition = around.is("if_expression")      ? around.field("condition")
                               : around.is("match_expression") ? around.field("value")
                                                               : Node();
        if (!condition)
            continue;
        if (condition.text().find(std::string(pointer) + ".is_null()") != std::string_view::npos ||
            namesAny(condition, reports))
            return true;
    }
    return false;
}

bool isExit(const Node &node)
{
    if (node.is("macro_invocation"))
        return mentions(rust::macroName(node), {"try", "bail", "ensure"}) &&
               rust::macroName(node) != "try_join";
    return node.isAny({"return_expression", "try_expression"});
}

/// What the maker writes to besides: `&mut err`.
std::vector<std::string> reportsOf(const Node &maker)
{
    std::vector<std::string> names;
    for (const Node &argument : rust::toCall(maker).arguments) {
        for (const Node &reference : argument.is("reference_expression")
                                         ? std::vector<Node>{argument}
                                         : argument.descendants("reference_expression"))
            names.push_back(rust::placeText(reference.field("value")));
        if (argument.is("call_expression"))
            names.push_back(rust::placeText(rust::toCall(argument).receiver));
    }
    std::erase_if(names, [](const std::string &name) { return name.empty(); });
    return names;
}

/// The first way out of the body on which the pointer is lost.
Node leakOf(const Node &let, const Node &maker, std::string_view name, const Life &life)
{
    const Node body = rust::bodyOf(let);
    const std::vector<std::string> reports = reportsOf(maker);
    const std::vector<Node> &ends = life.destroyed.empty() ? life.handedOn : life.destroyed;
    for (const Node exit : body.descendants()) {
        if (exit.index() <= let.index() || exit.isInside(let) || !isExit(exit) ||
            rust::bodyOf(exit) != body || !rust::canReach(let, exit))
            continue;
        const auto isBefore = [&](const Node &end) {
            return end.index() < exit.index() && (rust::canReach(end, exit) || end.isInside(exit));
        };
        const auto isWithin = [&](const Node &end) { return end.isInside(exit); };
        const auto isAfter = [&](const Node &end) {
            return end.index() > exit.index() && !end.isInside(exit);
        };
        if (std::any_of(life.handedOn.begin(), life.handedOn.end(), isBefore) ||
            std::any_of(life.handedOn.begin(), life.handedOn.end(), isWithin) ||
            std::any_of(life.destroyed.begin(), life.destroyed.end(), isBefore) ||
            std::any_of(life.destroyed.begin(), life.destroyed.end(), isWithin))
            continue;
        if (std::any_of(ends.begin(), ends.end(), isAfter) && !meansNothingMade(exit, name, reports))
            return exit;
    }
    return {};
}

void checkLet(const Node &let, const RuleInput &input, Reporter &reporter)
{
    Node pattern = let.field("pattern");
    if (pattern.is("mut_pattern"))
        pattern = pattern.firstNamedChild();
    const Node maker = pattern.is("identifier") ? makerOf(let) : Node();
    if (!maker || input.file.isTest(let))
        return;
    const std::string_view name = pattern.text();
    const Life life = lifeOf(let, name);
    if (life.unclear ||
        (life.destroyed.empty() && (life.handedOn.empty() || !givesAway(rust::toCall(maker)))))
        return;
    const Node exit = leakOf(let, maker, name, life);
    if (!exit)
        return;
    const std::string made = quoted(rust::toCall(maker).name, 34);
    const Node end = life.destroyed.empty() ? life.handedOn.back() : life.destroyed.back();
    Draft draft;
    draft.at = exit;
    draft.title = fittingTitle({"`" + std::string(name) + "` from " + made + " leaks on this way out",
                                "`" + std::string(name) + "` leaks on this way out"});
    draft.steps = {
        {"thread", "gets a native object from " + made, maker},
        {"thread", "leaves the function without giving it back", exit},
        {"thread",
         life.destroyed.empty() ? "only here would it be handed on" : "only here would it be destroyed",
         end}};
    draft.outcome = "Each such return loses the object for ever; under steady errors memory grows until the "
                    "process is killed.";
    draft.evidence = {maker, end};
    draft.facts = {"resolved: nothing between the two destroys `" + std::string(name) + "` or hands it on"};
    if (life.destroyed.empty()) {
        draft.confidence = 0.85;
        draft.facts.push_back("assumed: the caller of " + made + " owns what it returns");
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_native_object_leak(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("ffi::") && !tree.contains("sys::") && !tree.contains("bindings::"))
        return;
    for (const Node &let : input.file.root().descendants("let_declaration"))
        checkLet(let, input, reporter);
}

} // namespace review::rules
