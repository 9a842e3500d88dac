// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Call;

/// A call, or a field that is set, which stands once on each side, and where.
struct Twin {
    Call base;
    Call head;
};

std::map<std::string, Call> once(const rust::Function &side)
{
    std::map<std::string, Call> calls;
    std::vector<std::string> several;
    for (const Call &call : rust::callsIn(side.body)) {
        if (!rust::runsIn(call.node, rust::bodyOf(side.body.firstNamedChild())))
            continue; // in a closure: when it runs is another question
        if (isOneOf(call.name, {"clone", "new", "default", "into", "from", "len", "is_empty", "iter",
                                "as_ref", "as_mut", "to_string", "to_owned", "Some", "Ok", "Err", "get"}))
            continue; // sees nothing of what others do, or only looks
        std::string key = signatureOf(call);
        for (const rust::Node &argument : call.arguments)
            key += ',' + compact(argument.text());
        const auto [entry, isNew] = calls.try_emplace(key, call);
        if (!isNew)
            several.push_back(entry->first);
    }
    for (const rust::Node &set : side.body.descendants("assignment_expression")) {
        const rust::Node left = set.field("left");
        if (!left.is("field_expression") || !set.parent().is("expression_statement") ||
            !rust::runsIn(set, rust::bodyOf(side.body.firstNamedChild())))
            continue;
        Call step;
        step.node = set;
        step.receiver = left;
        step.name = "set_";
        const auto [entry, isNew] = calls.try_emplace("=" + compact(set.text()), step);
        if (!isNew)
            several.push_back(entry->first);
    }
    for (const std::string &key : several)
        calls.erase(key);
    return calls;
}

/// In the base's order.
std::vector<Twin> twinsOf(const RewrittenFunction &function)
{
    std::vector<Twin> twins;
    const auto head = once(*function.head);
    for (const auto &[key, call] : once(*function.base)) {
        const auto other = head.find(key);
        if (other != head.end())
            twins.push_back({call, other->second});
    }
    std::sort(twins.begin(), twins.end(), [](const Twin &left, const Twin &right) {
        return left.base.node.index() < right.base.node.index();
    });
    return twins;
}

/// Changes something, waits, or joins those who will be told: when it happens is seen by others.
bool isSeenByOthers(const Call &call)
{
    return rust::isAwaited(call.node) ||
           mentions(call.name,
                    {"subscribe", "register", "notify", "wake",   "store",     "insert",  "remove",
                     "push",      "pop",      "send",   "write",  "append",    "commit",  "sync",
                     "flush",     "rename",   "end_",   "apply",  "spawn",     "drop",    "free",
                     "set_",      "truncate", "clear",  "fetch_", "retention", "persist", "publish",
                     "close",     "advance",  "lock"});
}

/// The first two names of a place: `self.queue` of `self.queue.lock()`.
std::string rootOf(const Call &call)
{
    const std::string text = compact(call.isMethod() ? call.receiver.text() : call.node.text());
    std::size_t end = text.find_first_of(".([?:");
    if (text.starts_with("self.") && end != std::string::npos)
        end = text.find_first_of(".([?:", end + 1);
    return text.substr(0, end);
}

/// The two stand in statements of their own, and in the base neither was part of the other.
bool areApart(const Twin &first, const Twin &second)
{
    const auto apart = [](const Call &left, const Call &right) {
        return rust::statementOf(left.node) != rust::statementOf(right.node) &&
               !rust::statementOf(left.node).isInside(rust::statementOf(right.node)) &&
               !rust::statementOf(right.node).isInside(rust::statementOf(left.node));
    };
    return apart(first.base, second.base) && apart(first.head, second.head) &&
           rust::canReach(first.base.node, second.base.node) &&
           rust::canReach(second.head.node, first.head.node);
}

/// `self.a()` and `self.b()` may share what they work on; of two other places only the same one is known to.
bool mayShare(const Call &left, const Call &right)
{
    if (mentions(left.name, {"sync", "flush", "persist", "commit", "append", "save", "write"}) &&
        mentions(right.name, {"reply", "respond", "ack", "send", "notify", "complete", "resolve"}))
        return true; // what is answered is what was kept before
    const std::string first = rootOf(left);
    const std::string second = rootOf(right);
    return first == second || (first.starts_with("self") && second.starts_with("self"));
}

void report(const Twin &early, const Twin &late, Reporter &reporter)
{
    Draft draft;
    draft.at = rust::statementOf(early.head.node);
    if (draft.at.lines().end - draft.at.lines().begin > 6)
        draft.at = early.head.node;
    draft.title = fittingTitle(
        {quoted(early.head.node.text(), 24) + " now comes after " + quoted(late.head.node.text(), 24),
         "Two steps have changed places"});
    draft.steps = {{"before this change", "does this first", early.base.node},
                   {"before this change", "and this then", late.base.node},
                   {"now", "does the second one first", late.head.node},
                   {"now", "and the first one after it", early.head.node}};
    draft.outcome = "Between the two the state is one that never was there before: an event missed, a record "
                    "visible too early, a value read too late.";
    draft.evidence = {early.base.node, late.head.node};
    draft.facts = {"resolved: both calls stand once on both sides, in the other order",
                   "assumed: one depends on what the other does"};
    reporter.report(std::move(draft));
}

} // namespace

void check_steps_swapped(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t fewLines = 8;
    constexpr std::size_t manyCalls = 120;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) > fewLines)
            continue;
        const std::vector<Twin> twins = twinsOf(function);
        if (twins.size() > manyCalls)
            continue;
        bool isTold = false;
        for (std::size_t i = 0; i < twins.size() && !isTold; ++i) {
            for (std::size_t j = i + 1; j < twins.size() && !isTold; ++j) {
                const Twin &early = twins[i];
                const Twin &late = twins[j];
                const bool joins = mentions(early.base.name, {"subscribe", "register", "notified", "listen"});
                if (early.head.node.index() <= late.head.node.index() ||
                    (!isSeenByOthers(early.base) && !isSeenByOthers(late.base)) ||
                    !(mayShare(early.base, late.base) || (joins && rust::isAwaited(late.base.node))) ||
                    !areApart(early, late))
                    continue;
                report(early, late, reporter);
                isTold = true;
            }
        }
    }
}

} // namespace review::rules
