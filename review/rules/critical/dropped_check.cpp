// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

/// A condition that ends the function's work when it does not hold: `if cond { return … }`, `assert!(cond)`,
/// `ensure!(cond)`.
struct ExitCheck {
    rust::Node node;
    rust::Node condition;
};

bool isChecking(const rust::Node &macro)
{
    return isOneOf(rust::macroName(macro), {"assert", "ensure", "assert_eq", "assert_ne"});
}

std::vector<ExitCheck> exitChecks(const rust::Function &function)
{
    std::vector<ExitCheck> checks;
    for (const rust::Node &node : function.body.descendants("if_expression")) {
        const rust::Node condition = node.field("condition");
        if (!node.field("alternative") && !condition.isAny({"let_condition", "let_chain"}) &&
            rust::diverges(node.field("consequence")))
            checks.push_back({node, condition});
    }
    for (const rust::Node &node : function.body.descendants("macro_invocation")) {
        if (!isChecking(node))
            continue;
        const auto arguments = node.descendants("macro_arguments");
        const rust::Node first = arguments.empty() ? rust::Node() : arguments.front().firstNamedChild();
        if (first)
            checks.push_back({node, first});
    }
    return checks;
}

/// A call that is made only for its error: `validate(&request)?;`, `let _depth = dive(input)?;`.
bool isAsked(const rust::Call &call)
{
    rust::Node whole = rust::withAdapters(call.node);
    if (!whole.is("try_expression"))
        return false;
    const rust::Node statement = whole.parent();
    const bool isUnused =
        statement.is("expression_statement") ||
        (statement.is("let_declaration") && statement.field("pattern").text().starts_with("_"));
    return isUnused &&
           mentions(call.node.text().substr(0, call.node.text().find('(')),
                    {"check", "valid", "ensure", "verify", "assert", "limit", "depth", "dive", "guard",
                     "permission", "authori", "require", "reject", "bound", "stable", "allowed"});
}

/// The head asks somebody whom the base did not ask: what was checked here may be checked there.
bool asksAnew(const RewrittenFunction &function)
{
    return callsAny(*function.head,
                    [&](const rust::Call &call) { return isAsked(call) && !function.baseCalls->has(call); });
}

/// What was asked is a part of a value that is not there any more: `self.extra.validate()?`.
bool isWithoutSubject(const rust::Call &asked, const RuleInput &input)
{
    const std::string place = asked.isMethod() ? rust::placeText(asked.receiver) : std::string();
    const std::size_t dot = place.rfind('.');
    return dot != std::string::npos && input.file.tree().text().find(place.substr(dot)) == std::string::npos;
}

void reportAsked(const RewrittenFunction &function, const RuleInput &input, Reporter &reporter)
{
    for (const RemovedCall &removed : removedCalls(function, isAsked, input)) {
        if (isWithoutSubject(removed.call, input))
            continue;
        Draft draft = draftOfGone(removed, function, "A check is gone", "checks");
        draft.steps = {{"before this change", "ends here when the check fails", removed.call.node},
                       {"now", "goes on with what the check kept out", removed.near}};
        draft.outcome = "What the check turned away reaches the code after it.";
        reporter.report(std::move(draft));
    }
}

/// Everything by which code decides: a check that was rewritten is not gone.
std::size_t decisionsIn(const rust::Function &function)
{
    std::size_t count = 0;
    for (const char *kind :
         {"if_expression", "match_expression", "try_expression", "while_expression", "let_condition"})
        count += function.body.descendants(kind).size();
    for (const rust::Node &node : function.body.descendants("let_declaration"))
        count += node.field("alternative") ? 1 : 0;
    for (const rust::Node &node : function.body.descendants("macro_invocation"))
        count += isChecking(node) ? 1 : 0;
    for (const rust::Call &call : rust::callsIn(function.body))
        count += isOneOf(call.name, {"filter", "min", "clamp", "ok_or", "ok_or_else", "get", "get_mut"}) ||
                         call.name.starts_with("checked_") || call.name.starts_with("saturating_")
                     ? 1
                     : 0;
    return count;
}

/// All that the condition asks is still asked as often in the file: by a caller or a callee now.
bool isAskedElsewhere(const ExitCheck &check, const std::string &baseText, const std::string &headText)
{
    const auto calls = rust::callsIn(check.condition);
    return !calls.empty() && std::all_of(calls.begin(), calls.end(), [&](const rust::Call &call) {
        const std::string text = compact(call.node.text());
        return countIn(headText, text) >= countIn(baseText, text);
    });
}

bool isLogging(const ExitCheck &check)
{
    return mentions(check.condition.text(), {"log_enabled", "debug", "trace", "verbose", "cfg!"});
}

/// How sure it is that the check was there for safety.
double weightOf(const ExitCheck &check)
{
    const std::string_view text = check.condition.text();
    const bool isBound = mentions(text, {"len()", "remaining", "is_empty", "capacity", "size", "is_null",
                                         "max_", "limit", "overflow", "bounds"});
    const bool isState = mentions(text, {"term", "epoch", "version", "leader", "lease", "expired", "closed",
                                         "shutdown", "stopped", "is_none", "poisoned", "panicking", "state",
                                         "ready", "contains", "exists", "permission", "auth"});
    return isBound ? 1.0 : isState ? 0.9 : 0.7;
}

} // namespace

void check_dropped_check(const RuleInput &input, Reporter &reporter)
{
    const std::vector<RewrittenFunction> &functions = rewrittenFunctions(input);
    if (functions.empty())
        return;
    const std::string baseText = compact(input.base->tree().text());
    const std::string headText = compact(input.file.tree().text());
    for (const RewrittenFunction &function : functions) {
        reportAsked(function, input, reporter);
        const std::vector<ExitCheck> before = exitChecks(*function.base);
        if (before.empty() || decisionsIn(*function.base) <= decisionsIn(*function.head) ||
            asksAnew(function))
            continue;
        const std::string now = compact(function.head->body.text());
        const std::string old = compact(function.base->body.text());
        for (const ExitCheck &check : before) {
            const std::string condition = compact(check.condition.text());
            if (isLogging(check) || countIn(now, condition) >= countIn(old, condition) ||
                isAskedElsewhere(check, baseText, headText))
                continue;
            Draft draft;
            draft.at = counterpartOf(check.node, function);
            draft.title = fittingTitle({"The check " + quoted(check.condition.text()) + " is gone from `" +
                                            function.head->path() + '`',
                                        "The check " + quoted(check.condition.text()) + " is gone"});
            draft.steps = {{"before this change",
                            "ends here when " + quoted(check.condition.text(), 60) + " says so",
                            check.condition},
                           {"now", "goes on with what the check kept out", draft.at}};
            draft.outcome = "What the check turned away reaches the code after it.";
            draft.evidence = {check.condition};
            draft.facts = {
                "resolved: the condition stands before the change and nowhere in the function after it",
                "assumed: no caller and no type makes the check needless"};
            draft.confidence = weightOf(check);
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
