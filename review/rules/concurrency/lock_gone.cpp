// SPDX-License-Identifier: GPL-3.0-or-later
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

using rust::Node;

bool takesLock(const rust::Call &call)
{
    return call.isMethod() && call.arguments.empty() &&
           isOneOf(call.name, {"lock", "read", "write", "lock_owned", "read_owned", "write_owned", "lock_arc",
                               "blocking_lock", "upgradable_read", "try_lock", "try_read", "try_write"});
}

/// The value of the let is a guard by its own words: a call of a lock's method at the end of the chain, or a
/// macro that is named after one.
bool isAcquisition(const Node &value)
{
    const Node whole = rust::stripAdapters(value);
    if (whole.is("macro_invocation"))
        return mentions(rust::macroName(whole), {"lock", "read", "write"}) &&
               rust::macroName(whole).size() <= 12 && whole.text().size() < 80;
    return takesLock(rust::toCall(whole));
}

/// The last name of what is locked: "queries_lock" of `zread!(tables.queries_lock)` and of
/// `self.queries_lock.read()`.
std::string lockedName(const Node &value)
{
    const Node whole = rust::stripAdapters(value);
    std::string place =
        whole.is("macro_invocation") ? compact(whole.text()) : compact(rust::toCall(whole).receiver.text());
    if (whole.is("macro_invocation"))
        place = place.substr(place.find_first_of("([{") + 1);
    const auto isName = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
    std::string last;
    std::string name;
    for (const char c : place) {
        if (isName(c)) {
            name += c;
            continue;
        }
        if (!name.empty() && c != '(')
            last = name;
        name.clear();
        if (c == '(' || c == ')' || c == '[')
            break;
    }
    return name.empty() ? last : name;
}

/// Nothing is done with the guard but to keep it and to drop it: it is there to keep others out.
bool onlyExcludes(const Node &let)
{
    const Node pattern = let.field("pattern");
    if (!pattern.is("identifier") || pattern.text() == "_")
        return false;
    const Node block = rust::blockOf(let);
    for (const Node &use : rust::usesOf(pattern.text(), block)) {
        const rust::Call outer = rust::toCall(use.parent().parent());
        if (use.index() > let.index() && !isOneOf(outer.path, {"drop", "mem::drop", "std::mem::drop"}))
            return false;
    }
    return true;
}

/// The first call of the base after the let, in its block, that the head still makes.
Node stillDone(const Node &let, const RewrittenFunction &function)
{
    const Node block = rust::blockOf(let);
    for (const rust::Call &call : rust::callsIn(block)) {
        if (call.node.index() < let.index() || call.node.isInside(let) ||
            isOneOf(call.path, {"Some", "Ok", "Err", "drop"}) || call.name == "clone")
            continue;
        if (const auto &same = function.headCalls->like(call); !same.empty())
            return same.front()->node;
    }
    return {};
}

/// A function that only the head calls locks in its place, or the guard comes from outside now.
bool isLockedElsewhere(const RewrittenFunction &function, const std::string &name, const RuleInput &input)
{
    if (mentions(function.head->node.field("parameters").text(), {"guard"}))
        return true;
    return callsNewFunction(function, input, [&](const rust::Function &callee) {
        return callee.body.text().find(name) != std::string_view::npos;
    });
}

void checkGone(const RewrittenFunction &function, const RuleInput &input, Reporter &reporter)
{
    for (const Node &let : function.base->body.descendants("let_declaration")) {
        const Node value = let.field("value");
        if (!value || !isAcquisition(value) || !onlyExcludes(let))
            continue;
        const std::string name = lockedName(value);
        if (name.size() < 2 || function.head->body.text().find(name) != std::string_view::npos)
            continue;
        const bool usesAnother = callsAny(*function.head, [&](const rust::Call &call) {
            return takesLock(call) && !function.baseCalls->has(call);
        });
        const Node at = stillDone(let, function);
        if (!at || usesAnother || isLockedElsewhere(function, name, input))
            continue;
        const bool isStillThere = input.file.tree().text().find(name) != std::string_view::npos;
        Draft draft;
        draft.at = at;
        draft.title = fittingTitle({"`" + name + "` is no longer locked around " + quoted(at.text()),
                                    "`" + name + "` is no longer locked here", "A lock is no longer taken"});
        draft.steps = {{"before this change", "keeps others out with this lock", let},
                       {"now", "does the same without it", at},
                       {"another task", "does it at the same time", at}};
        draft.outcome = "Two run between each other's steps, or read what another is writing.";
        draft.evidence = {let};
        draft.facts = {"resolved: the guard was only held, and never read or written through",
                       isStillThere ? "resolved: the lock is still there"
                                    : "assumed: no other lock took its place",
                       "assumed: callers do not hold it"};
        draft.confidence = isStillThere ? 1.0 : 0.8;
        reporter.report(std::move(draft));
    }
}

