// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The code is a shared reference: `&x`, `self` of `&self`, or of a type `&T`.
bool isSharedReference(const Node &node, const RuleInput &input)
{
    if (node.is("reference_expression"))
        return !node.firstNamedChild().is("mutable_specifier") && node.text().find("&raw") != 0;
    if (node.is("self")) {
        const rust::Function *function = input.file.functionAt(node);
        if (!function || function->parameters.empty())
            return false;
        const std::string self = compact(function->parameters.front().pattern.text());
        return self.starts_with('&') && self.find("mut") == std::string::npos;
    }
    return node.is("identifier") && input.model.infer(node, input.file).path == "&";
}

/// The shared reference under `x as *const T as *mut T`, `(x as *const T).cast_mut()`; null if the code is
/// no such chain to a `*mut`.
Node sharedUnder(Node pointer, const RuleInput &input)
{
    bool toMut = false;
    for (int depth = 0; depth < 6; ++depth) {
        if (pointer.is("parenthesized_expression")) {
            pointer = pointer.firstNamedChild();
            continue;
        }
        if (pointer.is("type_cast_expression")) {
            const std::string type = compact(pointer.field("type").text());
            if (!type.starts_with('*'))
                return {};
            toMut = toMut || type.starts_with("*mut");
            pointer = pointer.field("value");
            continue;
        }
        const Call call = rust::toCall(pointer);
        if (call.isMethod() && isOneOf(call.name, {"cast_mut", "cast"})) {
            toMut = toMut || call.name == "cast_mut";
            pointer = call.receiver;
            continue;
        }
        break;
    }
    return toMut && isSharedReference(pointer, input) ? pointer : Node();
}

/// `transmute::<&T, &mut T>(x)`.
bool transmutesToMut(const Call &call, const RuleInput &input)
{
    if (!callsStd(call, "mem::transmute", input.file))
        return false;
    const Node arguments = call.node.field("function").field("type_arguments");
    const std::vector<Node> types = arguments.namedChildren();
    if (types.size() != 2)
        return false;
    const auto isMut = [](const Node &type) {
        return type.is("reference_type") && compact(type.text()).find("mut") != std::string::npos &&
               type.text().substr(0, type.text().find(' ') + 5).find("mut") != std::string_view::npos;
    };
    return types[0].is("reference_type") && !isMut(types[0]) && isMut(types[1]);
}

void report(const Node &at, const Node &from, Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({quoted(from.text(), 24) + " is shared, and is written through a cast",
                                "A shared reference is turned into a mutable one"});
    draft.steps = {{"caller", "holds another shared reference to the same value", from},
                   {"thread", "changes the value through the cast pointer", at}};
    draft.outcome =
        "The compiler takes the value as unchanged and keeps old copies of it; with two threads it "
        "is a data race.";
    draft.evidence = {from};
    draft.facts = {"resolved: " + quoted(from.text(), 40) + " is a shared reference"};
    reporter.report(std::move(draft));
}

} // namespace

void check_shared_ref_to_mut(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("*mut") && !tree.contains("transmute") && !tree.contains("cast_mut"))
        return;
    for (const Node node : input.file.root().descendants()) {
        if (node.is("unary_expression") && node.text().starts_with('*')) {
            const Node parent = node.parent();
            const bool written =
                (parent.is("reference_expression") && parent.firstNamedChild().is("mutable_specifier")) ||
                (parent.isAny({"assignment_expression", "compound_assignment_expr"}) &&
                 node.fieldName() == "left") ||
                (parent.is("parenthesized_expression") && parent.parent().is("field_expression") &&
                 parent.parent().fieldName() == "left");
            const Node shared =
                written && !input.file.isTest(node) ? sharedUnder(node.firstNamedChild(), input) : Node();
            if (shared)
                report(node, shared, reporter);
            continue;
        }
        const Call call = rust::toCall(node);
        if (call.name == "transmute" && transmutesToMut(call, input) && call.arguments.size() == 1 &&
            !input.file.isTest(node))
            report(node, call.arguments.front(), reporter);
    }
}

} // namespace review::rules
