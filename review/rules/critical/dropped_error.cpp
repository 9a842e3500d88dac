// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>

namespace review::rules {

namespace {

/// `?` stands in the chain of the call.
bool isPassedOn(const rust::Call &call)
{
    for (rust::Node node = rust::withAdapters(call.node); node && node != call.node;
         node = node.firstNamedChild()) {
        if (node.is("try_expression"))
            return true;
    }
    return false;
}

/// A block or arm that passes an error on, ends the work, or keeps the error.
bool answersFor(const rust::Node &body)
{
    if (!body.descendants("try_expression").empty() || !body.descendants("return_expression").empty() ||
        !body.descendants("break_expression").empty() ||
        body.isAny({"return_expression", "break_expression"}))
        return true;
    for (const rust::Call &call : rust::callsIn(body)) {
        if (isOneOf(call.name,
                    {"Err", "push", "push_back", "send", "insert", "retry", "exit", "set_error"}) ||
            call.name.starts_with("exit_") || call.name.starts_with("handle_"))
            return true;
    }
    for (const rust::Node &macro : body.descendants("macro_invocation")) {
        if (isOneOf(rust::macroName(macro), {"bail", "panic", "unreachable", "yield_"}))
            return true;
    }
    return false;
}

/// The chain of the call panics on an error, which loses none.
bool isUnwrapped(const rust::Call &call)
{
    for (rust::Node node = rust::withAdapters(call.node); node && node != call.node;
         node = node.firstNamedChild()) {
        if (isOneOf(rust::toCall(node).name, {"unwrap", "expect"}))
            return true;
    }
    return false;
}

/// After the change the function that is called has no error to tell of.
bool cannotFail(const rust::Call &call, const RuleInput &input)
{
    const rust::Node function = call.node.field("function");
    const rust::Node closure = function.is("identifier") ? rust::initialiserOf(function) : rust::Node();
    if (closure.is("closure_expression"))
        return closure.text().find("Err(") == std::string_view::npos &&
               closure.descendants("try_expression").empty();
    const auto callees = input.model.callees(call.node, input.file);
    return !callees.empty() && std::none_of(callees.begin(), callees.end(),
                                            [](const auto *callee) { return callee->returnsResult(); });
}

/// How the head gets rid of the error; empty where it keeps it.
std::string loss(const rust::Call &call)
{
    const rust::Node whole = rust::withAdapters(call.node);
    if (isUnwrapped(call))
        return {};
    const rust::Node parent = whole.parent();
    const rust::Call outer = rust::toCall(parent.is("field_expression") ? parent.parent() : rust::Node());
    if (isOneOf(outer.name, {"ok", "unwrap_or_default", "unwrap_or", "unwrap_or_else", "is_ok", "is_err"}) &&
        !parent.parent().parent().isAny({"field_expression", "try_expression"}))
        return "`." + std::string(outer.name) + "()` throws it away";
    if (parent.is("let_declaration")) {
        if (parent.field("pattern").text() == "_")
            return "`let _ =` throws it away";
        if (parent.field("alternative") && parent.field("pattern").text().starts_with("Ok"))
            return "`else` says nothing of its cause";
    }
    if (parent.is("expression_statement"))
        return "the statement throws it away";
    if (parent.is("let_condition") && parent.field("pattern").text().starts_with("Err")) {
        const rust::Node branch = parent.ancestor({"if_expression"}).field("consequence");
        if (branch && !answersFor(branch))
            return "the branch goes on";
    }
    if (parent.is("match_expression")) {
        for (const rust::Node &arm : parent.descendants("match_arm")) {
            if (arm.parent().parent() == parent && arm.field("pattern").text().starts_with("Err") &&
                !answersFor(arm.field("value")))
                return "the arm goes on";
        }
    }
    return {};
}

void report(const rust::Node &at, const rust::Node &before, const std::string &what, const std::string &how,
            Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title =
        fittingTitle({"An error of " + what + " is no longer passed on: " + how,
                      "An error of " + what + " is no longer passed on", "An error is no longer passed on"});
    draft.steps = {{"before this change", "ends with the error of the call", before},
                   {"now", "goes on: " + how, at}};
    draft.outcome = "The caller takes the work for done, and answers or acknowledges what has failed.";
    draft.evidence = {before};
    draft.facts = {"resolved: the error was passed on before the change and is not after it",
                   "assumed: the caller still relies on it"};
    reporter.report(std::move(draft));
}

/// `Err(…) =>` of a `for` or `match` over the same thing: it returned, and now goes on.
void reportArms(const RewrittenFunction &function, Reporter &reporter)
{
    const auto arms = [](const rust::Function &side) {
        std::vector<rust::Node> found;
        for (const rust::Node &arm : side.body.descendants("match_arm")) {
            if (arm.field("pattern").text().starts_with("Err") &&
                !rust::toCall(rust::stripAdapters(arm.parent().parent().field("value"))))
                found.push_back(arm);
        }
        return found;
    };
    const auto subject = [](const rust::Node &arm) {
        return compact(arm.parent().parent().field("value").text());
    };
    const auto before = arms(*function.base);
    const auto after = arms(*function.head);
    if (before.size() != after.size())
        return;
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (subject(before[i]) == subject(after[i]) && answersFor(before[i].field("value")) &&
            !answersFor(after[i].field("value")))
            report(after[i], before[i], quoted(subject(after[i])), "the arm goes on", reporter);
    }
}

/// The `map_err(|_| …)` in the call's chain, whose closure does not look at the error.
rust::Node replacesCause(const rust::Call &call)
{
    for (rust::Node node = call.node; node.parent();) {
        const rust::Node parent = node.parent();
        const rust::Call next = rust::toCall(parent.parent());
        if (parent.is("field_expression") && next.receiver == node) {
            if (next.name == "map_err" && next.arguments.size() == 1 &&
                compact(next.arguments.front().text()).starts_with("|_|"))
                return next.node;
            node = next.node;
        } else if (parent.isAny({"await_expression", "try_expression", "parenthesized_expression"})) {
            node = parent;
        } else {
            break;
        }
    }
    return {};
}

/// The error still reaches the caller, but another one, which says nothing of its cause.
void reportReplaced(const RewrittenFunction &function, Reporter &reporter)
{
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        const rust::Node now = replacesCause(call);
        if (!now)
            continue;
        rust::Node before;
        bool wasReplaced = false;
        for (const rust::Call *other : function.baseCalls->like(call)) {
            wasReplaced = wasReplaced || bool(replacesCause(*other));
            if (isPassedOn(*other))
                before = other->node;
        }
        if (!before || wasReplaced)
            continue;
        report(call.node, before, quoted(call.node.text()), "another takes its place", reporter);
        return;
    }
}

} // namespace

void check_dropped_error(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        reportArms(function, reporter);
        reportReplaced(function, reporter);
        for (const rust::Call &call : rust::callsIn(function.head->body)) {
            if (isPassedOn(call))
                continue;
            rust::Node before;
            bool lostBefore = false;
            for (const rust::Call *other : function.baseCalls->like(call)) {
                if (isPassedOn(*other))
                    before = other->node;
                else
                    lostBefore = lostBefore || !loss(*other).empty();
            }
            const std::string how = before && !lostBefore ? loss(call) : std::string();
            if (!how.empty() && !cannotFail(call, input))
                report(call.node, before, quoted(call.node.text()), how, reporter);
        }
    }
}

} // namespace review::rules
