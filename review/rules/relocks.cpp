// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/relocks.h"

#include "review/rules/call_targets.h"
#include "review/rules/lock_wording.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/lock_namer.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace review::rules {

namespace {

/// The type is not known, but what is called on it is used as a guard: unwrapped or awaited.
bool looksLikeLock(const rust::Guard &guard)
{
    return guard.lock.family == rust::LockFamily::Unknown && guard.expression != guard.call &&
           guard.expression.isAny({"call_expression", "await_expression"});
}

bool isOfKind(const rust::Guard &guard, RelockKind kind)
{
    using enum rust::LockFamily;
    const rust::LockFamily family = guard.lock.family;
    if (kind == RelockKind::Cells)
        return family == RefCell;
    if (guard.recursive || family == None || family == RefCell)
        return false;
    if (kind == RelockKind::Shared)
        return family != Unknown && guard.mode == rust::GuardMode::Shared;
    return family != Unknown || looksLikeLock(guard);
}

bool areOfKind(rust::GuardMode first, rust::GuardMode second, RelockKind kind)
{
    const bool shared = first == rust::GuardMode::Shared && second == rust::GuardMode::Shared;
    return shared == (kind == RelockKind::Shared);
}

/// The guard itself is an argument: the callee owns it and may drop it before it locks.
bool takesGuard(const rust::Call &call, const rust::Guard &guard)
{
    return std::any_of(call.arguments.begin(), call.arguments.end(), [&](const rust::Node &argument) {
        return guard.variable.empty() ? guard.call.isInside(argument)
                                      : rust::stripAdapters(argument).text() == guard.variable;
    });
}

bool isCompiledSometimes(const rust::Node &node)
{
    const rust::Node before = rust::statementOf(node).previousNamedSibling();
    return before.is("attribute_item") && before.text().find("cfg") != std::string_view::npos;
}

/// Two acquisitions that are one: alternatives of the build, or the same variable filled again after a `drop`
/// that this model does not see on every path.
bool areAlternatives(const rust::Guard &guard, const rust::Guard &second)
{
    if (isCompiledSometimes(guard.call) && isCompiledSometimes(second.call))
        return true;
    return !guard.variable.empty() && guard.variable == second.variable && !guard.heldAt(second.call);
}

/// The closure `parameter` of a function is called there while `held` is.
bool isCalledUnder(const rust::Guard &held, const rust::Parameter &parameter, const rust::Function &function)
{
    for (const rust::Call &call : rust::callsIn(function.body)) {
        if (!call.isMethod() && call.path == parameter.name && held.heldAt(call.node))
            return true;
    }
    return false;
}

/// Finds the relocks of one guard.
class RelockFinder {
public:
    RelockFinder(const rust::Node &body, const RuleInput &input, RelockKind kind)
        : m_input(input)
        , m_kind(kind)
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
            relock.kind = m_kind;
            const auto rank = [](const Relock &r) { return std::pair(!r.certain, r.at.bytes().begin); };
            if (!best || rank(relock) < rank(*best))
                best = std::move(relock);
        };
        for (const rust::Guard &second : m_guards) {
            if (second.call != guard.call && !second.tries && !second.recursive &&
                guard.maybeHeldAt(second.call) && guard.lock.sameInstance(second.lock) &&
                areOfKind(guard.mode, second.mode, m_kind) && !areAlternatives(guard, second) &&
                (second.lock.family == guard.lock.family || second.lock.family == rust::LockFamily::Unknown))
                consider({guard, second.call, second.call, second.mode, nullptr, true, m_kind});
        }
        for (const rust::Node &call : m_calls) {
            if (guard.maybeHeldAt(call) && mayReach(guard.lock, rust::toCall(call)))
                considerCallees(guard, call, consider);
        }
        return best;
    }

    /// What the functions that this body calls hold while they run a closure that the body hands in.
    std::vector<rust::Guard> heldAroundClosures() const;

private:
    /// A function gets at the lock of a place only by what it is given, unless it is a static's.
    bool mayReach(const rust::Lock &lock, const rust::Call &call) const
    {
        if (lock.key.empty() || !lock.fixed)
            return false; // it is the same as no other one
        if (lock.key.starts_with("static "))
            return true;
        const auto leads = [&](const rust::Node &given) {
            const std::string place = rust::LockNamer(m_input.model, m_input.file).name(given).place;
            return !place.empty() && lock.place.starts_with(place);
        };
        return (call.isMethod() && leads(call.receiver)) || std::ranges::any_of(call.arguments, leads);
    }

    template <typename Consider>
    void considerCallees(const rust::Guard &guard, const rust::Node &call, const Consider &consider) const
    {
        const std::vector<const rust::Function *> callees = m_input.model.callees(call, m_input.file);
        if (callees.size() != 1 || takesGuard(rust::toCall(call), guard))
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
                areOfKind(guard.mode, taken.mode, m_kind) &&
                rust::toCall(taken.call).name.find("recursive") == std::string_view::npos)
                return consider({guard, call, taken.call, taken.mode, &callee, true, m_kind});
        }
    }

    const RuleInput &m_input;
    RelockKind m_kind;
    std::vector<rust::Guard> m_guards;
    std::vector<rust::Node> m_calls;
};

