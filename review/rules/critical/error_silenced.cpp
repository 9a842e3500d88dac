// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/edits.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

/// How much is made of an error.
enum Level { Nothing, Told, Answered };

/// A place that gets rid of an error, and the words for how.
struct Silence {
    Node node;
    Node result; ///< what may have failed
    std::string how;
    Level level = Nothing;
};

Level levelOf(const Node &body)
{
    for (const char *kind : {"try_expression", "return_expression", "break_expression",
                             "assignment_expression", "compound_assignment_expr"}) {
        if (body.is(kind) || !body.descendants(kind).empty())
            return Answered;
    }
    for (const rust::Call &call : rust::callsIn(body)) {
        if (!isOneOf(call.name, {"Ok", "Some", "default", "new", "into", "to_string", "from", "clone"}))
            return Answered;
    }
    Level level = Nothing;
    std::vector<Node> macros = body.descendants("macro_invocation");
    if (body.is("macro_invocation"))
        macros.push_back(body);
    for (const Node &macro : macros) {
        if (!isOneOf(rust::macroName(macro), {"error", "warn", "info", "debug", "trace", "eprintln",
                                              "println", "log", "format", "warning"}))
            return Answered;
        level = Told;
    }
    return level;
}

/// `Err(e)` or `Err(_)`: every error, not a certain one.
bool isAnyError(const Node &matchPattern)
{
    const std::string text = compact(matchPattern.text());
    return text.starts_with("Err(") && text.ends_with(")") &&
           text.find_first_of("({:|", 4) == std::string::npos && text.find("if") == std::string::npos;
}

rust::Call callOf(const Node &expression)
{
    return rust::toCall(rust::stripAdapters(expression));
}

void addCalls(const rust::Function &function, std::vector<Silence> &found)
{
    for (const rust::Call &call : rust::callsIn(function.body)) {
        const Node parent = call.node.parent();
        const rust::Call inner = call.isMethod() ? callOf(call.receiver) : rust::Call();
        const std::string how = "`." + std::string(call.name) + "()`";
        if (isOneOf(call.name, {"ok", "unwrap_or_default", "unwrap_or", "unwrap_or_else"}) && inner &&
            !isOneOf(inner.name, {"ok", "map", "and_then", "get", "pop", "checked_add", "checked_sub"}))
            found.push_back({call.node, inner.node, how});
        else if (isOneOf(call.name, {"filter_map", "map_while", "flat_map"}) && call.isMethod() &&
                 !call.arguments.empty() && mentions(call.arguments.front().text(), {"ok()", "result::ok"}))
            found.push_back({call.node, call.receiver, how});
        else if (call.name == "drop" && call.arguments.size() == 1 && callOf(call.arguments.front()) &&
                 parent.is("expression_statement"))
            found.push_back({call.node, callOf(call.arguments.front()).node, "`drop`"});
    }
}

std::vector<Silence> silencesOf(const rust::Function &function)
{
    std::vector<Silence> found;
    addCalls(function, found);
    for (const Node &let : function.body.descendants("let_declaration")) {
        const Node value = let.field("value");
        if (let.field("pattern").text() == "_" && (value.is("await_expression") || callOf(value)))
            found.push_back({let, callOf(value) ? callOf(value).node : value, "`let _ =`"});
    }
    for (const Node &condition : function.body.descendants("let_condition")) {
        const Node branch = condition.ancestor({"if_expression", "while_expression"});
        const std::string pattern = compact(condition.field("pattern").text());
        const Node value = condition.field("value");
        if (pattern.starts_with("Ok") && !branch.field("alternative") && callOf(value))
            found.push_back({condition, callOf(value).node, "`if let Ok`"});
        else if (isAnyError(condition.field("pattern")) && branch.is("if_expression") &&
                 levelOf(branch.field("consequence")) == Told)
            found.push_back({condition, value, "a line in the log", Told});
    }
    for (const Node &arm : function.body.descendants("match_arm")) {
        const Level level = levelOf(arm.field("value"));
        if (isAnyError(arm.field("pattern")) && level != Answered)
            found.push_back({arm, arm.parent().parent().field("value"),
                             level == Told ? "a line in the log" : "an arm for all errors", level});
    }
    std::stable_sort(found.begin(), found.end(), [](const Silence &left, const Silence &right) {
        return left.node.index() < right.node.index();
    });
    return found;
}

