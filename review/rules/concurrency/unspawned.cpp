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

bool spawns(const Call &call)
{
    return isOneOf(call.name, {"spawn", "spawn_local", "spawn_on", "spawn_named", "spawn_pinned", "spawn_obj",
                               "spawn_detached", "spawn_cancellable", "spawn_with_handle"}) &&
           !call.arguments.empty();
}

std::vector<Call> spawnsIn(const rust::Function &function)
{
    std::vector<Call> found;
    for (const Call &call : rust::callsIn(function.body)) {
        if (spawns(call))
            found.push_back(call);
    }
    return found;
}

bool isInOneOf(const std::vector<Call> &spawned, const Node &node)
{
    return std::any_of(spawned.begin(), spawned.end(),
                       [&](const Call &call) { return node.isInside(call.node) && node != call.node; });
}

void reportInline(const Call &now, const Call &old, Reporter &reporter)
{
    Draft draft;
    draft.at = now.node;
    draft.title = fittingTitle({quoted(now.node.text(), 30) + " no longer runs in a task of its own",
                                "Work no longer runs in a task of its own"});
    draft.steps = {
        {"before this change", "ran in a task that nobody cancels", old.node},
        {"the caller", "is dropped while this waits: a timeout, a client that goes away", now.node},
        {"now", "ends between two of its steps", now.node}};
    draft.outcome =
        "What the steps belong together for is left half done; and as long as it runs, the caller does "
        "nothing else.";
    draft.evidence = {old.node};
    draft.facts = {"resolved: the call was made inside a spawned task before the change",
                   "assumed: the caller's future may be dropped, or must not wait"};
    reporter.report(std::move(draft));
}

/// A task that ran to its end is now aborted.
bool checkAbort(const Call &now, const RewrittenFunction &function, Reporter &reporter)
{
    if (!now.isMethod() || !isOneOf(now.name, {"abort", "abort_all", "shutdown_background", "cancel_now"}) ||
        callsAny(*function.base, [&](const Call &call) { return call.name == now.name; }))
        return false;
    const std::string handle = compact(rust::stripAdapters(now.receiver).text());
    const bool wasThere = callsAny(*function.base, spawns) && callsAny(*function.head, spawns);
    const bool wasAwaited =
        compact(function.base->body.text()).find(handle + ".await") != std::string::npos ||
        compact(function.base->body.text()).find(handle + ".join") != std::string::npos;
    if (!wasThere && !wasAwaited)
        return false;
    Draft draft;
    draft.at = now.node;
    draft.title = fittingTitle({quoted(now.node.text(), 30) + " may end a task between two of its steps",
                                "A task may now be ended between two of its steps"});
    draft.steps = {{"before this change", "let the task run to its end", function.base->node.field("name")},
                   {"the task", "has done the first of two steps and awaits", now.node},
                   {"now", "drops it there", now.node}};
    draft.outcome = "What the task had begun is neither finished nor undone.";
    draft.facts = {"resolved: nothing in this function was aborted before the change",
                   "assumed: the task does more than one thing that belongs together"};
    reporter.report(std::move(draft));
    return true;
}

/// Where a future is dropped when another one is ready first, or its time is up; null if nowhere.
Node raceAround(const Node &node)
{
    for (Node at = node; at && !at.is("function_item"); at = at.parent()) {
        if (at.parent().is("select_arm") && at.fieldName() == "future")
            return at.parent();
        const Call call = rust::toCall(at.parent().parent());
        if (at.parent().is("arguments") &&
            isOneOf(call.name, {"timeout", "timeout_at", "select", "select_biased"}))
            return call.node;
    }
    return {};
}

bool changesHalfway(const Call &call)
{
    return mentions(call.name, {"write",   "read_exact", "read_to",   "read_line",    "read_frame",
                                "flush",   "commit",     "execute",   "persist",      "save",
                                "append",  "push_",      "apply",     "update",       "handle_",
                                "process", "send_all",   "recv_many", "read_message", "next_message"});
}

/// What was awaited to its end may now be dropped halfway.
bool checkRace(const RewrittenFunction &function, Reporter &reporter)
{
    for (const Call &now : rust::callsIn(function.head->body)) {
        const auto &old = function.baseCalls->like(now);
        if (!changesHalfway(now) || old.size() != 1 || !rust::isAwaited(old.front()->node) ||
            raceAround(old.front()->node) || function.headCalls->like(now).size() != 1)
            continue;
        const Node race = raceAround(now.node);
        if (!race)
            continue;
        Draft draft;
        draft.at = now.node;
        draft.title = fittingTitle({quoted(now.node.text(), 30) + " may now be dropped halfway",
                                    "A future that ran to its end may now be dropped halfway"});
        draft.steps = {{"before this change", "was awaited to its end", old.front()->node},
                       {"now", "is dropped when something else is ready first", race}};
        draft.outcome =
            "Half of a frame is read or written, and the next attempt begins in the middle of it.";
        draft.evidence = {old.front()->node, race};
        draft.facts = {"resolved: the call was awaited by itself before the change",
                       "assumed: it does not begin again where it stopped"};
        reporter.report(std::move(draft));
        return true;
    }
    return false;
}

} // namespace

void check_unspawned(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const Call &now : rust::callsIn(function.head->body)) {
            if (checkAbort(now, function, reporter))
                break;
        }
        if (checkRace(function, reporter))
            continue;
        const std::vector<Call> before = spawnsIn(*function.base);
        const std::vector<Call> after = spawnsIn(*function.head);
        if (before.size() <= after.size())
            continue;
        for (const Call &now : rust::callsIn(function.head->body)) {
            const auto &old = function.baseCalls->like(now);
            if (!rust::isAwaited(now.node) || isHarmless(now) || isInOneOf(after, now.node) || old.empty() ||
                !std::all_of(old.begin(), old.end(),
                             [&](const Call *each) { return isInOneOf(before, each->node); }))
                continue;
            reportInline(now, *old.front(), reporter);
            break;
        }
    }
}

} // namespace review::rules
