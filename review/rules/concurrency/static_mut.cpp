// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;

/// The statement or the function takes care that one thread at a time is there.
bool isGuarded(const Node &use)
{
    for (Node at = use; at; at = at.parent()) {
        if (at.is("function_item"))
            return mentions(at.text(), {"call_once", ".lock()", "once::", "critical_section", "interrupt",
                                        "fn init", "fn setup"});
    }
    return false;
}

/// A write of the static, or a reference to it, outside of an initialiser that runs once.
Node unguardedUse(const rust::Static &item, const rust::File &file)
{
    for (const Node &node : file.root().descendants("identifier")) {
        if (node.text() != item.name || node.isInside(item.node) || file.isTest(node))
            continue;
        const Node parent = node.parent();
        const bool written =
            (parent.isAny({"assignment_expression", "compound_assignment_expr"}) &&
             node.fieldName() == "left") ||
            (parent.is("reference_expression") && parent.firstNamedChild().is("mutable_specifier"));
        if (written && file.functionAt(node) && !isGuarded(node))
            return node;
    }
    return {};
}

std::string atomicOf(std::string_view type)
{
    const std::string name = compact(type);
    if (name == "bool")
        return "AtomicBool";
    if (isOneOf(name, {"usize", "isize", "u64", "i64", "u32", "i32", "u16", "i16", "u8", "i8"})) {
        std::string atomic = "Atomic" + name;
        atomic[6] = static_cast<char>(atomic[6] - 'a' + 'A');
        return atomic;
    }
    return "Mutex` or `OnceLock";
}

} // namespace

void check_static_mut(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Static &item : input.file.statics()) {
        if (!item.isMut || input.file.isTest(item.node) || item.node.ancestor({"foreign_mod_item"}))
            continue;
        const Node use = unguardedUse(item, input.file);
        if (!use)
            continue;
        const std::string name = quoted(item.name, 24);
        Draft draft;
        draft.at = use;
        draft.title = fittingTitle({"`static mut` " + name + " is changed without synchronisation",
                                    "A `static mut` is changed without synchronisation"});
        draft.steps = {{"thread A", "changes " + name, use},
                       {"thread B", "reads or changes it at the same time", item.node}};
        draft.outcome = "A data race: undefined behaviour, in practice lost or half written values.";
        draft.evidence = {item.node};
        draft.facts = {"resolved: " + name + " is `static mut`; `" + atomicOf(item.type.text()) +
                           "` would do without `unsafe`",
                       "assumed: more than one thread reaches this function"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
