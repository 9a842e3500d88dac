// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Node;

/// The branch for an error around the node, in its function; null if none.
Node errorBranch(const Node &macro)
{
    for (Node node = macro; node && !node.is("function_item"); node = node.parent()) {
        if (node.is("match_arm") && node.field("pattern").text().starts_with("Err"))
            return node;
        if (node.is("if_expression") && node.field("condition").text().starts_with("let Err"))
            return macro.isInside(node.field("consequence")) ? node : Node();
        if (node.is("closure_expression")) {
            const rust::Call outer = rust::toCall(node.parent().parent());
            // Without a parameter it is an Option's, and no error is at hand.
            const bool takesError = compact(node.field("parameters").text()) != "||";
            return takesError && isOneOf(outer.name, {"map_err", "or_else", "unwrap_or_else"}) ? outer.node
                                                                                               : Node();
        }
    }
    return {};
}

Draft makeDraft(const Node &macro, const Node &branch)
{
    const std::string name = "`" + std::string(rust::macroName(macro)) + "!`";
    Draft draft;
    draft.at = macro;
    draft.title = "The branch for an error is " + name;
    draft.steps = {{"a callee", "returns an error for the first time, in production", branch},
                   {"code", "panics at " + name + " instead of dealing with it", macro}};
    draft.outcome = "The failure that the branch is there for takes down the task.";
    draft.evidence = {branch};
    draft.facts = {"resolved: " + name + " stands in the branch for an error"};
    return draft;
}

} // namespace

void check_todo_in_error_path(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("todo!") && !tree.contains("unimplemented!"))
        return;
    for (const Node &node : input.file.root().descendants("macro_invocation")) {
        if (!isOneOf(rust::macroName(node), {"todo", "unimplemented"}) || isTestOrTool(node, input.file))
            continue;
        if (const Node branch = errorBranch(node))
            reporter.report(makeDraft(node, branch));
    }
}

} // namespace review::rules
