// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/node_search.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// The last name of a place: "idle" of `self.inner.shared.idle`.
std::string lastName(const rust::Node &place)
{
    const std::string text = rust::placeText(place);
    const std::size_t dot = text.rfind('.');
    return dot == std::string::npos ? text : text.substr(dot + 1);
}

/// Who wakes: `notify_waiters` keeps nothing for those who come later.
enum class Wakes { Unknown, OnlyOne, Waiters };
template <typename Source>
Wakes wakesIn(const Source &tree, const std::string &name)
{
    const std::string &text = tree.text();
    if (tree.contains("notify_waiters()")) {
        for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
            std::size_t end = at + name.size();
            if (end < text.size() && text[end] == '[')
                end = std::min(text.find(']', end), text.size() - 1) + 1;
            if (text.compare(end, 16, ".notify_waiters(") == 0)
                return Wakes::Waiters;
        }
    }
    return text.find(name + ".notify_one()") != std::string::npos ? Wakes::OnlyOne : Wakes::Unknown;
}

/// What this file says goes before what others say, which may mean another one of the same name.
Wakes wakesOf(const std::string &name, const RuleInput &input)
{
    if (const Wakes here = wakesIn(input.file.tree(), name); here != Wakes::Unknown)
        return here;
    bool waiters = false;
    bool onlyOne = false;
    for (const auto &source : input.model.sources()) {
        const Wakes wakes = wakesIn(*source, name);
        waiters = waiters || wakes == Wakes::Waiters;
        onlyOne = onlyOne || wakes == Wakes::OnlyOne;
    }
    if (waiters && onlyOne)
        return Wakes::Unknown;
    return waiters ? Wakes::Waiters : onlyOne ? Wakes::OnlyOne : Wakes::Unknown;
}

/// A clock beside it in the same `select!` ends the wait after a while.
bool hasClockBeside(const rust::Node &wait)
{
    const rust::Node select =
        wait.parent().is("select_arm") ? wait.ancestor({"macro_invocation"}) : rust::Node();
    for (const rust::Node &arm : select ? select.descendants("select_arm") : std::vector<rust::Node>()) {
        if (mentions(arm.field("future").text(), {"sleep", "interval", "tick", "timeout"}))
            return true;
    }
    return false;
}

/// The future is waited for where it is made, so that nothing comes between making it and waiting.
bool isWaitedAtOnce(const rust::Node &call)
{
    if (call.parent().is("await_expression"))
        return true;
    return call.parent().is("select_arm") && call.fieldName() == "future";
}

/// The condition that decides whether to wait: of a `while`, or of an `if` that leaves, before `wait` in the
/// same turn of its loop. Null if there is none.
rust::Node checkBefore(const rust::Node &wait)
{
    const rust::Node loop = rust::loopAround(wait);
    if (loop.is("while_expression"))
        return loop.field("condition");
    const rust::Node scope = loop ? loop.field("body") : rust::bodyOf(wait);
    rust::Node last;
    for (const rust::Node node : scope.descendants()) {
        if (node.bytes().begin >= wait.bytes().begin)
            break;
        if (!node.is("if_expression") || !rust::runsIn(node, rust::bodyOf(wait)) ||
            rust::loopAround(node) != loop)
            continue;
        const bool leaves = rust::diverges(node.field("consequence")) && !wait.isInside(node);
        const bool waits = wait.isInside(node.field("consequence"));
        if (leaves || waits)
            last = node.field("condition");
    }
    return last;
}

/// The condition looks at something that another thread changes.
bool looksAtShared(const rust::Node &condition, const std::vector<rust::Guard> &guards)
{
    const auto isShared = [&](const rust::Node &node) {
        if (node.is("identifier")) {
            return std::any_of(guards.begin(), guards.end(), [&](const rust::Guard &guard) {
                return !guard.variable.empty() && guard.variable == node.text();
            });
        }
        const rust::Call call = rust::toCall(node);
        return call.isMethod() &&
               (call.name == "load" || call.name.starts_with("is_") || call.name == "lock" ||
                call.name == "read" || call.name == "borrow" || call.name.starts_with("try_") ||
                call.name.starts_with("poll_") || call.name == "pop_front" || call.name == "pop");
    };
    return anyIn(condition, isShared);
}

void checkCall(const rust::Call &call, const RuleInput &input, Reporter &reporter)
{
    const rust::Node body = rust::bodyOf(call.node);
    if (!call.isMethod() || call.name != "notified" || !call.arguments.empty() || !body ||
        !isWaitedAtOnce(call.node))
        return;
    const rust::Type type = input.model.infer(call.receiver, input.file).peeled();
    if (type.known() && type.name() != "Notify")
        return;
    const rust::Node condition = checkBefore(call.node);
    const std::vector<rust::Guard> &guards = input.locks.guards(body, input.file);
    if (!condition || !looksAtShared(condition, guards))
        return;
    const bool isHeld = std::any_of(guards.begin(), guards.end(),
                                    [&](const rust::Guard &guard) { return guard.maybeHeldAt(call.node); });
    const Wakes wakes = wakesOf(lastName(call.receiver), input);
    if (isHeld || wakes == Wakes::OnlyOne || mentions(condition.text(), {"elapsed", "is_cancelled"}))
        return;
    const std::string name = quoted(rust::placeText(call.receiver), 36);
    Draft draft;
    draft.at = call.node;
    draft.title =
        fittingTitle({quoted(rust::placeText(call.receiver), 30) + " may notify between check and wait",
                      "A notification between check and wait is lost"});
    draft.steps = {{"task A", "looks at the state and decides to wait", condition},
                   {"task B", "changes the state and calls `notify_waiters` on " + name, condition},
                   {"task A", "only now makes the future that is told, and waits", call.node}};
    draft.outcome =
        "Task A sleeps though what it waits for has happened; without another notification it never "
        "wakes up.";
    draft.evidence = {condition};
    draft.facts = {"resolved: `notified()` is called after the check, with no lock held in between",
                   wakes == Wakes::Waiters
                       ? "resolved: " + name +
                             " is notified by `notify_waiters`, which tells only those who wait"
                       : "assumed: " + name + " is notified by `notify_waiters`"};
    if (wakes == Wakes::Unknown)
        draft.confidence *= 0.7;
    if (hasClockBeside(call.node)) {
        draft.facts.push_back("assumed: until the clock beside it ticks is too long a wait");
        draft.confidence *= 0.7;
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_notify_lost_wakeup(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("notified()"))
        return;
    for (const rust::Call &call : rust::callsIn(input.file.root()))
        checkCall(call, input, reporter);
}

} // namespace review::rules
