// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/durability.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isLogLine(const Node &node)
{
    return node.is("macro_invocation") &&
           isOneOf(rust::macroName(node),
                   {"trace", "debug", "info", "warn", "error", "println", "eprintln", "crit", "slog_error",
                    "slog_warn", "event", "log", "error_unless_shutdown", "warn_unless_shutdown"});
}

/// Nothing in the handler tells anybody but the log or a counter.
bool onlyLogs(const Node &handler)
{
    if (!handler || rust::diverges(handler))
        return false;
    const auto acts = [](const Node &node) {
        if (node.isAny({"try_expression", "return_expression", "break_expression", "assignment_expression",
                        "compound_assignment_expr"}))
            return true;
        if (node.is("macro_invocation"))
            return !isLogLine(node);
        const Call call = rust::toCall(node);
        if (!call)
            return false;
        for (Node around = node.parent(); around && around != node; around = around.parent()) {
            if (isLogLine(around))
                return false;
        }
        return !isOneOf(call.name, {"inc", "inc_by", "with_label_values", "to_string", "display", "observe",
                                    "sleep", "from_millis", "from_secs", "increment", "counter"});
    };
    return !anyIn(handler, acts);
}

bool bindsError(const Node &pattern)
{
    return pattern.text().starts_with("Err(") || pattern.text() == "Err(_)";
}

/// The code that runs when the call fails and goes on as if it had not; null if there is none.
Node survivor(const Call &call)
{
    Node value = call.node;
    while (value.parent().isAny({"await_expression", "parenthesized_expression"}))
        value = value.parent();
    const Node parent = value.parent();
    if (parent.is("let_condition") && bindsError(parent.field("pattern"))) {
        const Node branch = parent.parent();
        return branch.is("if_expression") && onlyLogs(branch.field("consequence")) ? branch : Node();
    }
    if (parent.is("match_expression") && parent.field("value") == value) {
        const Node statement = rust::statementOf(parent);
        // The value of the match may still tell of the failure.
        if (!statement.is("expression_statement") || statement.firstNamedChild() != parent)
            return {};
        for (const Node &arm : parent.field("body").namedChildren()) {
            const Node pattern = arm.field("pattern");
            if (pattern && bindsError(pattern) && !pattern.text().starts_with("Err(ref e) if") &&
                onlyLogs(arm.field("value")))
                return arm;
        }
        return {};
    }
    const Call outer = rust::toCall(parent.parent());
    if (outer.isMethod() && outer.receiver == value) {
        if (outer.name == "unwrap_or_else" && !outer.arguments.empty() &&
            onlyLogs(outer.arguments[0].field("body")))
            return outer.node;
        const Call last = rust::toCall(outer.node.parent().parent());
        if (isOneOf(outer.name, {"map_err", "inspect_err"}) && last.isMethod() && last.name == "ok" &&
            rust::statementOf(last.node).is("expression_statement"))
            return outer.node;
        if (outer.name == "is_err" && outer.node.parent().is("if_expression") &&
            onlyLogs(outer.node.parent().field("consequence")))
            return outer.node.parent();
    }
    return {};
}

} // namespace

void check_sync_failure_survived(const RuleInput &input, Reporter &reporter)
{
    for (const Call &call :
         callsNamed({"sync_all", "sync_data", "fsync", "fdatasync", "flush_wal", "sync_wal", "sync_dir"},
                    input.file)) {
        const Node handler = survivor(call);
        const rust::Function *function = input.file.functionAt(call.node);
        if (!handler || !function || function->traitName == "Drop" ||
            mentions(function->name, {"drop", "close", "shutdown", "cleanup", "clean_up"}) ||
            saysBestEffort(rust::statementOf(call.node)))
            continue;
        const std::string name = quoted(call.name, 24);
        const Node loop = rust::loopAround(handler);
        const bool retries = loop && loop.text().find("sleep") != std::string_view::npos;
        Draft draft;
        draft.at = call.node;
        draft.title = retries ? "A failed " + name + " is tried again as if that made up for it"
                              : "A failed " + name + " is logged and then taken for a success";
        draft.steps = {{"writer", "calls " + name + ", which fails", call.node},
                       {"kernel", "drops the dirty pages and marks them clean", call.node},
                       {"writer", "writes a log line and goes on; the caller sees success", handler}};
        // Where nobody is told of success, the sync may be one of many.
        if (!function->returnsResult() || rust::bodyOf(call.node) != function->body)
            draft.confidence = 0.8;
        draft.outcome =
            "What was written before the failed sync is lost after a restart, although it was acknowledged.";
        draft.facts = {"resolved: the branch for the error neither returns, stops, nor keeps the error",
                       "resolved: the call is in `" + function->path() +
                           "`, which is not part of closing or dropping"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
