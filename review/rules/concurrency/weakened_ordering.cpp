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
            double confidence, Reporter &reporter)
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
    draft.confidence =
        confidence * (is == "Relaxed" ? 1.0 : 0.75); // half an ordering may be all that is needed
    reporter.report(std::move(draft));
}

/// A read-modify-write that now orders to one side only; or a store whose function loads another atomic,
/// which only `SeqCst` keeps apart.
bool isHalved(const rust::Call &call, const rust::Node &now, const rust::Function &function)
{
    const std::string_view is = orderingOf(now);
    if (is != "Acquire" && is != "Release")
        return false;
    if (call.name != "load" && call.name != "store")
        return orderingsOf(call).front() == now; // on failure there is nothing to release
    return callsAny(function, [&](const rust::Call &other) {
        return other.isMethod() && other.name == (call.name == "load" ? "store" : "load") &&
               !orderingsOf(other).empty() && compact(other.receiver.text()) != compact(call.receiver.text());
    });
}

bool isFence(const rust::Call &call)
{
    return !call.isMethod() &&
           isOneOf(call.name, {"fence", "compiler_fence", "smp_mb", "smp_wmb", "smp_rmb"});
}

std::vector<rust::Call> fencesIn(const rust::Function &function)
{
    std::vector<rust::Call> fences;
    for (const rust::Call &call : rust::callsIn(function.body)) {
        if (isFence(call))
            fences.push_back(call);
    }
    return fences;
}

void reportFence(const rust::Node &at, const rust::Call &before, const std::string &title, Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({title, "A fence orders less than before"});
    draft.steps = {
        {"before this change", "keeps the accesses before the fence from crossing it", before.node},
        {"now", "lets some of them pass each other", at}};
    draft.outcome =
        "A read after the fence may give a value from before a write that stands before it, or another "
        "thread sees the writes in another order.";
    draft.evidence = {before.node};
    draft.facts = {"resolved: the fence was " + quoted(before.node.text(), 40) + " before the change",
                   "assumed: accesses on both sides of it depend on their order"};
    reporter.report(std::move(draft));
}

/// A fence is gone, or orders less, or only keeps the compiler back where it kept the processor back.
void checkFences(const RewrittenFunction &function, const RuleInput &input, Reporter &reporter)
{
    const auto before = fencesIn(*function.base);
    const auto now = fencesIn(*function.head);
    for (const RemovedCall &removed : removedCalls(function, isFence, input))
        reportFence(removed.near, removed.call, quoted(removed.call.node.text(), 40) + " is gone", reporter);
    for (std::size_t i = 0; i < now.size() && now.size() == before.size(); ++i) {
        const auto is = orderingsOf(now[i]);
        const auto was = orderingsOf(before[i]);
        const bool isLess = is.size() == 1 && was.size() == 1 && strengthOf(is[0]) < strengthOf(was[0]);
        if (isLess || (before[i].name == "fence" && now[i].name == "compiler_fence"))
            reportFence(now[i].node, before[i],
                        quoted(now[i].node.text(), 30) + " orders less than " +
                            quoted(before[i].node.text(), 24),
                        reporter);
    }
}

} // namespace

void check_weakened_ordering(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        checkFences(function, input, reporter);
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
                if (strengthOf(now[i]) < strengthOf(then[i])) {
                    const bool mayDo = stillOrders && !isLeftAlone(call, input.file);
                    if (mayDo && !isHalved(call, now[i], *function.head))
                        continue;
                    report(was, call, then[i], now[i], mayDo ? 0.7 : 1.0, reporter);
                    break;
                }
            }
        }
    }
}

} // namespace review::rules
