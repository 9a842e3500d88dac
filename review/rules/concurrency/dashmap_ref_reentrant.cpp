// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_wording.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"

#include <string>
#include <vector>

namespace review::rules {

namespace {

/// Methods whose result keeps a part of the map locked, and those that may wait for that part.
bool keepsRead(std::string_view method)
{
    return isOneOf(method, {"get", "iter"});
}
bool keepsWrite(std::string_view method)
{
    return isOneOf(method, {"get_mut", "iter_mut", "entry"});
}
bool waitsForReaders(std::string_view method)
{
    return isOneOf(method, {"insert", "remove", "remove_if", "remove_if_mut", "get_mut", "entry", "alter",
                            "alter_all", "retain", "clear", "iter_mut", "shrink_to_fit"});
}
bool waitsForWriters(std::string_view method)
{
    return waitsForReaders(method) ||
           isOneOf(method, {"get", "iter", "contains_key", "len", "is_empty", "view"});
}

bool isMap(const rust::Node &receiver, const RuleInput &input)
{
    const rust::Type type = input.model.infer(receiver, input.file);
    return type.peeled().name() == "DashMap" || type.peeled().name() == "DashSet";
}

/// The call whose value holds the part of the map: `or_insert` of an entry hands on the entry's lock.
rust::Node holderOf(const rust::Call &call)
{
    const rust::Call outer = rust::toCall(call.node.parent().parent());
    const bool handsOn =
        call.name == "entry" && outer.receiver == call.node &&
        isOneOf(outer.name, {"or_insert", "or_insert_with", "or_default", "or_try_insert_with"});
    return handsOn ? outer.node : call.node;
}

/// The call, or for a method of `self` what it does with the same field of `self`, may wait.
rust::Node conflictAt(const rust::Call &call, std::string_view place, bool writes, const RuleInput &input)
{
    const auto waits = [&](const rust::Call &other) {
        return other.isMethod() && rust::placeText(other.receiver) == place &&
               (writes ? waitsForWriters(other.name) : waitsForReaders(other.name));
    };
    if (waits(call))
        return call.node;
    if (!call.isMethod() || call.receiver.text() != "self" || !place.starts_with("self."))
        return {};
    const auto callees = input.model.callees(call.node, input.file);
    if (callees.size() != 1 || !callees.front()->body)
        return {};
    for (const rust::Call &inner : rust::callsIn(callees.front()->body)) {
        if (waits(inner) && rust::runsIn(inner.node, callees.front()->body))
            return inner.node;
    }
    return {};
}

/// Other tasks of the same thread may need the shard before this one runs again.
/// In the arm of `match found { None => … }`: what was not found holds nothing.
bool isWhereNone(const rust::Node &node, const std::string &variable)
{
    for (rust::Node arm = node.ancestor({"match_arm"}); arm; arm = arm.ancestor({"match_arm"})) {
        if (!variable.empty() && arm.field("pattern").text() == "None" &&
            arm.parent().parent().field("value").text() == variable)
            return true;
    }
    return false;
}

bool checkAwait(const rust::Call &call, const std::string &place, const rust::Guard &guard,
                const rust::Node &body, Reporter &reporter)
{
    for (const rust::Node &await : rust::awaitPoints(body)) {
        if (!guard.heldAt(await))
            continue;
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({"A reference into " + quoted(place, 24) + " is held across an `.await`",
                                    "A reference into a map is held across an `.await`"});
        draft.steps = {
            {"task 1", quoted(call.name, 16) + " locks a shard of " + quoted(place, 40) + "; " + guard.reason,
             call.node},
            {"task 1", "waits, and keeps the shard locked", await},
            {"task 2", "blocks its thread at the same shard, also that on which task 1 would go on", await}};
        draft.outcome = "The threads of the executor block one after the other at the shard, and task 1 "
                        "never runs again.";
        draft.evidence = {await};
        draft.facts = {"resolved: " + quoted(place, 40) + " is a concurrent map of dashmap",
                       "resolved: " + guard.reason};
        reporter.report(std::move(draft));
        return true;
    }
    return false;
}

void checkCall(const rust::Call &call, const RuleInput &input, Reporter &reporter)
{
    const bool writes = keepsWrite(call.name);
    const rust::Node body = rust::bodyOf(call.node);
    if (!body || !call.isMethod() || !(writes || keepsRead(call.name)) || !isMap(call.receiver, input))
        return;
    const std::string place = rust::placeText(call.receiver);
    if (place.empty() || place.find('[') != std::string::npos)
        return;
    const rust::Node holder = holderOf(call);
    rust::Guard guard = rust::guardOf(holder, call.name.starts_with("get"), input.file, input.model);
    if (checkAwait(call, place, guard, body, reporter))
        return;
    for (const rust::Call &other : rust::callsIn(body)) {
        if (other.node == call.node || other.node == holder || !guard.heldAt(other.node) ||
            isWhereNone(other.node, guard.variable))
            continue;
        const rust::Node conflict = conflictAt(other, place, writes, input);
        if (!conflict)
            continue;
        const std::string actor = actorOf(call.node, input.file);
        Draft draft;
        draft.at = other.node;
        draft.title = fittingTitle({quoted(place, 24) + ": " + quoted(other.name, 18) +
                                        " may wait for the reference of " + quoted(call.name, 12),
                                    "The map is asked again while a reference locks it"});
        draft.steps = {
            {actor, quoted(call.name, 16) + " locks a shard of " + quoted(place, 40) + "; " + guard.reason,
             call.node},
            {actor, quoted(other.name, 18) + " needs a shard's lock, maybe the same one", conflict}};
        draft.outcome = "Where both need the same shard, the " + actor +
                        " waits for itself for ever; with other keys it works, so tests rarely show it.";
        draft.evidence = {call.node};
        draft.facts = {"resolved: " + quoted(place, 40) + " is a concurrent map of dashmap",
                       "resolved: " + guard.reason};
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_dashmap_ref_reentrant(const RuleInput &input, Reporter &reporter)
{
    // A field of the type may be declared in another file; then the file says what it does by these names.
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("Dash") && !tree.contains("dashmap"))
        return;
    for (const rust::Call &call : rust::callsIn(input.file.root()))
        checkCall(call, input, reporter);
}

} // namespace review::rules