/// How much the function makes of errors, all places together.
int answersOf(const rust::Function &function)
{
    int sum = 0;
    for (const Node &tried : function.body.descendants("try_expression"))
        sum += rust::toCall(tried.firstNamedChild()).name == "ok" ? 0 : Answered;
    for (const rust::Call &call : rust::callsIn(function.body))
        sum +=
            isOneOf(call.name, {"Err", "inspect_err", "unwrap", "expect", "fatal_err"}) ? int(Answered) : 0;
    for (const Node &arm : function.body.descendants("match_arm"))
        sum += arm.field("pattern").text().starts_with("Err") ? levelOf(arm.field("value")) : Nothing;
    for (const Node &condition : function.body.descendants("let_condition")) {
        if (condition.field("pattern").text().starts_with("Err"))
            sum += levelOf(condition.ancestor({"if_expression", "while_expression"}).field("consequence"));
    }
    for (const Node &macro : function.body.descendants("macro_invocation"))
        sum += isOneOf(rust::macroName(macro), {"bail", "ensure", "try"}) ? int(Answered) : 0;
    return sum;
}

/// The same call's result was kept whole in the base: bound, handed on, or the function's answer.
bool wasKept(const rust::Call &call, const RewrittenFunction &function)
{
    for (const rust::Call *other : function.baseCalls->like(call)) {
        const Node parent = rust::withAdapters(other->node).parent();
        if ((parent.is("let_declaration") && parent.field("pattern").text() != "_") ||
            parent.is("arguments") || (parent.is("block") && parent == function.base->body))
            return true;
    }
    return false;
}

bool canFail(const rust::Call &call, const RuleInput &input)
{
    if (isOneOf(call.name, {"lock", "try_lock", "send", "try_send", "get", "upgrade", "set", "wake", "recv",
                            "try_recv"}))
        return false; // what these fail with says nothing more
    const auto callees = input.model.callees(call.node, input.file);
    return callees.empty() || std::any_of(callees.begin(), callees.end(),
                                          [](const auto *callee) { return callee->returnsResult(); });
}

void check(const RewrittenFunction &function, const RuleInput &input, Reporter &reporter)
{
    const std::vector<Silence> after = silencesOf(*function.head);
    if (after.empty())
        return;
    const std::vector<Silence> before = silencesOf(*function.base);
    const bool isLess = answersOf(*function.head) < answersOf(*function.base);
    const Edits edits(function);
    for (const Silence &silence : after) {
        const Node whole = silence.node.is("let_condition")
                               ? silence.node.ancestor({"if_expression", "while_expression"})
                               : silence.node;
        const rust::Call call = rust::toCall(silence.result);
        const auto isSame = [&](const Silence &old) {
            return old.how == silence.how && compact(old.result.text()) == compact(silence.result.text());
        };
        const bool mayPass =
            silence.how.starts_with("`.") || silence.how.starts_with("`let") || silence.how == "`drop`";
        if (edits.removed() == 0 || !edits.touches(whole) ||
            std::any_of(before.begin(), before.end(), isSame) ||
            (!isLess && !(silence.how == "`if let Ok`" && call && wasKept(call, function))) ||
            (call && mayPass && !canFail(call, input)))
            continue;
        Draft draft;
        draft.at = silence.node;
        draft.title = fittingTitle({"An error ends in " + silence.how + " of `" + function.head->path() + '`',
                                    "An error ends in " + silence.how + " now"});
        draft.steps = {{"before this change", "passes errors on, or answers for them",
                        function.base->node.field("name")},
                       {"now", "goes on as if nothing had failed: " + silence.how, silence.node}};
        draft.outcome = "The caller takes the work for done, and answers or acknowledges what has failed.";
        draft.evidence = {function.base->node.field("name")};
        draft.facts = {"resolved: less is made of errors in the function than before, and this place is new",
                       "assumed: the error matters to somebody"};
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_error_silenced(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t manyLines = 20;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) <= manyLines)
            check(function, input, reporter);
    }
}

} // namespace review::rules
