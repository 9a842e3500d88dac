// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/holds.h"
#include "review/rules/lock_facts.h"
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

/// A function on both sides with what it holds where.
struct Sides {
    const RewrittenFunction &function;
    const RuleInput &input;
    std::vector<Hold> before;
    std::vector<Hold> now;
};

/// The file before the change has no lock of this name: what one side alone shows is told by other rules.
bool isNewLock(const Sides &sides, const std::string &name)
{
    const std::string last = name.substr(name.rfind('.') + 1);
    return sides.input.base->tree().text().find(last) == std::string::npos;
}

/// One lock is taken while the other is held.
bool nests(const std::vector<Hold> &holds, const std::string &outer, const std::string &inner)
{
    return std::any_of(holds.begin(), holds.end(), [&](const Hold &held) {
        return held.name == outer && std::any_of(holds.begin(), holds.end(), [&](const Hold &taken) {
                   return taken.name == inner && isHeld(held, taken.guard.call);
               });
    });
}

/// The base makes calls of this name, and none of them under the lock.
bool wasFree(const Sides &sides, const std::string &lock, const Call &call)
{
    bool isThere = false;
    for (const Call &old : rust::callsIn(sides.function.base->body)) {
        if (old.name != call.name || old.isMethod() != call.isMethod())
            continue;
        if (isUnder(sides.before, lock, old.node))
            return false;
        isThere = true;
    }
    return isThere;
}

/// Of the two the one on a line that the change wrote; the guard, where the call stood before it; else the
/// later one.
Node changedOf(const Sides &sides, const Hold &hold, const Node &covered)
{
    const bool isLock = std::any_of(sides.now.begin(), sides.now.end(),
                                    [&](const Hold &other) { return other.guard.call == covered; });
    const Node guard = hold.guard.call;
    const auto &was = sides.function.baseCalls->like(rust::toCall(covered));
    const bool cameBefore =
        !was.empty() && std::all_of(sides.before.begin(), sides.before.end(), [&](const Hold &old) {
            return old.name != hold.name || was.front()->node.index() < old.guard.call.index();
        });
    if (cameBefore && !isLock && knows(sides.before, hold.name))
        return guard;
    const std::vector<std::string> oldLines = compactLines(sides.function.base->node);
    const auto isNew = [&](const Node &node) {
        const std::string line = compact(node.tree()->lines()[node.lines().begin]);
        return std::find(oldLines.begin(), oldLines.end(), line) == oldLines.end();
    };
    return isNew(guard) && !isNew(covered) ? guard : covered;
}

struct Covered {
    const Hold *hold = nullptr;
    Node node; ///< null: nothing
    std::string title;
    std::string step;
    std::string fact;
    double confidence = 1.0;
};

/// A lock that is now taken while another one, or itself, is held.
Covered lockUnder(const Sides &sides)
{
    for (const Hold &inner : sides.now) {
        for (const Hold &outer : sides.now) {
            if (&inner == &outer || inner.guard.tries || !isHeld(outer, inner.guard.call) ||
                nests(sides.before, outer.name, inner.name) ||
                (!knows(sides.before, outer.name) && !knows(sides.before, inner.name)) ||
                isNewLock(sides, outer.name) || isNewLock(sides, inner.name))
                continue;
            const std::string lock = "`" + inner.name + "`";
            if (inner.name == outer.name) {
                if (compact(inner.guard.lock.receiver) != compact(outer.guard.lock.receiver))
                    continue;
                return {&outer, inner.guard.call, lock + " may now be locked again by whoever holds it",
                        "locks it again", "assumed: both are the same lock"};
            }
            const bool isTurned = nests(sides.before, inner.name, outer.name);
            return {&outer, inner.guard.call,
                    lock + (isTurned ? " is now locked after `" : " is now locked while `") + outer.name +
                        (isTurned ? "`, no longer before it" : "` is held"),
                    "waits for " + lock + " meanwhile",
                    isTurned ? "resolved: the order was the other one before the change"
                             : "resolved: the one was not taken under the other before the change"};
        }
    }
    return {};
}

