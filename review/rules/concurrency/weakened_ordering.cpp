// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/atomics.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <algorithm>
#include <string>
#include <utility>

namespace review::rules {

namespace {

/// Of the first ordering: `load(Acquire, guard)` of an epoch's pointer counts too, so this asks less than
/// atomicAccess().
std::string_view strengthOf(const rust::Call &call)
{
    for (const rust::Node &argument : call.arguments) {
        if (const std::string_view ordering = orderingOf(argument); !ordering.empty())
            return ordering;
    }
    return {};
}

/// The atomic operations of a function on one place by one method, in source order.
std::vector<rust::Call> sameOperations(const rust::Function &function, const rust::Call &call)
{
    std::vector<rust::Call> found;
    for (const rust::Call &other : rust::callsIn(function.body)) {
        if (other.name == call.name && other.isMethod() && !strengthOf(other).empty() &&
            compact(other.receiver.text()) == compact(call.receiver.text()))
            found.push_back(other);
    }
    return found;
}

void report(const rust::Call &before, const rust::Call &after, Reporter &reporter)
{
    const std::string was(strengthOf(before));
    const std::string place = compact(after.receiver.text());
    const std::string operation = place + '.' + std::string(after.name);
    Draft draft;
    draft.at = after.node;
    draft.title = fittingTitle({"`" + operation + "` was weakened from `" + was + "` to `Relaxed`",
                                "An atomic operation was weakened to `Relaxed`"});
    draft.steps = {{"before this change", "orders what is written before and read after it", before.node},
                   {"now", "orders nothing but the value itself", after.node}};
    draft.outcome = "Another thread can see the new value of `" + place +
                    "` and still read old values of what was written before it.";
    draft.evidence = {before.node};
    draft.facts = {"resolved: the ordering was `" + was + "` and is `Relaxed`",
                   "assumed: other memory is published or read by way of `" + place + "`"};
    for (const rust::Node &argument : after.arguments) {
        if (orderingOf(argument) == "Relaxed") {
            std::string text(argument.text());
            text.replace(text.rfind("Relaxed"), 7, was);
            draft.edits.push_back({argument.bytes(), text});
            break;
        }
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_weakened_ordering(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const rust::Call &call : rust::callsIn(function.head->body)) {
            if (!call.isMethod() || strengthOf(call) != "Relaxed")
                continue;
            const auto after = sameOperations(*function.head, call);
            const auto before = sameOperations(*function.base, call);
            if (after.size() != before.size())
                continue; // which of them became which is not known
            const auto place = std::find_if(after.begin(), after.end(),
                                            [&](const rust::Call &other) { return other.node == call.node; });
            const rust::Call &was = before[static_cast<std::size_t>(place - after.begin())];
            if (strengthOf(was) != "Relaxed")
                report(was, call, reporter);
        }
    }
}

} // namespace review::rules
