// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool movesAll(const Call &call)
{
    const bool removes = call.name == "remove" && call.arguments.size() == 1;
    const bool inserts = call.name == "insert" && call.arguments.size() == 2;
    return call.isMethod() && (removes || inserts) && call.arguments.front().text() == "0";
}

/// `vec![a, b, c]` and arrays of literals: nothing grows.
bool isSmallConstant(const Node &receiver)
{
    const Node value = rust::initialiserOf(receiver);
    return value.is("macro_invocation") && rust::macroName(value) == "vec" &&
           value.text().find(';') == std::string_view::npos &&
           value.text().find(',') != std::string_view::npos;
}

/// The loop is left right after, so that it happens once.
bool leavesLoop(const Call &call, const Node &loop)
{
    for (Node at = call.node; at && at != loop; at = at.parent()) {
        if (at.isAny({"return_expression", "break_expression"}))
            return true;
        if (!at.parent().is("block"))
            continue;
        for (Node next = at.nextNamedSibling(); next; next = next.nextNamedSibling()) {
            if (next.isAny({"return_expression", "break_expression"}) ||
                (next.is("expression_statement") &&
                 next.firstNamedChild().isAny({"return_expression", "break_expression"})))
                return true;
        }
    }
    return false;
}

/// `if list.len() == 2 { break; }`: the loop ends while the vector is short.
bool staysShort(const Call &call, const Node &loop)
{
    const std::string length = compact(call.receiver.text()) + ".len()";
    for (const Node &node : loop.descendants()) {
        if (!node.is("if_expression") || !rust::diverges(node.field("consequence")))
            continue;
        const Node condition = node.field("condition");
        if (compact(condition.text()).starts_with(length) &&
            !condition.descendants("integer_literal").empty())
            return true;
    }
    return false;
}

} // namespace

void check_vec_remove_front(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("remove(0") && !tree.contains("insert(0"))
        return;
    for (const Call &call : rust::callsIn(input.file.root())) {
        if (!movesAll(call))
            continue;
        const Node loop = rust::loopAround(call.node);
        if (!loop || leavesLoop(call, loop) || staysShort(call, loop) || isSmallConstant(call.receiver))
            continue;
        if (rust::toCall(rust::stripAdapters(call.receiver)))
            continue; // a vector that was made just now does not grow from round to round
        const rust::Type type = input.model.infer(call.receiver, input.file);
        if (type.assumed || type.peeled().name() != "Vec")
            continue;
        const std::string place = quoted(call.receiver.text(), 24);
        const bool removes = call.name == "remove";
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({std::string(removes ? "Taking" : "Adding") + " the first element of " +
                                        place + " in a loop moves all others",
                                    "Each round moves all elements of the vector by one place"});
        draft.steps = {{"loop",
                        std::string(removes ? "takes" : "adds") + " the first element; all others of " +
                            place + " move by one place",
                        call.node},
                       {"loop", "does so again for each element", loop}};
        draft.outcome = "The work grows with the square of the number of elements.";
        draft.facts = {"resolved: " + place +
                       " is a `Vec`, which keeps its elements in one block from the front"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