/// What was taken out of the guarded value, to be dropped after the lock, is now dropped under it.
Covered droppedUnder(const Sides &sides)
{
    const auto takesOut = [](const Call &call) {
        return isOneOf(call.path, {"mem::take", "std::mem::take", "mem::replace", "std::mem::replace"}) ||
               (call.isMethod() && call.arguments.empty() && call.name == "take");
    };
    const auto count = [&](const rust::Function &side) {
        const auto calls = rust::callsIn(side.body);
        return std::count_if(calls.begin(), calls.end(), takesOut);
    };
    if (count(*sides.function.base) <= count(*sides.function.head))
        return {};
    for (const Call &call : rust::callsIn(sides.function.head->body)) {
        if (!isOneOf(call.name, {"clear", "retain", "truncate", "drain"}) || !isStatement(call) ||
            sides.function.baseCalls->has(call))
            continue;
        for (const Hold &hold : sides.now) {
            if (isOnGuard(call, hold))
                return {&hold, call.node,
                        "What " + quoted(call.node.text(), 24) + " drops now goes under the lock",
                        "runs the destructors of what it throws away",
                        "assumed: a destructor there locks, or runs long"};
        }
    }
    return {};
}

/// What the function may lock that the call leads to; empty if nothing is known.
std::string lockedBy(const std::vector<const rust::Function *> &callees, LockFacts &locks)
{
    if (callees.size() != 1 || !callees.front()->body)
        return {};
    const auto &taken = locks.taken(*callees.front());
    return taken.empty() ? std::string() : taken.front().lock.key;
}

/// All that the call may lead to is a few words long: a getter, a constructor.
bool isSmall(const std::vector<const rust::Function *> &callees)
{
    constexpr std::size_t fewBytes = 120;
    return !callees.empty() && std::all_of(callees.begin(), callees.end(), [](const rust::Function *callee) {
        return callee->body && callee->body.text().size() < fewBytes;
    });
}

/// The call takes a lock: lockUnder() compares these by what they lock.
bool takesLock(const Sides &sides, const Call &call)
{
    return std::any_of(sides.now.begin(), sides.now.end(),
                       [&](const Hold &hold) { return hold.guard.call == call.node; });
}

/// The call was made on what the guard gives, and asks the lock's owner now, which may lock by itself.
bool leavesGuard(const Call &call, const Hold &hold, const Sides &sides)
{
    return call.isMethod() && call.receiver.text() == "self" &&
           hold.guard.lock.receiver.find(call.name) == std::string::npos &&
           std::any_of(sides.before.begin(), sides.before.end(),
                       [&](const Hold &old) {
                           const auto calls = rust::callsIn(sides.function.base->body);
                           return old.name == hold.name &&
                                  std::any_of(calls.begin(), calls.end(), [&](const Call &was) {
                                      return was.name == call.name && isOnGuard(was, old);
                                  });
                       }) &&
           !sides.function.baseCalls->has(call);
}

/// A call that ran without the lock, or on the guard, and that now runs under it by another way.
Covered callUnder(const Sides &sides)
{
    Covered best;
    for (const Hold &hold : sides.now) {
        const bool isOld = knows(sides.before, hold.name);
        for (const Call &call : rust::callsIn(sides.function.head->body)) {
            if (!isHeld(hold, call.node) || isOnGuard(call, hold) ||
                hold.guard.call.isInside(call.node.field("function")) || takesLock(sides, call))
                continue;
            const bool isAwait = rust::isAwaited(call.node);
            if (!leavesGuard(call, hold, sides) &&
                ((isHarmless(call) && !isAwait) || (!isOld && !isAwait) || !wasFree(sides, hold.name, call)))
                continue;
            const auto callees = sides.input.model.callees(call.node, sides.input.file);
            const std::string locks = lockedBy(callees, sides.input.locks);
            if (locks.empty() && !isAwait && isSmall(callees) && !leavesGuard(call, hold, sides))
                continue;
            const double confidence = !locks.empty() ? 1.0 : isAwait ? 0.95 : 0.85;
            if (best.node && confidence <= best.confidence)
                continue;
            best = {&hold,
                    call.node,
                    quoted(call.node.text(), 30) + " now runs under `" + hold.name + '`',
                    locks.empty() ? "runs this meanwhile" : "runs this, which locks `" + locks + '`',
                    locks.empty() ? "assumed: the call takes long, or needs a lock itself"
                                  : "resolved: what is called locks `" + locks + '`',
                    confidence};
        }
    }
    return best;
}

