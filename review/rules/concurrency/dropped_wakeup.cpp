// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <algorithm>
#include <string>
#include <utility>

namespace review::rules {

namespace {

bool wakes(const rust::Call &call)
{
    const bool isNamed = call.name.starts_with("notify_") || call.name.starts_with("wake_") ||
                         call.name.ends_with("_wake") || call.name.ends_with("_wakeup");
    return (isNamed && call.isMethod() && call.arguments.size() <= 1) ||
           isOneOf(call.name,
                   {"notify_one", "notify_all", "notify_waiters", "notify_last", "wake", "wake_by_ref",
                    "unpark", "wake_all", "wake_one", "notify_additional", "unpark_one", "unpark_all"});
}

/// What still changes: an assignment or a call that is no reading.
bool stillChangesSomething(const rust::Function &function)
{
    return !function.body.descendants("assignment_expression").empty() ||
           !function.body.descendants("compound_assignment_expr").empty() ||
           callsAny(function, [](const rust::Call &call) {
               return isOneOf(call.name, {"push",      "push_back", "push_front",
                                          "insert",    "remove",    "store",
                                          "swap",      "set",       "send",
                                          "pop",       "pop_front", "take",
                                          "replace",   "extend",    "clear",
                                          "fetch_add", "fetch_sub", "fetch_or",
                                          "close",     "complete",  "compare_exchange"}) ||
                      call.name.starts_with("set_");
           });
}

/// Leaves a waker where somebody will find it: `register(cx.waker())`, `set_waker(cx.waker().clone())`.
bool registers(const rust::Call &call)
{
    return !call.arguments.empty() && !isOneOf(call.name, {"will_wake", "from_waker", "Some"}) &&
           compact(call.arguments.front().text()).find(".waker()") != std::string::npos;
}

/// The arm of the head with this pattern, of a match over the same value.
rust::Node sameArm(const rust::Node &arm, const rust::Function &head)
{
    for (const rust::Node &other : head.body.descendants("match_arm")) {
        if (other.field("pattern").text() == arm.field("pattern").text() &&
            other.parent().parent().field("value").text() == arm.parent().parent().field("value").text())
            return other;
    }
    return {};
}

bool registersIn(const rust::Node &node)
{
    for (const rust::Call &call : rust::callsIn(node)) {
        if (registers(call))
            return true;
    }
    return false;
}

void reportRegistration(const rust::Node &at, const rust::Node &before, const std::string &what,
                        Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title =
        fittingTitle({"The waker is no longer registered " + what, "A waker is no longer registered"});
    draft.steps = {{"before this change", "left its waker here", before},
                   {"now", "answers `Pending` without it, or leaves it too late", at},
                   {"the other side", "makes progress and finds no waker to wake", at}};
    draft.outcome = "The task is not polled again although it could go on.";
    draft.evidence = {before};
    draft.facts = {"resolved: the registration stood here before the change",
                   "assumed: no earlier poll left a waker that is still right"};
    reporter.report(std::move(draft));
}

/// A registration that an arm lost, or that moved behind the call that it has to precede.
void checkRegistrations(const RewrittenFunction &function, Reporter &reporter)
{
    for (const rust::Call &call : rust::callsIn(function.base->body)) {
        if (!registers(call))
            continue;
        const rust::Node arm = call.node.ancestor({"match_arm", "function_item"});
        const rust::Node now = arm.is("match_arm") ? sameArm(arm, *function.head) : rust::Node();
        const bool isFewer = function.headCalls->like(call).size() < function.baseCalls->like(call).size();
        if (isFewer && now && now.text().find("Pending") != std::string_view::npos && !registersIn(now)) {
            reportRegistration(now, call.node, "for " + quoted(arm.field("pattern").text()), reporter);
            return;
        }
        for (const rust::Call *moved : function.headCalls->like(call)) {
            if (!registers(*moved))
                continue;
            for (const rust::Call &asked : rust::callsIn(function.head->body)) {
                if (!asked.name.starts_with("poll") && !asked.name.starts_with("try_") &&
                    !asked.name.starts_with("is_"))
                    continue;
                const auto &before = function.baseCalls->like(asked);
                if (!before.empty() && before.front()->node.index() > call.node.index() &&
                    asked.node.index() < moved->node.index()) {
                    reportRegistration(moved->node, call.node, "before " + quoted(asked.node.text()),
                                       reporter);
                    return;
                }
            }
        }
    }
}

/// One waiter is woken where all were.
void checkOneOfAll(const RewrittenFunction &function, Reporter &reporter)
{
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        if (!isOneOf(call.name, {"notify_one", "wake_one", "unpark_one", "signal", "notify_last"}) ||
            !call.isMethod())
            continue;
        for (const rust::Call &before : rust::callsIn(function.base->body)) {
            if (!isOneOf(before.name,
                         {"notify_all", "notify_waiters", "wake_all", "unpark_all", "broadcast"}) ||
                !before.isMethod() || compact(before.receiver.text()) != compact(call.receiver.text()))
                continue;
            Draft draft;
            draft.at = call.node;
            draft.title = fittingTitle({quoted(call.receiver.text()) + " wakes one waiter where it woke all",
                                        "One waiter is woken where all were"});
            draft.steps = {{"several waiters", "can go on after this change of state", call.node},
                           {"before this change", "were all woken", before.node},
                           {"now", "only one of them is", call.node}};
            draft.outcome = "The others sleep on although what they wait for has happened.";
            draft.evidence = {before.node};
            draft.facts = {"resolved: it was `" + std::string(before.name) + "` before the change",
                           "assumed: the change of state is enough for more than one"};
            draft.confidence = 0.9;
            reporter.report(std::move(draft));
            return;
        }
    }
}

/// The branches around a node, within its function: conditions of `if`, patterns of `match` arms.
std::vector<std::string> branchesAround(const rust::Node &node, const rust::Node &body)
{
    std::vector<std::string> branches;
    for (rust::Node at = node; at && at != body; at = at.parent()) {
        const rust::Node parent = at.parent();
        if (parent.is("if_expression") && at != parent.field("condition"))
            branches.push_back(compact(parent.field("condition").text()));
        else if (at.is("match_arm"))
            branches.push_back(compact(at.field("pattern").text()));
    }
    return branches;
}

/// The wake-up still stands there, under a condition that is new to the function.
void checkCondition(const RewrittenFunction &function, Reporter &reporter)
{
    const std::string base = compact(function.base->body.text());
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        if (!wakes(call) || !call.isMethod())
            continue;
        const auto &before = function.baseCalls->like(call);
        if (before.size() != 1 || function.headCalls->like(call).size() != 1)
            continue;
        const auto now = branchesAround(call.node, function.head->body);
        const auto old = branchesAround(before.front()->node, function.base->body);
        const auto isNew = [&](const std::string &branch) { return base.find(branch) == std::string::npos; };
        if (now.size() <= old.size() || std::none_of(now.begin(), now.end(), isNew))
            continue;
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({quoted(call.node.text(), 30) + " now happens on a condition only",
                                    "A wake-up now happens on a condition only"});
        draft.steps = {{"before this change", "woke the waiter each time", before.front()->node},
                       {"now", "does so on a condition that it did not have", call.node},
                       {"a waiter", "sleeps on where the condition is false", call.node}};
        draft.outcome = "If the waiter needs the wake-up in the other case as well, it sleeps on for ever.";
        draft.evidence = {before.front()->node};
        draft.facts = {"resolved: fewer conditions stood around the call before the change",
                       "assumed: somebody waits in the other case"};
        draft.confidence = 0.8;
        return reporter.report(std::move(draft));
    }
}

} // namespace

void check_dropped_wakeup(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        checkRegistrations(function, reporter);
        checkOneOfAll(function, reporter);
        checkCondition(function, reporter);
        if (!stillChangesSomething(*function.head))
            continue;
        for (const RemovedCall &removed : removedCalls(function, wakes, input)) {
            Draft draft = draftOfGone(removed, function, "A wake-up is gone", "wakes");
            draft.steps = {{"a waiter", "sees that its condition does not hold, and waits", removed.near},
                           {"before this change", "was woken here", removed.call.node},
                           {"now", "the state changes and nobody is woken", removed.near}};
            draft.outcome = "The waiter sleeps on although what it waits for has happened.";
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
