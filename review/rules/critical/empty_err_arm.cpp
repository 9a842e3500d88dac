// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// Nothing is in it, not even a comment that says why.
bool isEmpty(const Node &body)
{
    const std::string text = compact(body.text());
    return text == "{}" || text == "()";
}

/// The call changes something that outlives the function; what only looks, tries or tells is left out.
bool changesSomething(const Call &call)
{
    return mentions(call.name, {"write", "persist", "save", "store", "commit", "append", "apply", "flush",
                                "sync", "install", "truncate", "upload", "replicate", "rollback", "migrate",
                                "update", "insert", "delete", "put"}) &&
           !mentions(call.name, {"try_", "log", "metric", "notify", "cache", "cleanup", "output"});
}

/// The other arm leaves with what came of it: what stands after the `match` is the way of a failure.
bool fallsThroughToFailure(const Node &arm)
{
    const Node body = arm.is("match_arm") ? arm.parent() : Node();
    for (const Node &other : body ? body.namedChildren() : std::vector<Node>()) {
        if (other != arm && other.field("pattern").text().starts_with("Ok(") &&
            !other.field("value").descendants("return_expression").empty())
            return true;
    }
    return false;
}

Draft makeDraft(const Node &arm, const Call &call)
{
    const std::string what = quoted(call.name, 30);
    Draft draft;
    draft.at = arm;
    draft.title = fittingTitle({"A failed " + what + " goes unnoticed", "An error goes unnoticed"});
    draft.steps = {{"storage or peer", what + " fails", call.node},
                   {"code", "matches the error, does nothing, and goes on", arm}};
    draft.outcome = "What was to be changed is not, nobody is told, and no log line says when it began.";
    draft.evidence = {call.node};
    draft.facts = {"resolved: the branch for every error of " + what + " is empty",
                   "assumed: " + what + " matters to somebody"};
    return draft;
}

} // namespace

void check_empty_err_arm(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("Err("))
        return;
    for (const std::string_view kind : {"match_arm", "if_expression"}) {
        for (const Node &node : input.file.root().descendants(kind)) {
            Node tried;
            if (node.is("match_arm") &&
                isOneOf(compact(node.field("pattern").text()), {"Err(_)", "Err(..)", "Err(_e)"}) &&
                isEmpty(node.field("value")))
                tried = node.parent().parent().field("value");
            else if (node.is("if_expression") && node.field("condition").is("let_condition") &&
                     compact(node.field("condition").field("pattern").text()) == "Err(_)" &&
                     !node.field("alternative") && isEmpty(node.field("consequence")))
                tried = node.field("condition").field("value");
            const Call call = rust::toCall(rust::stripAdapters(tried));
            if (call && changesSomething(call) && !isTestOrTool(node, input.file) &&
                !fallsThroughToFailure(node))
                reporter.report(makeDraft(node, call));
        }
    }
}

} // namespace review::rules
