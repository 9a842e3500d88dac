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

/// Arithmetic stands in the expression: the stored value is the old one, changed.
bool changes(const rust::Node &value)
{
    return anyIn(value, [](const rust::Node &node) {
        if (node.is("binary_expression")) {
            const std::string_view sign = node.field("operator").text();
            return isOneOf(sign, {"+", "-", "*", "|", "&", "^", "<<", ">>"});
        }
        const std::string_view name = rust::toCall(node).name;
        return isOneOf(name, {"max", "min"}) || name.starts_with("wrapping_") ||
               name.starts_with("saturating_") || name.starts_with("checked_");
    });
}

/// The store's value is the changed value of a load of the same atomic, through two variables at most.
rust::Node sourceOf(const AtomicAccess &store, const std::vector<AtomicAccess> &accesses)
{
    std::vector<rust::Node> values{store.call.arguments.front()};
    if (values.front().isAny({"if_expression", "match_expression"}))
        return {};
    for (std::size_t at = 0; at < values.size() && values.size() < 8; ++at) {
        const rust::Node value = values[at];
        if (value.is("identifier"))
            values.push_back(rust::initialiserOf(value));
        for (const rust::Node &name : value.descendants("identifier")) {
            if (const rust::Node initialiser = rust::initialiserOf(name))
                values.push_back(initialiser);
        }
    }
    const bool isChanged = std::any_of(values.begin(), values.end(), changes);
    for (const AtomicAccess &load : accesses) {
        if (load.place != store.place || rust::bodyOf(load.call.node) != rust::bodyOf(store.call.node))
            continue;
        // An exchange or a count beside them belongs to an algorithm that knows what it does.
        if (load.kind == AtomicAccess::Kind::CompareExchange || load.kind == AtomicAccess::Kind::Modify)
            return {};
        const bool isSource = std::any_of(values.begin(), values.end(), [&](const rust::Node &value) {
            return value && load.call.node.isInside(value);
        });
        if (load.kind == AtomicAccess::Kind::Load && isSource && isChanged)
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

/// `let old = x.fetch_add(1, ..); if old == 0 { x.store(0, ..) }`: the store takes back more than this
/// thread's own change. The change; null if the store follows none.
rust::Node takenBack(const AtomicAccess &store, const std::vector<AtomicAccess> &accesses)
{
    const rust::Node body = rust::bodyOf(store.call.node);
    for (const AtomicAccess &change : accesses) {
        if (change.kind != AtomicAccess::Kind::Modify || change.place != store.place ||
            change.call.name == "swap" || rust::bodyOf(change.call.node) != body ||
            change.call.node.index() > store.call.node.index())
            continue;
        const rust::Node declaration = rust::withAdapters(change.call.node).parent();
        const rust::Node branch = store.call.node.ancestor({"if_expression", "function_item"});
        if (declaration.is("let_declaration") && branch.is("if_expression") &&
            !rust::usesOf(declaration.field("pattern").text(), branch.field("condition")).empty())
            return change.call.node;
    }
    return {};
}

void reportTakenBack(const AtomicAccess &store, const rust::Node &change, Reporter &reporter)
{
    const std::string place = quoted(store.place, 28);
    Draft draft;
    draft.at = change;
    draft.title = fittingTitle(
        {place + " is counted up and then stored over", "An atomic is counted and then stored over"});
    draft.steps = {{"thread 1", "changes " + place + " and decides by its old value", change},
                   {"thread 2", "changes " + place + " meanwhile, and goes on", change},
                   {"thread 1", "stores over both changes", store.call.node}};
    draft.outcome = "The change of thread 2 is lost although thread 2 relies on it.";
    draft.evidence = {store.call.node};
    draft.facts = {"resolved: the store follows a change of the same atomic whose old value decides",
                   "assumed: another thread can change it between the two"};
    reporter.report(std::move(draft));
}

bool isExclusive(const rust::Function *function, const std::string &place)
{
    return function && place.starts_with("self.") && takesMutSelf(*function);
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
        if (const rust::Node change = body ? takenBack(store, accesses) : rust::Node())
            reportTakenBack(store, change, reporter);
        const rust::Node load = body ? sourceOf(store, accesses) : rust::Node();
        const bool isLockFree = body && body.text().find("unsafe") != std::string_view::npos;
        if (!load || isLockFree || isExclusive(input.file.functionAt(body), store.place))
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
