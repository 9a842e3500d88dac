// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isLogMacro(const Node &node)
{
    return isOneOf(rust::macroName(node),
                   {"error", "warn", "info", "debug", "trace", "eprintln", "println", "log"});
}

/// The statements of a block or the expression itself, all of which only write a log line; at least one.
bool onlyLogs(const Node &body)
{
    std::vector<Node> statements = body.is("block") ? body.namedChildren() : std::vector<Node>{body};
    for (Node &statement : statements) {
        if (statement.is("expression_statement"))
            statement = statement.firstNamedChild();
        if (!isLogMacro(statement))
            return false;
    }
    return !statements.empty() && !mentions(body.text(), {"non fatal", "non-fatal", "ignor", "best effort",
                                                          "best-effort", "not critical", "will retry"});
}

/// What was tried, and the branch for its error.
struct Swallowed {
    Node tried, branch;
};

/// `if let Err(e) = f() { warn!(…) }` without an else, and `match f() { … Err(e) => warn!(…) }`.
Swallowed swallowedAt(const Node &node)
{
    if (node.is("if_expression")) {
        const Node condition = node.field("condition");
        if (condition.is("let_condition") && condition.field("pattern").text().starts_with("Err(") &&
            !node.field("alternative") && onlyLogs(node.field("consequence")))
            return {condition.field("value"), node.field("consequence")};
    }
    return {};
}

/// The call tells of something that has to be on disk, at a peer or in the state machine when the function
/// says that all went well.
bool isMeant(const Call &call)
{
    return mentions(call.name,
                    {"write",     "persist", "save",     "store",   "commit",  "append", "apply",
                     "replicate", "flush",   "sync",     "put",     "insert",  "update", "install",
                     "truncate",  "publish", "register", "migrate", "restore", "create", "upload"}) &&
           !mentions(call.name, {"log", "metric", "notify", "stat", "cache", "report", "temp", "tmp", "clean",
                                 "gc_", "writeable"});
}

/// The function goes on to its end and says Ok there.
Node successAfter(const Node &node, const rust::Function &function)
{
    const std::vector<Node> statements = function.body.namedChildren();
    if (statements.empty())
        return {};
    const Node last = statements.back();
    const Call call = rust::toCall(last);
    return call.path == "Ok" && last.index() > node.index() && rust::canReach(node, last) ? last : Node();
}

/// A loop goes on with the next one by intent; only what stands straight in the function is told.
bool isStraight(const Node &node, const rust::Function &function)
{
    return rust::bodyOf(node) == function.body && !rust::loopAround(node);
}

Draft makeDraft(const Swallowed &swallowed, const Call &call, const Node &success,
                const rust::Function &function)
{
    const std::string what = quoted(call.name, 26), name = quoted(function.name, 24);
    Draft draft;
    draft.at = swallowed.branch;
    draft.title = fittingTitle(
        {name + " says Ok although " + what + " failed", "An error is logged, and Ok is returned"});
    draft.steps = {{"storage or peer", what + " fails", swallowed.tried},
                   {"code", "writes a log line and goes on", swallowed.branch},
                   {"caller", "is told that all went well", success}};
    draft.outcome =
        "The caller goes on as if it were done: it acknowledges, forgets the source, or does not try again.";
    draft.evidence = {swallowed.tried, success};
    draft.facts = {"resolved: the branch for the error only writes a log line",
                   "resolved: " + name + " returns " + quoted(function.returnType.text(), 40),
                   "assumed: the caller needs to know"};
    return draft;
}

} // namespace

void check_error_only_logged(const RuleInput &input, Reporter &reporter)
{
    if (isTool(input.file))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (!function.body || !function.returnsResult() || function.isTest ||
            mentions(function.name, {"clean", "shutdown", "close", "stop", "drop", "abort", "rollback"}))
            continue;
        for (const Node node : function.body.descendants()) {
            const Swallowed swallowed = swallowedAt(node);
            const Call call = rust::toCall(rust::stripAdapters(swallowed.tried));
            if (!call || !isMeant(call) || !isStraight(node, function))
                continue;
            if (const Node success = successAfter(node, function))
                reporter.report(makeDraft(swallowed, call, success, function));
        }
    }
}

} // namespace review::rules