/// One guard now covers calls that took the lock one after another, and gave it back between.
Covered mergedUnder(const Sides &sides)
{
    for (const Hold &hold : sides.now) {
        const auto isSame = [&](const Hold &other) { return other.name == hold.name; };
        if (hold.guard.variable.empty() ||
            std::count_if(sides.now.begin(), sides.now.end(), isSame) >=
                std::count_if(sides.before.begin(), sides.before.end(), isSame))
            continue;
        const Hold *first = nullptr;
        for (const Call &call : rust::callsIn(sides.function.head->body)) {
            if (!isOnGuard(call, hold) || !isHeld(hold, call.node))
                continue;
            for (const Call &old : rust::callsIn(sides.function.base->body)) {
                const auto on =
                    std::find_if(sides.before.begin(), sides.before.end(), [&](const Hold &other) {
                        return isSame(other) && old.name == call.name && isOnGuard(old, other);
                    });
                if (on == sides.before.end() || (isHarmless(call) && !rust::isAwaited(call.node)))
                    continue;
                if (first && first != &*on && !isHeld(*first, on->guard.call))
                    return {&hold, call.node,
                            "One guard of `" + hold.name + "` now covers what took it by turns",
                            "does this under the same guard as what came before it",
                            "resolved: the lock was given back between these calls before the change"};
                first = first ? first : &*on;
            }
        }
    }
    return {};
}

/// A call moved into a closure that is handed to a function which locks: it may run under that lock.
Covered closureUnder(const Sides &sides, std::string &lock)
{
    for (const Call &call : rust::callsIn(sides.function.head->body)) {
        if (call.body == sides.function.head->body || !call.body.is("closure_expression") || isHarmless(call))
            continue;
        const auto &old = sides.function.baseCalls->like(call);
        const Call runner = rust::toCall(call.body.parent().parent());
        if (old.empty() || !runner || old.front()->body != sides.function.base->body)
            continue;
        const auto callees = sides.input.model.callees(runner.node, sides.input.file);
        lock = lockedBy(callees, sides.input.locks);
        if (!lock.empty())
            return {nullptr, call.node,
                    quoted(call.node.text(), 26) + " now runs in the closure of `" +
                        std::string(runner.name) + "`",
                    "runs this in the closure",
                    "resolved: `" + std::string(runner.name) + "` locks `" + lock + '`'};
    }
    return {};
}

void reportClosure(const Covered &covered, const std::string &lock, const Sides &sides, Reporter &reporter)
{
    Draft draft;
    draft.at = covered.node;
    draft.title = fittingTitle({covered.title, "A call now runs in a closure, maybe under a lock"});
    draft.steps = {{"before this change", "did this before it", sides.function.base->node.field("name")},
                   {"this task", covered.step, covered.node}};
    draft.outcome = "If the closure is called while `" + lock +
                    "` is held, and the call leads back to that lock, "
                    "the task waits for itself.";
    draft.facts = {covered.fact, "assumed: it calls the closure while it holds the lock"};
    draft.confidence = 0.9;
    reporter.report(std::move(draft));
}

void report(const Covered &covered, const Sides &sides, Reporter &reporter)
{
    const rust::Guard &guard = covered.hold->guard;
    const std::string lock = "`" + covered.hold->name + "`";
    Draft draft;
    draft.at = changedOf(sides, *covered.hold, covered.node);
    draft.title =
        fittingTitle({covered.title, "More is now done under " + lock, "More is now done under a lock"});
    draft.steps = {
        {"before this change", "did this without holding " + lock, sides.function.base->node.field("name")},
        {"this task", "holds " + lock, guard.call},
        {"this task", covered.step, covered.node}};
    draft.outcome =
        "Everyone who needs " + lock +
        " waits for this as well; and if it leads back to the lock, or to somebody who holds another "
        "lock and waits for this one, nobody goes on.";
    draft.evidence = {guard.call, covered.node};
    draft.facts = {covered.fact};
    if (!guard.reason.empty())
        draft.facts.push_back("resolved: " + guard.reason);
    draft.confidence = covered.confidence;
    reporter.report(std::move(draft));
}

} // namespace

void check_guard_covers_more(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        std::vector<Hold> now = holdsIn(*function.head, input.file, input.model);
        const Sides sides{function, input, holdsIn(*function.base, *input.base, input.model), std::move(now)};
        Covered covered = lockUnder(sides);
        if (!covered.node)
            covered = droppedUnder(sides);
        if (!covered.node)
            covered = mergedUnder(sides);
        if (!covered.node && !input.comparison->isWrittenAnew(function.head->body))
            covered = callUnder(sides);
        std::string lock;
        if (covered.node)
            report(covered, sides, reporter);
        else if (const Covered moved = closureUnder(sides, lock); moved.node)
            reportClosure(moved, lock, sides, reporter);
    }
}

} // namespace review::rules
