// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/atomics.h"
#include "review/rules/lock_facts.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"

#include <algorithm>
#include <string>
#include <vector>

namespace review::rules {

namespace {

/// The store's value is made of what a load of the same atomic gave.
rust::Node sourceOf(const AtomicAccess &store, const std::vector<AtomicAccess> &accesses)
{
    for (const AtomicAccess &load : accesses) {
        if (load.kind != AtomicAccess::Kind::Load || load.place != store.place ||
            rust::bodyOf(load.call.node) != rust::bodyOf(store.call.node))
            continue;
        const IsSource isLoad = [&](const rust::Node &node) { return node == load.call.node; };
        const rust::Node value = store.call.arguments.front();
        if (load.call.node.bytes().begin < store.call.node.bytes().end && dependsOn(value, isLoad))
            return load.call.node;
    }
    return {};
}

/// `x.store(x.load(..) + n, ..)` is `x.fetch_add(n, ..)`.
void addFetch(const AtomicAccess &store, const rust::Node &load, Draft &draft)
{
    const rust::Node value = store.call.arguments.front();
    const std::string_view sign = value.field("operator").text();
    if (!value.is("binary_expression") || value.field("left") != load || !(sign == "+" || sign == "-"))
        return;
    const rust::Node method = store.call.node.field("function").field("field");
    draft.edits.push_back({method.bytes(), sign == "+" ? "fetch_add" : "fetch_sub"});
    draft.edits.push_back({value.bytes(), std::string(value.field("right").text())});
}

bool isExclusive(const rust::Function *function, const std::string &place)
{
    if (!function || !place.starts_with("self."))
        return false;
    const auto takesMut = [](const rust::Parameter &parameter) {
        return parameter.name == "self" && parameter.pattern.text().find("mut") != std::string_view::npos;
    };
    return std::any_of(function->parameters.begin(), function->parameters.end(), takesMut);
}

} // namespace

void check_atomic_load_modify_store(const RuleInput &input, Reporter &reporter)
{
    if (!hasAtomics(input.file))
        return;
    const std::vector<AtomicAccess> accesses = atomicAccessesIn(input.file.root());
    for (const AtomicAccess &store : accesses) {
        if (store.kind != AtomicAccess::Kind::Store)
            continue;
        const rust::Node body = rust::bodyOf(store.call.node);
        const rust::Node load = body ? sourceOf(store, accesses) : rust::Node();
        if (!load || isExclusive(input.file.functionAt(body), store.place))
            continue;
        const auto &guards = input.locks.guards(body, input.file);
        const bool isLocked = std::any_of(guards.begin(), guards.end(), [&](const rust::Guard &guard) {
            return guard.maybeHeldAt(load) && guard.maybeHeldAt(store.call.node);
        });
        if (isLocked)
            continue;
        const std::string place = quoted(store.place, 28);
        Draft draft;
        draft.at = store.call.node;
        draft.title = fittingTitle(
            {place + " is changed by a load and a store", "An atomic is changed by a load and a store"});
        draft.steps = {{"thread 1", "loads " + place, load},
                       {"thread 2", "changes " + place + " meanwhile", load},
                       {"thread 1", "stores what it made of the old value", store.call.node}};
        draft.outcome = "The change of thread 2 is overwritten and lost.";
        draft.evidence = {load};
        draft.facts = {"resolved: the stored value is made of a load of the same atomic",
                       "resolved: no guard taken here is held from the load to the store",
                       "assumed: more than one thread changes it"};
        addFetch(store, load, draft);
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
