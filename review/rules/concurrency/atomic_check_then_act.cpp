// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/atomics.h"
#include "review/rules/lock_facts.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"

#include <algorithm>
#include <string>
#include <vector>

namespace review::rules {

namespace {

bool isExclusive(const rust::Function *function)
{
    return function && (function->name == "drop" || takesMutSelf(*function));
}

/// The condition's load, directly or through the `let` just before.
const AtomicAccess *loadIn(const rust::Node &condition, const std::vector<AtomicAccess> &accesses)
{
    std::vector<rust::Node> places{condition};
    if (condition.is("identifier"))
        places.push_back(rust::initialiserOf(condition));
    for (const rust::Node &name : condition.descendants("identifier"))
        places.push_back(rust::initialiserOf(name));
    for (const AtomicAccess &access : accesses) {
        const bool isAsked = std::any_of(places.begin(), places.end(), [&](const rust::Node &place) {
            return place && access.call.node.isInside(place);
        });
        if (access.kind == AtomicAccess::Kind::Load && isAsked)
            return &access;
    }
    return nullptr;
}

/// The store that acts on the answer, in the branch, or after a branch that leaves.
const AtomicAccess *storeAfter(const rust::Node &branch, const AtomicAccess &load,
                               const std::vector<AtomicAccess> &accesses)
{
    const rust::Node taken = branch.field("consequence");
    const rust::Node after = rust::diverges(taken) ? rust::blockOf(branch) : rust::Node();
    for (const AtomicAccess &access : accesses) {
        const rust::Node at = access.call.node;
        const bool isThere = at.isInside(taken) || (after && at.isInside(after) && !at.isInside(branch));
        if (access.place != load.place || !isThere ||
            at.bytes().begin < branch.field("condition").bytes().end ||
            rust::bodyOf(at) != rust::bodyOf(load.call.node))
            continue;
        return access.kind == AtomicAccess::Kind::Store ? &access : nullptr;
    }
    return nullptr;
}

/// Only "set it if it is not set" is a decision that two threads can both take; turning something off twice
/// is harmless.
bool claims(const rust::Node &condition, const AtomicAccess &load, const AtomicAccess &store)
{
    const std::string_view value = store.call.arguments.front().text();
    if (value != "true" && value != "false")
        return value.find_first_not_of("0123456789_") != std::string_view::npos || value.size() > 1 ||
               value != "0";
    if (value == "false")
        return false;
    rust::Node asked = load.call.node;
    while (asked.parent().is("parenthesized_expression"))
        asked = asked.parent();
    const bool negated = asked.parent().is("unary_expression") && asked.isInside(condition);
    const bool leaves = rust::diverges(condition.parent().field("consequence"));
    // if !x.load() { x.store(true) }, or if x.load() { return; } x.store(true)
    return negated != leaves;
}

} // namespace

void check_atomic_check_then_act(const RuleInput &input, Reporter &reporter)
{
    if (!hasAtomics(input.file))
        return;
    const std::vector<AtomicAccess> accesses = atomicAccessesIn(input.file.root());
    const bool stores = std::any_of(accesses.begin(), accesses.end(), [](const AtomicAccess &access) {
        return access.kind == AtomicAccess::Kind::Store;
    });
    if (!stores)
        return;
    for (const rust::Node &branch : input.file.root().descendants("if_expression")) {
        const rust::Node body = rust::bodyOf(branch);
        const rust::Node condition = branch.field("condition");
        const AtomicAccess *load = body ? loadIn(condition, accesses) : nullptr;
        const AtomicAccess *store = load ? storeAfter(branch, *load, accesses) : nullptr;
        // Code with raw pointers around its atomics follows a protocol that is not seen here.
        const rust::Function *function = input.file.functionAt(branch);
        if (function && function->node.text().find("unsafe") != std::string_view::npos)
            continue;
        if (!store || !claims(condition, *load, *store) || isExclusive(input.file.functionAt(branch)))
            continue;
        const auto &guards = input.locks.guards(body, input.file);
        const bool isLocked = std::any_of(guards.begin(), guards.end(), [&](const rust::Guard &guard) {
            return guard.maybeHeldAt(store->call.node);
        });
        if (isLocked)
            continue;
        const std::string place = quoted(load->place, 28);
        Draft draft;
        draft.at = store->call.node;
        draft.title = fittingTitle({place + " is looked at and then set in two steps",
                                    "An atomic is looked at and then set in two steps"});
        draft.steps = {{"thread 1", "loads " + place + " and decides to go on", load->call.node},
                       {"thread 2", "loads the same value and goes on too", load->call.node},
                       {"thread 1", "stores its mark, too late", store->call.node}};
        draft.outcome = "Both threads do what only one should do.";
        draft.evidence = {load->call.node};
        draft.facts = {"resolved: the store follows the load of the same atomic without an exchange",
                       "resolved: no guard taken here is held at the store",
                       "assumed: several threads come here at once"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