/// A waiter is still told of a change that is now made without the mutex it waits with: what it has just seen
/// and what it is told of may cross.
void checkNotified(const RewrittenFunction &function, Reporter &reporter)
{
    if (callsAny(*function.head, takesLock) || !callsAny(*function.base, takesLock))
        return;
    for (const rust::Call &now : rust::callsIn(function.head->body)) {
        if (!isOneOf(now.name, {"notify_one", "notify_all"}) || !now.isMethod() ||
            !function.baseCalls->has(now))
            continue;
        for (const Node &let : function.base->body.descendants("let_declaration")) {
            const rust::Call taken = rust::toCall(rust::stripAdapters(let.field("value")));
            if (!takesLock(taken) || taken.name == "read" || !stillDone(let, function))
                continue;
            Draft draft;
            draft.at = now.node;
            draft.title = fittingTitle({quoted(now.node.text()) + " tells of a change made without the mutex",
                                        "A waiter is told of a change made without the mutex"});
            draft.steps = {{"a waiter", "holds the mutex and sees that it has to wait", let},
                           {"this thread", "now changes the state without the mutex, and notifies", now.node},
                           {"the waiter", "begins to wait, after the notification", now.node}};
            draft.outcome = "The waiter sleeps on although its condition holds.";
            draft.evidence = {let};
            draft.facts = {"resolved: the mutex was taken before the notification, and no lock is now",
                           "assumed: waiters look at the state under this mutex"};
            reporter.report(std::move(draft));
            return;
        }
    }
}

bool changesState(const rust::Call &call)
{
    return mentions(call.name,
                    {"store",  "insert", "remove", "push",   "pop",   "send",     "write", "update",
                     "notify", "append", "commit", "end_",   "set_",  "register", "apply", "flush",
                     "take",   "fetch_", "swap",   "extend", "clear", "advance",  "wake"}) &&
           !call.name.starts_with("with_");
}

/// A change of state that the base made under a lock and the head makes without it, while it still takes the
/// lock.
void checkNarrowed(const RewrittenFunction &function, const RuleInput &input, Reporter &reporter)
{
    const auto &now = input.locks.guards(function.head->body, input.file);
    if (now.empty())
        return;
    for (const rust::Guard &guard : rust::guardsIn(function.base->body, *input.base, input.model)) {
        const std::string receiver = compact(guard.lock.receiver);
        const bool isKept = std::any_of(now.begin(), now.end(), [&](const rust::Guard &other) {
            return compact(other.lock.receiver) == receiver;
        });
        if (!isKept || guard.variable.empty() || guard.lock.family == rust::LockFamily::Unknown)
            continue;
        for (const rust::Call &call : rust::callsIn(function.head->body)) {
            if (!changesState(call) || !call.isMethod() || takesLock(call))
                continue;
            const auto &old = function.baseCalls->like(call);
            if (old.size() != 1 || function.headCalls->like(call).size() != 1)
                continue;
            const bool isHeld = std::any_of(now.begin(), now.end(), [&](const rust::Guard &other) {
                return compact(other.lock.receiver) == receiver && other.maybeHeldAt(call.node);
            });
            const Node before = old.front()->node;
            if (!guard.heldAt(before) || isHeld)
                continue;
            Draft draft;
            draft.at = call.node;
            draft.title = fittingTitle({quoted(call.node.text()) + " now runs outside `" + receiver + '`',
                                        "A change of state now runs outside its lock"});
            draft.steps = {{"before this change", "does this while it holds `" + receiver + '`', before},
                           {"now", "does it without the lock", call.node},
                           {"another task", "sees it before or without what the lock protects", call.node}};
            draft.outcome = "What changed in one step can be seen half done.";
            draft.evidence = {before, guard.call};
            draft.facts = {"resolved: the lock was held at this call before the change and is not after it",
                           "assumed: the two changes belong together"};
            draft.confidence = 0.75;
            reporter.report(std::move(draft));
            return;
        }
    }
}

} // namespace

void check_lock_gone(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        checkGone(function, input, reporter);
        checkNarrowed(function, input, reporter);
        checkNotified(function, reporter);
    }
}

} // namespace review::rules
