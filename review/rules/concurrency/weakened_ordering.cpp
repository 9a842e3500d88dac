// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/atomics.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <algorithm>
#include <string>
#include <utility>

namespace review::rules {

namespace {

/// The orderings among the arguments, in source order: `load(Acquire, guard)` of an epoch's pointer counts
/// too, so this asks less than atomicAccess().
std::vector<rust::Node> orderingsOf(const rust::Call &call)
{
    std::vector<rust::Node> orderings;
    for (const rust::Node &argument : call.arguments) {
        if (!orderingOf(argument).empty())
            orderings.push_back(argument);
    }
    return orderings;
}

/// How much an ordering orders; Acquire and Release order different things, as much of them.
int strengthOf(const rust::Node &ordering)
{
    const std::string_view name = orderingOf(ordering);
    return name == "SeqCst" ? 3 : name == "AcqRel" ? 2 : name == "Relaxed" ? 0 : 1;
}

/// The atomic operations of a function on one place by one method, in source order.
std::vector<rust::Call> sameOperations(const rust::Function &function, const rust::Call &call)
{
    std::vector<rust::Call> found;
    for (const rust::Call &other : rust::callsIn(function.body)) {
        if (other.name == call.name && other.isMethod() && !orderingsOf(other).empty() &&
            compact(other.receiver.text()) == compact(call.receiver.text()))
            found.push_back(other);
    }
    return found;
}

/// Others keep the one order of all `SeqCst` operations on this field.
bool isLeftAlone(const rust::Call &call, const rust::File &file)
{
    const std::string field = fieldNameOf(rust::placeText(call.receiver));
    for (const rust::Call &other : rust::callsIn(file.root())) {
        const auto orderings = other.isMethod() ? orderingsOf(other) : std::vector<rust::Node>();
        if (!orderings.empty() && orderingOf(orderings.front()) == "SeqCst" && other.node != call.node &&
            fieldNameOf(rust::placeText(other.receiver)) == field)
            return true;
    }
    return false;
}

void report(const rust::Call &before, const rust::Call &after, const rust::Node &then, const rust::Node &now,
            Reporter &reporter)
{
    const std::string was(orderingOf(then));
    const std::string is(orderingOf(now));
    const std::string place = compact(after.receiver.text());
    const std::string operation = place + '.' + std::string(after.name);
    Draft draft;
    draft.at = after.node;
    draft.title = fittingTitle({"`" + operation + "` was weakened from `" + was + "` to `" + is + '`',
                                "An atomic operation was weakened to `" + is + '`'});
    draft.steps = {
        {"before this change", "orders what is written before and read after it", before.node},
        {"now", is == "Relaxed" ? "orders nothing but the value itself" : "orders less than that", now}};
    draft.outcome = "Another thread can see the new value of `" + place +
                    "` and still read old values of what was written before it.";
    draft.evidence = {before.node};
    draft.facts = {"resolved: the ordering was `" + was + "` and is `" + is + '`',
                   "assumed: other memory is published or read by way of `" + place + "`"};
    std::string text(now.text());
    text.replace(text.rfind(is), is.size(), was);
    draft.edits.push_back({now.bytes(), text});
    draft.confidence = is == "Relaxed" ? 1.0 : 0.75; // half an ordering may be all that is needed
    reporter.report(std::move(draft));
}

} // namespace

void check_weakened_ordering(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const rust::Call &call : rust::callsIn(function.head->body)) {
            const auto now = call.isMethod() ? orderingsOf(call) : std::vector<rust::Node>();
            if (now.empty())
                continue;
            const auto after = sameOperations(*function.head, call);
            const auto before = sameOperations(*function.base, call);
            if (after.size() != before.size())
                continue; // which of them became which is not known
            const auto place = std::find_if(after.begin(), after.end(),
                                            [&](const rust::Call &other) { return other.node == call.node; });
            const rust::Call &was = before[static_cast<std::size_t>(place - after.begin())];
            const auto then = orderingsOf(was);
            for (std::size_t i = 0; then.size() == now.size() && i < now.size(); ++i) {
                const bool stillOrders = strengthOf(then[i]) == 3 && strengthOf(now[i]) > 0;
                if (strengthOf(now[i]) < strengthOf(then[i]) &&
                    (!stillOrders || isLeftAlone(call, input.file))) {
                    report(was, call, then[i], now[i], reporter);
                    break;
                }
            }
        }
    }
}

} // namespace review::rules
