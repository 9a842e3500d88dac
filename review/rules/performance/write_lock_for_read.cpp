// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/node_search.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// The std type behind the lock, whose methods' receivers are known; null for any other.
const rust::Type *knownContent(const rust::Type &lock)
{
    const rust::Type &peeled = lock.peeled();
    if (peeled.name() != "RwLock" || peeled.args.empty())
        return nullptr;
    const rust::Type &content = peeled.args.front();
    const bool isKnown =
        isOneOf(content.name(), {"HashMap", "BTreeMap", "HashSet", "BTreeSet", "Vec", "VecDeque", "String",
                                 "Option", "bool", "u8", "u16", "u32", "u64", "usize", "i32", "i64"});
    return isKnown ? &content : nullptr;
}

bool onlyReads(std::string_view method)
{
    return isOneOf(
        method, {"get",       "contains_key",    "contains",       "len",       "is_empty", "iter",
                 "keys",      "values",          "first",          "last",      "clone",    "to_vec",
                 "is_some",   "is_none",         "as_ref",         "as_deref",  "as_str",   "get_key_value",
                 "range",     "first_key_value", "last_key_value", "front",     "back",     "starts_with",
                 "ends_with", "binary_search",   "to_owned",       "to_string", "copied",   "cloned"});
}

/// One use of the guard, `use` being the variable or the acquisition itself, needs no more than a shared
/// reference.
bool isRead(const rust::Node &use)
{
    const rust::Node parent = use.parent();
    if (parent.is("field_expression")) {
        const rust::Call call = rust::toCall(parent.parent());
        return call.isMethod() && call.receiver == use && onlyReads(call.name);
    }
    if (parent.is("index_expression")) {
        const rust::Node outer = parent.parent();
        const bool isWritten = outer.is("reference_expression") || outer.is("compound_assignment_expr") ||
                               (outer.is("assignment_expression") && parent.fieldName() == "left") ||
                               outer.is("field_expression") || outer.is("index_expression");
        return parent.firstNamedChild() == use && !isWritten;
    }
    if (parent.is("reference_expression"))
        return parent.text().substr(0, 4).find("mut") == std::string_view::npos &&
               parent.text().find("&mut") == std::string_view::npos && parent.parent().is("for_expression");
    if (parent.is("unary_expression") && parent.text().starts_with('*')) {
        const rust::Node outer = parent.parent();
        return outer.is("binary_expression") || outer.is("let_declaration") ||
               (outer.is("if_expression") && parent.fieldName() == "condition");
    }
    return false;
}

void report(const rust::Guard &guard, const std::vector<rust::Node> &uses, Reporter &reporter)
{
    const std::string name = quoted(guard.lock.receiver, 40);
    const rust::Call call = rust::toCall(guard.call);
    Draft draft;
    draft.at = guard.call;
    draft.title = quoted(guard.lock.receiver, 28) + " is write-locked but only read";
    draft.steps = {{"reader 1", "write-locks " + name, guard.call},
                   {"reader 1", "only reads through the guard", uses.front()},
                   {"reader 2", "waits, though both could read at once", guard.call}};
    draft.outcome = "Readers queue up one behind the other, and behind them the writers.";
    draft.evidence.assign(uses.begin(), uses.begin() + std::min<std::ptrdiff_t>(uses.size(), 3));
    draft.facts = {lockFact(guard.lock), "resolved: every use of the guard needs a shared reference only"};
    draft.confidence = guard.lock.assumed ? 0.6 : 1;
    draft.applicability = Applicability::Machine;

    const rust::Node function = call.node.field("function");
    const rust::Node method = function.field("field");
    if (method.text() != "write")
        return reporter.report(std::move(draft));
    draft.edits.push_back({method.bytes(), "read"});
    // An unneeded `mut` would only bring a warning.
    const std::string_view binding = guard.binding.text();
    const std::string declared = "let mut " + guard.variable;
    if (!guard.variable.empty() && binding.starts_with(declared)) {
        const std::uint32_t start = guard.binding.bytes().begin;
        draft.edits.push_back({{start + 4, start + 8}, ""});
    }
    reporter.report(std::move(draft));
}

void checkGuard(const rust::Guard &guard, const RuleInput &input, Reporter &reporter)
{
    using enum rust::LockFamily;
    const rust::LockFamily family = guard.lock.family;
    const rust::Call call = rust::toCall(guard.call);
    if (guard.mode != rust::GuardMode::Exclusive || guard.tries || family == None || family == Unknown ||
        family == RefCell || call.name != "write")
        return;
    if (!knownContent(input.model.infer(call.receiver, input.file)))
        return;
    std::vector<rust::Node> uses;
    if (guard.variable.empty()) {
        uses.push_back(guard.expression);
    } else {
        const rust::Node block = rust::blockOf(guard.binding);
        const rust::Node region = block ? block : rust::bodyOf(guard.binding);
        for (const rust::Node &use : rust::usesOf(guard.variable, region)) {
            if (use.bytes().begin > guard.call.bytes().end)
                uses.push_back(use);
        }
        // What a closure does with the guard is not looked at.
        const bool isCaptured = anyIn(region, [&](const rust::Node &node) {
            return node.is("identifier") && node.text() == guard.variable &&
                   !rust::runsIn(node, rust::bodyOf(region));
        });
        if (isCaptured)
            return;
        std::erase_if(uses, [](const rust::Node &use) {
            const rust::Call drop = rust::toCall(use.parent().parent());
            return drop && !drop.isMethod() && (drop.path == "drop" || drop.path == "std::mem::drop");
        });
    }
    if (!uses.empty() && std::all_of(uses.begin(), uses.end(), isRead))
        report(guard, uses, reporter);
}

} // namespace

void check_write_lock_for_read(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        for (const rust::Guard &guard : input.locks.guards(body, input.file))
            checkGuard(guard, input, reporter);
    }
}

} // namespace review::rules
