// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

/// Joins those who are told of changes from now on.
bool joins(const Call &call)
{
    return call.isMethod() && (call.name.starts_with("subscribe") || call.name == "listen" ||
                               call.name == "add_listener" || call.name == "add_watcher");
}

std::string rootOf(const Call &call)
{
    const std::string text = compact(rust::stripAdapters(call.receiver).text());
    std::size_t end = text.find_first_of(".([?:");
    if (text.starts_with("self.") && end != std::string::npos)
        end = text.find_first_of(".([?:", end + 1);
    return text.substr(0, end);
}

/// A look at the state in the head of an `if` or `match`, or in the condition of a loop.
bool isLook(const Call &call, const Call &join)
{
    if (!call.isMethod() || call.node == join.node || rootOf(call) != rootOf(join) ||
        !rust::toCall(call.node))
        return false;
    const Node branching = call.node.ancestor({"if_expression", "match_expression", "while_expression"});
    return (branching && (call.node.isInside(branching.field("condition")) ||
                          call.node.isInside(branching.field("value"))));
}

/// The call waits for the next change that the variable is told of.
bool waitsOn(const Call &call, std::string_view variable)
{
    return call.isMethod() && isOneOf(call.name, {"changed", "recv", "next"}) &&
           compact(rust::stripAdapters(call.receiver).text()) == variable &&
           (rust::isAwaited(call.node) || call.node.parent().is("select_arm"));
}

void report(const Call &join, const Call &look, const Call &wait, Reporter &reporter)
{
    Draft draft;
    draft.at = wait.node;
    draft.title =
        fittingTitle({quoted(wait.node.text(), 26) + " misses a change before " + quoted(join.name, 20),
                      "A change between the look and the subscription is missed"});
    draft.steps = {{"this task", "looks at the state: not yet", look.node},
                   {"another task", "changes the state and tells all who have subscribed", look.node},
                   {"this task", "subscribes, and is told of later changes only", join.node},
                   {"this task", "waits for a change that has happened", wait.node}};
    draft.outcome = "If no other change follows, the task waits for ever.";
    draft.evidence = {look.node, join.node};
    draft.facts = {
        "resolved: the state is looked at before the subscription, and not between it and the wait",
        "assumed: the subscription does not begin with the state as it is"};
    reporter.report(std::move(draft));
}

void checkJoin(const Call &join, const RuleInput &input, Reporter &reporter)
{
    const Node let = rust::withAdapters(join.node).parent();
    Node pattern = let.field("pattern");
    if (pattern.is("mut_pattern"))
        pattern = pattern.firstNamedChild();
    const std::string variable(pattern.text().starts_with("mut ") ? pattern.text().substr(4)
                                                                  : pattern.text());
    const rust::Function *function = input.file.functionAt(join.node);
    if (!let.is("let_declaration") || !function || variable.empty() || rust::loopAround(join.node))
        return;
    Call look;
    for (const Call &call : rust::callsIn(function->body)) {
        if (call.body != join.body)
            continue;
        if (call.node.index() < join.node.index()) {
            if (isLook(call, join))
                look = call;
            continue;
        }
        if (!look)
            return;
        if (waitsOn(call, variable))
            return report(join, look, call, reporter);
        const bool looksAgain =
            call.node != join.node &&
            (rootOf(call) == rootOf(join) || compact(rust::stripAdapters(call.receiver).text()) == variable);
        if (call.isMethod() && looksAgain)
            return;
    }
}

} // namespace

void check_looked_before_listening(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("subscribe") && !tree.contains(".listen()") && !tree.contains(".add_"))
        return;
    for (const Call &call : rust::callsIn(input.file.root())) {
        if (joins(call))
            checkJoin(call, input, reporter);
    }
}

} // namespace review::rules