std::vector<rust::Guard> RelockFinder::heldAroundClosures() const
{
    std::vector<rust::Guard> held;
    for (const rust::Node &node : m_calls) {
        const rust::Call &call = rust::toCall(node);
        const bool takesClosure =
            std::any_of(call.arguments.begin(), call.arguments.end(),
                        [](const rust::Node &argument) { return argument.is("closure_expression"); });
        if (!takesClosure || m_input.model.functionsNamed(call.name, 1).empty())
            continue;
        const auto callees = m_input.model.callees(node, m_input.file);
        if (callees.size() != 1 || !callees.front()->body ||
            !isSureTarget(call, *callees.front(), m_input.file, m_input.model))
            continue;
        const rust::Function &callee = *callees.front();
        std::size_t number = 0;
        for (const rust::Parameter &parameter : callee.parameters) {
            if (parameter.name == "self" && call.isMethod())
                continue;
            const rust::Node argument =
                number < call.arguments.size() ? call.arguments[number] : rust::Node();
            ++number;
            if (!argument.is("closure_expression"))
                continue;
            for (const rust::Guard &inner : m_input.locks.guards(callee.body, *callee.file)) {
                if (!isOfKind(inner, m_kind) || !isCalledUnder(inner, parameter, callee))
                    continue;
                rust::Guard guard = inner;
                guard.lock = rust::throughCall(inner.lock, callee, node, m_input.file, m_input.model);
                guard.call = node;
                guard.variable.clear();
                guard.binding = rust::Node();
                guard.live = {argument.bytes()};
                guard.maybe.clear();
                guard.reason = quoted(callee.path(), 48) + " holds it while it calls the closure";
                held.push_back(std::move(guard));
            }
        }
    }
    return held;
}

} // namespace

std::vector<Relock> relocksIn(const rust::Node &body, const RuleInput &input, RelockKind kind)
{
    std::vector<rust::Guard> guards = input.locks.guards(body, input.file);
    std::erase_if(guards, [kind](const rust::Guard &guard) { return !isOfKind(guard, kind); });
    const bool givesClosures = body.text().find('|') != std::string_view::npos;
    std::vector<Relock> relocks;
    if (guards.empty() && !givesClosures)
        return relocks;
    const RelockFinder finder(body, input, kind);
    if (givesClosures) {
        for (rust::Guard &guard : finder.heldAroundClosures())
            guards.push_back(std::move(guard));
    }
    for (const rust::Guard &guard : guards) {
        if (auto relock = finder.first(guard))
            relocks.push_back(std::move(*relock));
    }
    return relocks;
}

namespace {

std::string outcomeOf(const Relock &relock, const std::string &actor, const std::string &name)
{
    const std::string paths = relock.certain ? ". " : " on the paths where the first guard is still held. ";
    switch (relock.kind) {
    case RelockKind::Waits:
        return "The " + actor + " waits for itself and never goes on" + paths +
               "Everything else that needs " + name + " waits behind it.";
    case RelockKind::Shared:
        return "The writer waits for the first read guard, the second read waits behind the writer" + paths +
               "From then on nobody gets " + name + '.';
    case RelockKind::Cells:
        return "`RefCell` panics with \"already borrowed\"" + paths;
    }
    return {};
}

} // namespace

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
    const std::string again = lockingVerb(guard.lock, relock.mode) + ' ' + name + " again";
    if (relock.kind == RelockKind::Shared)
        draft.steps.push_back({"another " + actor, "wants to write " + name + " and waits", guard.call});
    draft.steps.push_back(
        {actor, relock.kind == RelockKind::Waits ? again + " and waits for the guard it holds itself" : again,
         relock.acquisition});
    draft.outcome = outcomeOf(relock, actor, name);
    draft.evidence = {guard.call};
    if (relock.callee)
        draft.evidence.push_back(relock.acquisition);
    draft.facts.push_back(lockFact(guard.lock));
    draft.facts.push_back("resolved: " + guard.reason);
    if (guard.lock.assumed || guard.lock.family == rust::LockFamily::Unknown)
        draft.confidence *= 0.6;
    if (!relock.certain) {
        draft.confidence *= 0.65;
        draft.severity = Severity::High;
    }
    return draft;
}

} // namespace review::rules
