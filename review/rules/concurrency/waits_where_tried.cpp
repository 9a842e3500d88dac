// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

/// "lock" of `try_lock`, `try_lock_for`, `lock_timeout`; empty for a call that tries nothing.
std::string waitingName(const Call &call)
{
    if (!call.isMethod())
        return {};
    std::string_view name = call.name;
    const bool tries = name.starts_with("try_");
    if (tries)
        name.remove_prefix(4);
    bool isTimed = false;
    for (const std::string_view suffix : {"_for", "_until", "_timeout", "_deadline"}) {
        if (name.ends_with(suffix)) {
            name.remove_suffix(suffix.size());
            isTimed = true;
        }
    }
    const bool isWaiting = isOneOf(name, {"lock",
                                          "read",
                                          "write",
                                          "send",
                                          "recv",
                                          "acquire",
                                          "acquire_owned",
                                          "borrow",
                                          "borrow_mut",
                                          "join",
                                          "wait",
                                          "push",
                                          "reserve",
                                          "lock_owned",
                                          "read_owned",
                                          "write_owned",
                                          "upgradable_read",
                                          "get_mut",
                                          "entry",
                                          "pop"});
    return isWaiting && (tries || isTimed) ? std::string(name) : std::string();
}

/// Ends a wait itself, or is no wait.
bool isHarmlessName(std::string_view name)
{
    return mentions(
        name, {"cancel", "shutdown", "sleep", "tick", "closed", "notified", "changed", "clone", "stop"});
}

std::string placeOf(const Call &call)
{
    return compact(rust::stripAdapters(call.receiver).text());
}

Call onSame(const Call &call, std::string_view name, const rust::Function &side)
{
    for (const Call &other : rust::callsIn(side.body)) {
        if (other.isMethod() && other.name == name && placeOf(other) == placeOf(call))
            return other;
    }
    return {};
}

void report(const Node &now, const Call &old, const std::string &title, const std::string &verb,
            Reporter &reporter)
{
    Draft draft;
    draft.at = now;
    draft.title = fittingTitle({title, "A change waits where it did not"});
    draft.steps = {{"before this change", verb, old.node}, {"now", "waits until it can go on", now}};
    draft.outcome =
        "If what it waits for needs something that is held here, neither goes on; otherwise everything "
        "behind this call waits as well.";
    draft.evidence = {old.node};
    draft.facts = {"resolved: " + quoted(old.node.text(), 40) + " is gone, and this stands in its place",
                   "assumed: whoever holds it may wait for this code, or take long"};
    reporter.report(std::move(draft));
}

/// `handle.abort()` gave way to `handle.await` or a join.
bool checkAborted(const Call &old, const RewrittenFunction &function, Reporter &reporter)
{
    if (old.name != "abort" || !old.isMethod() || function.headCalls->has(old))
        return false;
    const std::string handle = placeOf(old);
    const auto names = [&](const Node &node) { return compact(rust::stripAdapters(node).text()) == handle; };
    for (const Node &await : function.head->body.descendants("await_expression")) {
        if (names(await.firstNamedChild())) {
            report(await, old, "`" + handle + "` is now awaited, and was aborted before", "aborted the task",
                   reporter);
            return true;
        }
    }
    return false;
}

/// `x.send(..).now_or_never()` gave way to `x.send(..).await`.
bool checkPolledOnce(const Call &old, const RewrittenFunction &function, Reporter &reporter)
{
    if (old.name != "now_or_never" || function.headCalls->has(old))
        return false;
    const Call once = old.isMethod() ? rust::toCall(old.receiver)
                                     : rust::toCall(old.arguments.empty() ? Node() : old.arguments.front());
    for (const Call *now : once ? function.headCalls->like(once) : std::vector<const Call *>()) {
        if (rust::isAwaited(now->node)) {
            report(now->node, old, quoted(now->node.text(), 30) + " is now awaited, and was polled once",
                   "asked once, and went on without it", reporter);
            return true;
        }
    }
    return false;
}

/// Where something else may end the wait: an arm of a `select!` beside it.
bool isInRace(const Node &node)
{
    for (Node at = node; at && !at.is("function_item"); at = at.parent()) {
        if (at.parent().is("select_arm") && at.fieldName() == "future")
            return at.parent().parent().descendants("select_arm").size() > 1;
    }
    return false;
}

/// The wait could be ended by a cancellation, a time limit or another event, and now stands alone.
bool checkAlone(const Call &old, const RewrittenFunction &function, Reporter &reporter)
{
    if (isHarmlessName(old.name) || !isInRace(old.node) || function.baseCalls->like(old).size() != 1)
        return false;
    const auto &after = function.headCalls->like(old);
    if (after.size() != 1 || !rust::isAwaited(after.front()->node) || isInRace(after.front()->node) ||
        mentions(function.head->body.text(), {"select!", "timeout("}))
        return false;
    report(after.front()->node, old,
           quoted(after.front()->node.text(), 26) + " is now awaited with nothing beside it",
           "went on when something else came first", reporter);
    return true;
}

/// The nearest condition that decides whether a call is made, within the function.
Node conditionAround(const Node &node)
{
    for (Node at = node; at && !at.is("function_item"); at = at.parent()) {
        if (at.parent().is("if_expression") && at != at.parent().field("condition"))
            return at.parent().field("condition");
    }
    return {};
}

/// A wait that was left out on some condition is now made always.
bool checkAlways(const Call &old, const RewrittenFunction &function, Reporter &reporter)
{
    if (!isOneOf(old.name, {"wait", "join", "block_on", "recv", "lock", "wait_timeout", "park", "sleep",
                            "acquire", "join_next", "join_all", "shutdown", "stop", "close"}) &&
        !old.name.starts_with("wait_"))
        return false;
    const Node condition = conditionAround(old.node);
    const auto &after = function.headCalls->like(old);
    if (!condition || after.size() != 1 || function.baseCalls->like(old).size() != 1 ||
        conditionAround(after.front()->node) ||
        compact(function.head->body.text()).find(compact(condition.text())) != std::string::npos)
        return false;
    report(after.front()->node, old,
           quoted(after.front()->node.text(), 26) + " no longer depends on " + quoted(condition.text(), 20),
           "left the wait out on a condition", reporter);
    return true;
}

} // namespace

void check_waits_where_tried(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const Call &old : rust::callsIn(function.base->body)) {
            if (checkAborted(old, function, reporter) || checkPolledOnce(old, function, reporter) ||
                checkAlone(old, function, reporter) || checkAlways(old, function, reporter))
                break;
            const std::string name = waitingName(old);
            if (name.empty() || onSame(old, old.name, *function.head))
                continue;
            const Call now = onSame(old, name, *function.head);
            if (!now || onSame(old, name, *function.base))
                continue;
            report(now.node, old, quoted(now.node.text(), 30) + " now waits where it only tried",
                   "tried, and went on without it", reporter);
            break;
        }
    }
}

} // namespace review::rules
