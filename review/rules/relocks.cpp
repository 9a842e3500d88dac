// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/relocks.h"

#include "review/rules/call_targets.h"
#include "review/rules/lock_wording.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace review::rules {

namespace {

bool isCertainLock(const rust::Guard &guard)
{
    using enum rust::LockFamily;
    const rust::LockFamily family = guard.lock.family;
    return family != None && family != Unknown && family != RefCell && !guard.recursive;
}

bool areShared(rust::GuardMode first, rust::GuardMode second)
{
    return first == rust::GuardMode::Shared && second == rust::GuardMode::Shared;
}

/// Finds the relocks of one guard.
class RelockFinder {
public:
    RelockFinder(const rust::Node &body, const RuleInput &input) : m_input(input)
    {
        // Closures that are called in place are part of this body's run; Guard::heldAt knows which these are.
        for (const rust::Node &inner : input.locks.bodies(input.file)) {
            if (!inner.isInside(body))
                continue;
            for (const rust::Guard &guard : input.locks.guards(inner, input.file))
                m_guards.push_back(guard);
        }
        for (const rust::Call &call : rust::callsIn(body)) {
            const auto acquires = [&](const rust::Guard &guard) { return guard.call == call.node; };
            if (std::none_of(m_guards.begin(), m_guards.end(), acquires))
                m_calls.push_back(call.node);
        }
    }

    std::optional<Relock> first(const rust::Guard &guard) const
    {
        std::optional<Relock> best;
        const auto consider = [&](Relock relock) {
            relock.certain = guard.heldAt(relock.at);
            const auto rank = [](const Relock &r) { return std::pair(!r.certain, r.at.bytes().begin); };
            if (!best || rank(relock) < rank(*best))
                best = std::move(relock);
        };
        for (const rust::Guard &second : m_guards) {
            if (second.call != guard.call && !second.tries && !second.recursive &&
                guard.maybeHeldAt(second.call) && guard.lock.sameInstance(second.lock) &&
                !areShared(guard.mode, second.mode))
                consider({guard, second.call, second.call, second.mode, nullptr, true});
        }
        for (const rust::Node &call : m_calls) {
            if (guard.maybeHeldAt(call))
                considerCallees(guard, call, consider);
        }
        return best;
    }

private:
    template <typename Consider>
    void considerCallees(const rust::Guard &guard, const rust::Node &call, const Consider &consider) const
    {
        const std::vector<const rust::Function *> callees = m_input.model.callees(call, m_input.file);
        if (callees.size() != 1)
            return;
        const rust::Function &callee = *callees.front();
        if (!isSureTarget(rust::toCall(call), callee, m_input.file, m_input.model))
            return;
        // An async function's body runs when its future is polled, not when it is called.
        if (callee.isAsync && !rust::isAwaited(call))
            return;
        for (const rust::TakenLock &taken : m_input.locks.taken(callee)) {
            if (guard.lock.sameInstance(
                    rust::throughCall(taken.lock, callee, call, m_input.file, m_input.model)) &&
                !areShared(guard.mode, taken.mode))
                return consider({guard, call, taken.call, taken.mode, &callee, true});
        }
    }

    const RuleInput &m_input;
    std::vector<rust::Guard> m_guards;
    std::vector<rust::Node> m_calls;
};

} // namespace

std::vector<Relock> relocksIn(const rust::Node &body, const RuleInput &input)
{
    const std::vector<rust::Guard> &guards = input.locks.guards(body, input.file);
    std::vector<Relock> relocks;
    if (std::none_of(guards.begin(), guards.end(), isCertainLock))
        return relocks;
    const RelockFinder finder(body, input);
    for (const rust::Guard &guard : guards) {
        if (!isCertainLock(guard))
            continue;
        if (auto relock = finder.first(guard))
            relocks.push_back(std::move(*relock));
    }
    return relocks;
}

Draft describeRelock(const Relock &relock, const rust::File &file)
{
    const rust::Guard &guard = relock.guard;
    const std::string name = quoted(guard.lock.receiver, 40);
    const std::string actor = actorOf(relock.at, file);
    Draft draft;
    draft.at = relock.at;
    draft.steps.push_back(
        {actor, lockingVerb(guard.lock, guard.mode) + ' ' + name + "; " + guard.reason, guard.call});
    if (relock.callee)
        draft.steps.push_back({actor, "calls " + quoted(relock.callee->path(), 48), relock.at});
    draft.steps.push_back(
        {actor,
         lockingVerb(guard.lock, relock.mode) + ' ' + name + " again and waits for the guard it holds itself",
         relock.acquisition});
    draft.outcome = "The " + actor + " waits for itself and never goes on";
    draft.outcome += relock.certain ? ". " : " on the paths where the first guard is still held. ";
    draft.outcome += "Everything else that needs " + name + " waits behind it.";
    draft.evidence = {guard.call};
    if (relock.callee)
        draft.evidence.push_back(relock.acquisition);
    draft.facts.push_back(lockFact(guard.lock));
    draft.facts.push_back("resolved: " + guard.reason);
    if (guard.lock.assumed)
        draft.confidence *= 0.6;
    if (!relock.certain) {
        draft.confidence *= 0.65;
        draft.severity = Severity::High;
    }
    return draft;
}

} // namespace review::rules
