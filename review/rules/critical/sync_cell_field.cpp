// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/remarks.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <array>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

std::string headOf(const rust::Field &field)
{
    const std::string type = compact(field.type.text());
    const std::string head = type.substr(0, type.find('<'));
    return head.substr(head.rfind(':') + 1);
}

/// Where a method with `&self` changes the cell, and no lock or atomic speaks in the same method.
Node changeOf(const rust::Struct &owner, const rust::Field &field, const RuleInput &input)
{
    const std::string place = "self." + field.name;
    for (const rust::Function &function : input.file.functions()) {
        if (function.selfType != owner.name || !function.body || function.isUnsafe ||
            function.parameters.empty() || compact(function.parameters.front().pattern.text()) != "&self")
            continue;
        if (mentions(function.body.text(), {"lock", "compare_exchange", "swap(", "load(", "thread::current",
                                            "is_current", "assert"}))
            continue;
        for (const Call &call : rust::callsIn(function.body)) {
            if (call.isMethod() && isOneOf(call.name, {"set", "replace", "take", "borrow_mut", "swap"}) &&
                rust::placeText(call.receiver) == place)
                return call.node;
        }
    }
    return {};
}

void report(const rust::Impl &impl, const rust::Field &field, const Node &change, Reporter &reporter)
{
    Draft draft;
    draft.at = impl.node;
    draft.title =
        fittingTitle({"`" + impl.typeName + "` is made `" + impl.traitName + "`, but its `" + field.name +
                          "` is a `" + headOf(field) + "`",
                      "A type with a `" + headOf(field) + "` is made `" + impl.traitName + "` by hand"});
    draft.steps = {{"thread A", "changes `" + field.name + "` through a shared reference", change},
                   {"thread B", "does the same at the same time, which the impl allows", impl.node}};
    draft.outcome = "A data race: neither the cell nor the count in it is made for two threads.";
    draft.evidence = {field.node, change};
    draft.facts = {"resolved: field `" + field.name + "` is " + quoted(field.type.text(), 40),
                   "resolved: " + quoted(change.text(), 40) + " runs without a lock"};
    // The reason may stand above its `Send`.
    if (!remarkOn(impl.node).empty() || (impl.node.previousNamedSibling().is("impl_item") &&
                                         !remarkOn(impl.node.previousNamedSibling()).empty())) {
        draft.facts.push_back("assumed: the reason that the authors give does not hold");
        draft.confidence = 0.7;
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_sync_cell_field(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Impl &impl : input.file.impls()) {
        if (!impl.isUnsafe || impl.traitName != "Sync" || input.file.isTest(impl.node) ||
            impl.node.text().find("impl !") != std::string_view::npos)
            continue;
        const rust::Struct *owner = input.model.findStruct(impl.typeName, input.file);
        if (!owner || owner->file != &input.file)
            continue;
        for (const rust::Field &field : owner->fields) {
            if (!isOneOf(headOf(field), {"Cell", "RefCell"}))
                continue;
            if (const Node change = changeOf(*owner, field, input)) {
                report(impl, field, change, reporter);
                break;
            }
        }
    }
}

} // namespace review::rules
