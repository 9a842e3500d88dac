// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The call leads back into the function: `self.parse_value()`, `Self::decode(buf)`, `decode_value(buf)`.
bool callsItself(const Call &call, const rust::Function &function)
{
    if (call.name != function.name)
        return false;
    if (call.isMethod())
        return call.receiver.text() == "self" && !function.selfType.empty();
    if (function.selfType.empty())
        return call.path == function.name;
    return call.path == "Self::" + function.name || call.path == function.selfType + "::" + function.name;
}

/// Something counts: a parameter, a field or a check that speaks of depth.
bool countsDepth(const rust::Function &function)
{
    return mentions(function.node.text(),
                    {"depth", "level", "recursion", "nest", "remaining_stack", "limit", "stacker", "stack",
                     "budget", "min_bp", "binding_power", "precedence", "min_prec"});
}

/// Recursion ends after one step: it calls itself with something made of constants, or once for a wrapper.
bool takesInput(const Call &call, const rust::Function &function)
{
    const std::vector<Node> inputs = inputsOf(function);
    for (const Node &argument : call.arguments) {
        if (comesFromInput(argument, inputs))
            return true;
    }
    return false;
}

/// `self.state = Body; self.decode(src)`: the same call once more for the next state, of which there are few.
bool isNextState(const Call &call, const rust::Function &function)
{
    const Node block = rust::blockOf(call.node);
    const bool same = std::all_of(call.arguments.begin(), call.arguments.end(), [&](const Node &argument) {
        return argument.is("identifier") && rust::bindingOf(argument).is("parameter") &&
               rust::bindingOf(argument).isInside(function.node);
    });
    return same && call.isMethod() && anyIn(block, [&](const Node &node) {
               return node.is("assignment_expression") && node.index() < call.node.index() &&
                      node.field("left").text().starts_with("self.");
           });
}

/// The bytes hold the nested value itself: a frame in a frame, an element of a list, a key in brackets.
bool isInBranch(const Call &call, const rust::Function &function)
{
    const Node branch =
        call.node.ancestor({"match_arm", "for_expression", "while_expression", "loop_expression"});
    return branch && branch.isInside(function.body);
}

Draft makeDraft(const Call &call, const rust::Function &function)
{
    const std::string name = quoted(function.name, 26);
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle(
        {name + " nests as deep as its input says", "A decoder nests as deep as its input says"});
    draft.steps = {{"peer", "sends a value in a value in a value, some bytes for each level", function.node},
                   {"decoder", "calls " + name + " once for each level", call.node}};
    draft.outcome = "The stack overflows. That is no panic which could be caught: the whole process aborts.";
    draft.evidence = {function.node};
    draft.facts = {"resolved: " + name + " calls itself on what it decodes",
                   "resolved: nothing in it counts the levels"};
    return draft;
}

} // namespace

void check_recursion_on_input(const RuleInput &input, Reporter &reporter)
{
    if (isTool(input.file))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (!function.body || function.isTest || !isDecoder(function) || countsDepth(function))
            continue;
        for (const Call &call : rust::callsIn(function.body)) {
            if (callsItself(call, function) && takesInput(call, function) && isInBranch(call, function) &&
                !isNextState(call, function)) {
                reporter.report(makeDraft(call, function));
                break;
            }
        }
    }
}

} // namespace review::rules
