// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/holds.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Call;

std::string placeOf(const Hold &hold)
{
    return compact(hold.guard.lock.receiver);
}

std::vector<const Hold *> ofPlace(const std::vector<Hold> &holds, const std::string &place)
{
    std::vector<const Hold *> found;
    for (const Hold &hold : holds) {
        if (placeOf(hold) == place && !hold.guard.tries)
            found.push_back(&hold);
    }
    return found;
}

/// What is done on the guard or while it is held, by names.
std::set<std::string_view> doneUnder(const Hold &hold, const rust::Function &function)
{
    std::set<std::string_view> names;
    for (const Call &call : rust::callsIn(function.body)) {
        const bool isOn = isOnGuard(call, hold);
        if (call.node != hold.guard.call &&
            (isOn || (hold.guard.maybeHeldAt(call.node) && !isHarmless(call))) &&
            !isOneOf(call.name,
                     {"unwrap", "expect", "clone", "iter", "as_ref", "as_mut", "cloned", "copied"}))
            names.insert(call.name);
    }
    return names;
}

bool areApart(const Hold &first, const Hold &second)
{
    return !first.guard.maybeHeldAt(second.guard.call) && !second.guard.maybeHeldAt(first.guard.call);
}

void report(const Hold &first, const Hold &second, const Hold &old, Reporter &reporter)
{
    const std::string place = "`" + placeOf(second) + "`";
    Draft draft;
    draft.at = second.guard.call;
    draft.title = fittingTitle({place + " is now locked twice where one guard covered both steps",
                                "A lock is now taken twice where one guard covered both"});
    draft.steps = {{"before this change", "held the lock from the first step to the last", old.guard.call},
                   {"this task", "now takes the first step and gives the lock back", first.guard.call},
                   {"another task", "changes what the first step saw", first.guard.call},
                   {"this task", "takes the second step all the same", second.guard.call}};
    draft.outcome = "What was decided under the first guard need not be true under the second.";
    draft.evidence = {first.guard.call, old.guard.call};
    draft.facts = {"resolved: both steps were under one guard before the change",
                   "assumed: the second step depends on what the first one saw"};
    reporter.report(std::move(draft));
}

/// Two guards of the head, apart from each other, that share out what one guard of the base covered.
bool checkPlace(const RewrittenFunction &function, const std::vector<const Hold *> &before,
                const std::vector<const Hold *> &now, Reporter &reporter)
{
    for (const Hold *old : before) {
        const auto all = doneUnder(*old, *function.base);
        for (std::size_t i = 0; i + 1 < now.size(); ++i) {
            const auto first = doneUnder(*now[i], *function.head);
            const auto second = doneUnder(*now[i + 1], *function.head);
            const auto isPart = [&](const std::set<std::string_view> &some,
                                    const std::set<std::string_view> &others) {
                return std::any_of(some.begin(), some.end(), [&](std::string_view name) {
                    return all.contains(name) && !others.contains(name);
                });
            };
            if (areApart(*now[i], *now[i + 1]) && isPart(first, second) && isPart(second, first)) {
                report(*now[i], *now[i + 1], *old, reporter);
                return true;
            }
        }
    }
    return false;
}

} // namespace

void check_lock_split(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t many = 6;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        const std::vector<Hold> now = holdsIn(*function.head, input.file, input.model);
        if (now.size() < 2)
            continue;
        const std::vector<Hold> before = holdsIn(*function.base, *input.base, input.model);
        std::set<std::string> places;
        for (const Hold &hold : before)
            places.insert(placeOf(hold));
        for (const std::string &place : places) {
            const auto old = ofPlace(before, place);
            const auto current = ofPlace(now, place);
            if (!place.empty() && current.size() > old.size() && current.size() <= many &&
                checkPlace(function, old, current, reporter))
                break;
        }
    }
}

} // namespace review::rules
