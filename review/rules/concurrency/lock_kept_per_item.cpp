// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/node_search.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/lock_families.h"
#include "review/rust/patterns.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// A call that acquires, by its type or, where the type is not known, by its name.
bool acquires(const rust::Call &call, const RuleInput &input)
{
    if (!call.isMethod() || !call.arguments.empty() || call.name.starts_with("try_"))
        return false;
    if (isOneOf(call.name, {"lock", "read", "write", "lock_owned", "read_owned", "write_owned", "lock_arc",
                            "read_arc", "write_arc"})) {
        const rust::LockFamily family = rust::lockFamily(input.model.infer(call.receiver, input.file));
        return family != rust::LockFamily::None && family != rust::LockFamily::RefCell;
    }
    if (call.name.starts_with("lock_"))
        return true;
    const auto callees = input.model.callees(call.node, input.file);
    return callees.size() == 1 && callees.front()->returnType.text().find("Guard<") != std::string_view::npos;
}

/// The collection that a value is put into, if it was made before the loop; null else.
rust::Node keeper(const rust::Node &value, const rust::Node &loop)
{
    const rust::Node kept = rust::withAdapters(value);
    const rust::Call put = rust::toCall(kept.parent().parent());
    const bool keeps = kept.parent().is("arguments") && put.isMethod() && put.receiver.is("identifier") &&
                       isOneOf(put.name, {"push", "insert", "push_back", "push_front"});
    const rust::Node binding = keeps ? rust::bindingOf(put.receiver) : rust::Node();
    return binding && !binding.isInside(loop) ? put.receiver : rust::Node();
}

/// Where the guard ends up: directly, or through `let guard = x.lock();  guards.push(guard);`
rust::Node keeperOf(const rust::Call &call, const rust::Node &loop)
{
    if (const rust::Node direct = keeper(call.node, loop))
        return direct;
    const rust::Node outer = rust::withAdapters(call.node);
    const rust::Node let = outer.parent();
    if (!let.is("let_declaration") || !let.field("pattern").is("identifier"))
        return {};
    for (const rust::Node &use : rust::usesOf(let.field("pattern").text(), rust::blockOf(let))) {
        if (const rust::Node kept = keeper(use, loop))
            return kept;
    }
    return {};
}

/// Two items can lead to one lock: it is looked up by a part of the item, not found in the item itself.
bool isLookedUp(const rust::Node &receiver, const rust::Node &loop, int depth = 0)
{
    const auto looksUp = [&](const rust::Node &node) {
        if (node.is("index_expression"))
            return node.text().find("..") == std::string_view::npos;
        const rust::Call call = rust::toCall(node);
        return call.isMethod() && call.arguments.size() == 1 &&
               (isOneOf(call.name, {"get", "entry", "get_unchecked", "get_mut"}) ||
                call.name.starts_with("get_") || call.name.ends_with("_for"));
    };
    if (anyIn(receiver, looksUp))
        return true;
    if (depth > 3)
        return false;
    const auto leadsTo = [&](const rust::Node &node) {
        if (!node.is("identifier") || rust::isNoRead(node))
            return false;
        const rust::Node binding = rust::bindingOf(node);
        const rust::Node value = binding.field("value");
        return binding && binding.isInside(loop) && value && !node.isInside(value) &&
               binding.isAny({"let_declaration", "let_condition"}) && isLookedUp(value, loop, depth + 1);
    };
    return anyIn(receiver, leadsTo);
}

/// The loop asks whether it has this lock already, or runs over things made distinct before.
bool isDistinct(const rust::Node &loop, std::string_view collection)
{
    const auto asks = [&](const rust::Node &node) {
        const rust::Call call = rust::toCall(node);
        return call.isMethod() && (isOneOf(call.name, {"contains_key", "contains", "entry"}) ||
                                   (call.name == "insert" && call.receiver.text() != collection &&
                                    !node.parent().is("expression_statement")));
    };
    const rust::Node over = loop.field("value");
    const auto isMadeDistinct = [](const rust::Node &node) {
        const std::string_view name = rust::toCall(node).name;
        return isOneOf(name, {"keys", "into_keys", "values", "values_mut", "dedup", "unique", "enumerate"}) ||
               node.is("range_expression");
    };
    // `indices.dedup();` in front of the loop, or what a set gave.
    const rust::Node list = rust::stripAdapters(over);
    const rust::Node made = list.is("identifier") ? rust::bindingOf(list) : rust::Node();
    const std::string before(
        rust::bodyOf(loop).text().substr(0, loop.bytes().begin - rust::bodyOf(loop).bytes().begin));
    if (made && (before.find(std::string(list.text()) + ".dedup") != std::string::npos ||
                 mentions(made.text(), {"set", "unique", "dedup", "distinct"})))
        return true;
    return anyIn(loop.field("body"), asks) || anyIn(over, isMadeDistinct) ||
           mentions(over.text(), {"sorted", "unique", "dedup", "distinct", "btree"});
}

void checkLoop(const rust::Node &loop, const RuleInput &input, Reporter &reporter)
{
    const rust::Node body = rust::bodyOf(loop);
    for (const rust::Call &call : rust::callsIn(loop.field("body"))) {
        if (!call.isMethod() || !call.arguments.empty() || rust::bodyOf(call.node) != body)
            continue;
        const rust::Node kept = keeperOf(call, loop);
        if (!kept || !isLookedUp(call.receiver, loop) || !acquires(call, input) ||
            isDistinct(loop, kept.text()))
            continue;
        const std::string lock = quoted(call.node.text(), 40);
        const std::string actor = actorOf(call.node, input.file);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle(
            {quoted(call.node.text(), 30) + " is kept for each item in " + quoted(kept.text(), 16),
             "A lock is taken for each item and kept"});
        draft.steps = {
            {actor, lock + " for the first item; " + quoted(kept.text(), 24) + " keeps the guard", call.node},
            {actor, "a later item leads to the same lock: it waits for its own guard", call.node}};
        draft.outcome =
            "Two items with the same key are enough for the " + actor +
            " to wait for itself for ever. Two such loops over the same locks in different orders "
            "also wait for each other.";
        draft.evidence = {kept, loop.field("value")};
        draft.facts = {"resolved: the guard goes into " + quoted(kept.text(), 24) + ", made before the loop",
                       "resolved: the lock is looked up for the item, and no step skips one already taken",
                       "assumed: two items can have the same key"};
        return reporter.report(std::move(draft));
    }
}

} // namespace

void check_lock_kept_per_item(const RuleInput &input, Reporter &reporter)
{
    if (input.locks.bodies(input.file).empty())
        return;
    for (const rust::Node &loop : input.file.root().descendants("for_expression"))
        checkLoop(loop, input, reporter);
}

} // namespace review::rules
