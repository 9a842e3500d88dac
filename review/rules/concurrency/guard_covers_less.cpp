// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/holds.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

struct Sides {
    const RewrittenFunction &function;
    const RuleInput &input;
    std::vector<Hold> before;
    std::vector<Hold> now;
};

/// A function that only the head calls takes the lock, or the guard comes from outside now.
bool isLockedElsewhere(const Sides &sides, const std::string &lock)
{
    if (mentions(sides.function.head->node.field("parameters").text(), {"guard", "locked", "lock:"}))
        return true;
    return callsNewFunction(sides.function, sides.input, [&](const rust::Function &callee) {
        return callee.body.text().find(lock) != std::string_view::npos;
    });
}

/// The call may be seen by others, or see what they do: it waits, or works on something that is not its own.
bool matters(const Call &call, const Hold &hold)
{
    return !isHarmless(call) && !isOnGuard(call, hold) && call.node != hold.guard.call &&
           !mentions(call.path, {"format", "println", "Duration", "Instant", "mem::drop"}) &&
           !call.node.ancestor({"macro_invocation"});
}

void report(const Call &now, const Call &old, const Hold &hold, bool isGone, Reporter &reporter)
{
    const std::string lock = "`" + hold.name + "`";
    Draft draft;
    draft.at = now.node;
    draft.title =
        fittingTitle({quoted(now.node.text(), 30) + " no longer runs under " + lock,
                      "A step no longer runs under " + lock, "A step no longer runs under its lock"});
    draft.steps = {{"before this change", "does this while it holds " + lock, old.node},
                   {"now", isGone ? "takes the lock nowhere" : "does it without the lock", now.node},
                   {"another task", "comes in between", now.node}};
    draft.outcome =
        "Two tasks may both take this step before either takes the next, or one sees the first step "
        "done and the second one not.";
    draft.evidence = {old.node, hold.guard.call};
    draft.facts = {"resolved: the lock was held at this call before the change and is not after it",
                   "assumed: the step belongs to what the lock protects"};
    reporter.report(std::move(draft));
}

/// The lock is still taken, but no longer around a call that was under it.
bool checkNarrowed(const Sides &sides, const Hold &hold, Reporter &reporter)
{
    for (const Call &old : rust::callsIn(sides.function.base->body)) {
        if (!isHeld(hold, old.node) || !matters(old, hold))
            continue;
        const auto &was = sides.function.baseCalls->like(old);
        const auto &now = sides.function.headCalls->like(old);
        const auto isFree = [&](const Call *call) { return !isUnder(sides.now, hold.name, call->node); };
        if (now.empty() || now.size() != was.size() || !std::all_of(now.begin(), now.end(), isFree) ||
            std::any_of(was.begin(), was.end(),
                        [&](const Call *call) { return !isUnder(sides.before, hold.name, call->node); }))
            continue;
        report(*now.front(), old, hold, false, reporter);
        return true;
    }
    return false;
}

/// The lock is taken nowhere in the function any more, and something that was done under it still is.
bool checkGone(const Sides &sides, const Hold &hold, Reporter &reporter)
{
    const auto isNew = [&](const Hold &other) { return !knows(sides.before, other.name); };
    if (std::any_of(sides.now.begin(), sides.now.end(), isNew) ||
        sides.function.head->body.text().find(hold.name) != std::string_view::npos ||
        isLockedElsewhere(sides, hold.name))
        return false;
    for (const Call &old : rust::callsIn(sides.function.base->body)) {
        if (!isHeld(hold, old.node) || isOnGuard(old, hold) ||
            isOneOf(old.path, {"Ok", "Some", "Err", "drop"}))
            continue;
        const auto &now = sides.function.headCalls->like(old);
        if (now.empty())
            continue;
        report(*now.front(), old, hold, true, reporter);
        return true;
    }
    return false;
}

} // namespace

void check_guard_covers_less(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        std::vector<Hold> before = holdsIn(*function.base, *input.base, input.model);
        if (before.empty() || input.comparison->isWrittenAnew(function.head->body))
            continue;
        const Sides sides{function, input, std::move(before),
                          holdsIn(*function.head, input.file, input.model)};
        for (const Hold &hold : sides.before) {
            const bool isKept = knows(sides.now, hold.name);
            if (hold.guard.tries && isKept)
                continue;
            if (isKept ? checkNarrowed(sides, hold, reporter) : checkGone(sides, hold, reporter))
                break;
        }
    }
}

} // namespace review::rules
