// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/atomics.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

using Accesses = std::vector<AtomicAccess>;

/// The struct's field of that name that only code of this file can reach; null when there are several, or it
/// is visible outside.
const rust::Field *privateField(const std::string &name, const rust::File &file)
{
    const rust::Field *found = nullptr;
    for (const rust::Struct &owner : file.structs()) {
        for (const rust::Field &field : owner.fields) {
            if (field.name != name)
                continue;
            if (found || field.node.text().starts_with("pub"))
                return nullptr;
            found = &field;
        }
    }
    return found;
}

bool isMade(const AtomicAccess &access, const rust::File &file)
{
    const rust::Function *function = file.functionAt(access.call.node);
    return function && (function->name == "new" || function->name == "drop" || function->name == "default");
}

void checkField(const std::string &name, const Accesses &accesses, const rust::File &file, Reporter &reporter)
{
    using enum AtomicAccess::Kind;
    const AtomicAccess *load = nullptr;
    const AtomicAccess *store = nullptr;
    for (const AtomicAccess &access : accesses) {
        if (access.releases() || access.kind == Modify || access.kind == CompareExchange)
            return; // something pairs with the load, or the value changes in ways of its own
        if (access.kind == Load && access.ordering == "Acquire")
            load = load ? load : &access;
        if (access.kind == Store && !isMade(access, file))
            store = store ? store : &access;
    }
    if (!load || !store || !privateField(name, file))
        return;
    const std::string place = quoted(store->place, 28);
    Draft draft;
    draft.at = store->call.node;
    draft.title = fittingTitle({place + " is loaded with Acquire, but never stored with Release",
                                "An atomic is loaded with Acquire, but never stored with Release"});
    draft.steps = {{"thread 1", "writes its data and stores " + place + " with `Relaxed`", store->call.node},
                   {"thread 2", "loads it with `Acquire` and relies on the data", load->call.node}};
    draft.outcome = "An acquire orders nothing unless a release wrote the value: thread 2 may see the new "
                    "value and old data.";
    draft.evidence = {load->call.node};
    draft.facts = {"resolved: the field is private, and every store of this file is `Relaxed`",
                   "resolved: it is loaded with `Acquire`, so its reader expects an order"};
    const std::string_view written = store->call.arguments.back().text();
    if (const std::size_t colon = written.rfind(':'); colon != std::string_view::npos)
        draft.edits.push_back(
            {store->call.arguments.back().bytes(), std::string(written.substr(0, colon + 1)) + "Release"});
    reporter.report(std::move(draft));
}

} // namespace

void check_acquire_without_release(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("Acquire") || !tree.contains("Relaxed") || tree.contains("fence("))
        return;
    std::map<std::string, Accesses> byField;
    for (AtomicAccess &access : atomicAccessesIn(input.file.root())) {
        if (!input.file.isTest(access.call.node) && access.place.find('.') != std::string::npos)
            byField[fieldNameOf(access.place)].push_back(std::move(access));
    }
    for (const auto &[name, accesses] : byField)
        checkField(name, accesses, input.file, reporter);
}

} // namespace review::rules
