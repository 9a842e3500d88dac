// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

/// Gives an answer that need not be the last one: it waits, polls, tries, or is interrupted.
bool asksAgain(const Call &call)
{
    const std::string_view name = call.name;
    for (const std::string_view start :
         {"poll", "wait", "try_", "compare_exchange", "park", "recv", "accept"}) {
        if (name.starts_with(start))
            return true;
    }
    return isOneOf(name, {"changed", "notified", "compare_and_swap", "cas", "read", "write", "epoll_wait",
                          "next", "tick", "cas_weak"});
}

/// The innermost `while` or `loop` of the call's body that runs it again.
Node repeaterOf(const Node &node)
{
    const Node loop = rust::loopAround(node);
    return loop.isAny({"while_expression", "loop_expression"}) ? loop : Node();
}

/// The loop only goes round until an answer comes: it ends with every path but those that ask again.
bool isInCondition(const Node &node, const Node &loop)
{
    return loop.is("while_expression") && node.isInside(loop.field("condition"));
}

void report(const Call &now, const Call &old, const Node &loop, double confidence, Reporter &reporter)
{
    Draft draft;
    draft.at = now.node;
    draft.title = fittingTitle({quoted(now.node.text(), 30) + " is now asked once, not in a loop",
                                "What a loop asked again is now asked once"});
    draft.steps = {{"before this change", "asked again until the answer was the one to go on with", loop},
                   {"now", "asks once and goes on with whatever comes", now.node}};
    draft.outcome =
        "A wake-up without cause, a lost race or an answer that came too early is taken for the real one; "
        "what only the last, waiting call registers is never registered.";
    draft.evidence = {old.node};
    draft.facts = {"resolved: the call stood in a loop before the change and does not after it",
                   "assumed: one answer is not enough here"};
    draft.confidence = confidence;
    reporter.report(std::move(draft));
}

/// True if something was reported.
bool checkCall(const Call &old, const RewrittenFunction &function, Reporter &reporter)
{
    const Node loop = repeaterOf(old.node);
    const bool inCondition = loop && isInCondition(old.node, loop);
    if (!loop || !(inCondition || asksAgain(old)))
        return false;
    const auto &after = function.headCalls->like(old);
    if (after.size() != 1 || function.baseCalls->like(old).size() != 1)
        return false;
    const Call &now = *after.front();
    const bool isSameBody = (now.body == function.head->body) == (old.body == function.base->body) &&
                            now.body.kind() == old.body.kind();
    if (!isSameBody || rust::loopAround(now.node) || rust::loopAround(loop))
        return false;
    if (!inCondition && !now.node.ancestor({"function_item"}).descendants("loop_expression").empty())
        return false;
    const Node condition = now.node.ancestor({"if_expression", "match_expression", "let_declaration"});
    if (inCondition && !condition)
        return false;
    const bool waits = old.name.starts_with("poll") || old.name.starts_with("wait");
    report(now, old, loop, waits ? 1.0 : 0.9, reporter);
    return true;
}

} // namespace

void check_once_for_loop(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        const auto loops = [](const rust::Function &side) {
            return side.body.descendants("while_expression").size() +
                   side.body.descendants("loop_expression").size();
        };
        if (loops(*function.base) <= loops(*function.head) ||
            input.comparison->isWrittenAnew(function.head->body))
            continue;
        const auto calls = rust::callsIn(function.base->body);
        const auto isTold = [&](bool waiting) {
            return std::any_of(calls.begin(), calls.end(), [&](const Call &old) {
                return asksAgain(old) == waiting && checkCall(old, function, reporter);
            });
        };
        if (!isTold(true))
            isTold(false);
    }
}

} // namespace review::rules
