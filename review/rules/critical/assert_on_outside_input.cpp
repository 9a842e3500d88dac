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

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The value was made of bytes or text that the function decodes.
bool dependsOnInput(const Node &node, const std::vector<Node> &inputs)
{
    return dependsOn(node, [&](const Node &at) {
        return at.is("identifier") &&
               std::find(inputs.begin(), inputs.end(), rust::bindingOf(at)) != inputs.end();
    });
}

/// The `match` on a decoded value in whose arm the macro stands, or the `if` that asks about one.
Node branchOn(const Node &macro, const std::vector<Node> &inputs)
{
    for (Node node = macro; node && !node.is("function_item"); node = node.parent()) {
        if (node.is("closure_expression"))
            return {};
        if (node.is("match_arm") && !node.field("pattern").text().starts_with("None")) {
            const Node match = node.parent().parent();
            return dependsOnInput(match.field("value"), inputs) ? match : Node();
        }
        if (node.is("if_expression") && !macro.isInside(node.field("condition")))
            return dependsOnInput(node.field("condition"), inputs) ? node : Node();
    }
    return {};
}

/// The first argument: what is asserted.
Node conditionOf(const Node &macro)
{
    for (const Node &child : macro.namedChildren()) {
        if (child.is("macro_arguments"))
            return child.firstNamedChild();
    }
    return {};
}

Draft makeDraft(const Node &macro, const Node &branch, const rust::Function &function)
{
    const std::string name(rust::macroName(macro));
    const std::string code = quoted(macro.text(), 30);
    Draft draft;
    draft.at = macro;
    draft.title =
        fittingTitle({"`" + name + "!` in " + quoted(function.name, 20) + " panics on what it decodes",
                      "`" + name + "!` panics on what is decoded"});
    draft.steps = {{"peer", "sends a value that the format does not have", branch},
                   {"decoder", "panics at " + code, macro}};
    draft.outcome = "A malformed message or file is no error but the end of the thread or task.";
    draft.evidence = {branch};
    draft.facts = {"resolved: " +
                   quoted(branch.is("match_expression") ? branch.field("value").text() : branch.text(), 40) +
                   " depends on what " + quoted(function.name, 26) + " is given"};
    draft.confidence = function.returnsResult() ? 1 : 0.75;
    return draft;
}

} // namespace

void check_assert_on_outside_input(const RuleInput &input, Reporter &reporter)
{
    if (isTool(input.file))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (!function.body || function.isTest || function.traitName.ends_with("Read") || !isDecoder(function))
            continue;
        const std::vector<Node> inputs = inputsOf(function);
        for (const Node node : function.body.descendants()) {
            const std::string_view name = rust::macroName(node);
            if (isOneOf(name, {"assert", "assert_eq", "assert_ne"})) {
                const Node condition = conditionOf(node);
                if (condition && !isConstant(condition) && dependsOnInput(condition, inputs))
                    reporter.report(makeDraft(node, condition, function));
            } else if (isOneOf(name, {"panic", "unreachable", "todo", "unimplemented"})) {
                if (const Node branch = branchOn(node, inputs))
                    reporter.report(makeDraft(node, branch, function));
            }
        }
    }
}

} // namespace review::rules
