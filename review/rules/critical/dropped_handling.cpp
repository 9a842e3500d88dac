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

bool isUnwrap(const rust::Call &call)
{
    return call.isMethod() && (isOneOf(call.name, {"expect", "expect_err", "unwrap_err"}) ||
                               (call.name == "unwrap" && call.arguments.empty()));
}

/// The call whose answer is unwrapped: `x.get(k)` of `x.get(k).await.unwrap()`; none for locks, whose poison
/// nobody handles.
rust::Call unwrapped(const rust::Call &call)
{
    const rust::Call inner = rust::toCall(rust::stripAdapters(call.receiver));
    if (isOneOf(inner.name, {"lock", "read", "write", "join", "borrow", "borrow_mut", "try_into", "new"}))
        return {};
    return inner;
}

/// In the base the answer of this call is looked at: no adapter of the chain panics.
bool isHandled(const rust::Call &call)
{
    const rust::Node whole = rust::withAdapters(call.node);
    for (rust::Node node = whole; node && node != call.node; node = node.firstNamedChild()) {
        if (isUnwrap(rust::toCall(node)))
            return false;
    }
    const rust::Node parent = whole.parent();
    return whole.is("try_expression") || !whole.descendants("try_expression").empty() ||
           parent.isAny({"let_condition", "match_expression", "let_declaration", "field_expression"});
}

/// Where the base lets the function end with an error, or go on without the value.
std::size_t errorExits(const rust::Function &function)
{
    std::size_t count = function.body.descendants("try_expression").size() +
                        function.body.descendants("return_expression").size() +
                        function.body.descendants("let_condition").size();
    for (const rust::Call &call : rust::callsIn(function.body))
        count += isOneOf(call.path, {"Err", "Poll::Ready", "Some"}) && call.name == "Err" ? 1 : 0;
    return count;
}

std::size_t panicsIn(const rust::Function &function)
{
    std::size_t count = 0;
    for (const rust::Call &call : rust::callsIn(function.body))
        count += isUnwrap(call) ? 1 : 0;
    return count;
}

bool panics(const rust::Node &macro)
{
    return isOneOf(rust::macroName(macro),
                   {"panic", "unreachable", "unimplemented", "todo", "assert", "assert_eq", "assert_ne"});
}

Draft draftOf(const rust::Node &at, const std::string &what, const RewrittenFunction &function)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({what + " where `" + function.head->path() + "` went on before",
                                what + " in `" + function.head->path() + '`', what});
    return draft;
}

void reportUnwraps(const RewrittenFunction &function, Reporter &reporter)
{
    if (panicsIn(*function.head) <= panicsIn(*function.base))
        return;
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        const rust::Call inner = isUnwrap(call) ? unwrapped(call) : rust::Call();
        if (!inner)
            continue;
        rust::Node handled;
        bool unwrappedBefore = false;
        for (const rust::Call *other : function.baseCalls->like(inner)) {
            if (isHandled(*other))
                handled = other->node;
            else
                unwrappedBefore = true;
        }
        if (!handled || unwrappedBefore)
            continue;
        Draft draft = draftOf(call.node, quoted(inner.node.text()) + " panics now", function);
        draft.steps = {{"before this change", "looks at the answer and goes on without the value", handled},
                       {"now", "panics when there is no value", call.node}};
        draft.outcome = "The case that somebody had handled ends the task, and poisons what it holds.";
        draft.evidence = {handled};
        draft.facts = {"resolved: the same call was handled before the change and is unwrapped after it",
                       "assumed: the case still happens"};
        reporter.report(std::move(draft));
    }
}

/// `chunk?` and `chunk.context(…)?` in the base, `chunk.unwrap()` in the head: the answer is in a variable.
void reportVariables(const RewrittenFunction &function, Reporter &reporter)
{
    const auto nameOf = [](rust::Node node) {
        while (rust::toCall(node).isMethod())
            node = rust::stripAdapters(rust::toCall(node).receiver);
        return node.is("identifier") ? std::string(node.text()) : std::string();
    };
    if (panicsIn(*function.head) <= panicsIn(*function.base))
        return;
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        const rust::Node receiver = call.receiver;
        if (!isUnwrap(call) || !receiver.is("identifier"))
            continue;
        const std::string name(receiver.text());
        rust::Node before;
        for (const rust::Node &tried : function.base->body.descendants("try_expression")) {
            if (nameOf(rust::stripAdapters(tried)) == name)
                before = tried;
        }
        const bool wasUnwrapped = callsAny(*function.base, [&](const rust::Call &other) {
            return isUnwrap(other) && other.receiver.text() == name;
        });
        if (!before || wasUnwrapped)
            continue;
        Draft draft = draftOf(call.node, quoted(call.node.text()) + " panics now", function);
        draft.steps = {{"before this change", "passes the error on", before},
                       {"now", "panics when there is no value", call.node}};
        draft.outcome = "The case that somebody had handled ends the task, and poisons what it holds.";
        draft.evidence = {before};
        draft.facts = {"resolved: the error in `" + name + "` was passed on before the change",
                       "assumed: the case still happens"};
        reporter.report(std::move(draft));
        return;
    }
}

void reportMacros(const RewrittenFunction &function, Reporter &reporter)
{
    if (errorExits(*function.head) >= errorExits(*function.base))
        return;
    const std::string before = compact(function.base->body.text());
    for (const rust::Node &macro : function.head->body.descendants("macro_invocation")) {
        if (!panics(macro) || before.find(compact(macro.text())) != std::string::npos)
            continue;
        Draft draft = draftOf(macro, quoted(macro.text()) + " is new", function);
        draft.steps = {
            {"before this change", "ends with an error on more paths", function.base->node.field("name")},
            {"now", "panics here", macro}};
        draft.outcome = "What was an error of one request or one message ends the task.";
        draft.evidence = {function.base->node.field("name")};
        draft.facts = {
            "resolved: the macro is new, and the function returns early on fewer paths than before",
            "assumed: it stands where an error was returned"};
        draft.confidence = 0.8;
        reporter.report(std::move(draft));
    }
}

} // namespace

void check_dropped_handling(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        reportUnwraps(function, reporter);
        reportVariables(function, reporter);
        reportMacros(function, reporter);
    }
}

} // namespace review::rules
