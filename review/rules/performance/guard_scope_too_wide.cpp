// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/node_search.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"
#include "review/rust/patterns.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// Work that grows with its input or leaves the processor, on something other than the guard.
bool isCostly(const rust::Call &call)
{
    if (!call.isMethod())
        return isOneOf(call.name, {"sleep", "to_vec_pretty"}) ||
               (call.path.find("serde") != std::string::npos && call.name.starts_with("to_")) ||
               call.path.starts_with("fs::") || call.path.starts_with("std::fs::");
    return call.name.starts_with("sort") ||
           isOneOf(call.name, {"sync_all", "sync_data", "flush", "write_all", "read_to_end", "read_to_string",
                               "encode_to_vec", "write_to_bytes", "compress", "decompress", "dedup"});
}

/// Names whose values may borrow from the guard: the guard itself and what is made of these names.
std::set<std::string, std::less<>> derivedNames(const rust::Guard &guard, const rust::Node &block)
{
    std::set<std::string, std::less<>> names{guard.variable};
    const auto readsOne = [&](const rust::Node &node) {
        return anyIn(node, [&](const rust::Node &at) {
            return at.is("identifier") && names.contains(at.text()) && !rust::isNoRead(at);
        });
    };
    for (const rust::Node node : block.descendants()) {
        if (node.bytes().begin < guard.call.bytes().end ||
            !node.isAny({"let_declaration", "for_expression", "let_condition", "match_expression"}))
            continue;
        const rust::Node value = node.field("value");
        if (!value || !readsOne(value))
            continue;
        if (node.is("match_expression")) {
            for (const rust::Node &arm : node.field("body").namedChildren()) {
                for (const rust::Node &name : rust::boundNames(arm.field("pattern")))
                    names.insert(std::string(name.text()));
            }
            continue;
        }
        for (const rust::Node &name : rust::boundNames(node.field("pattern")))
            names.insert(std::string(name.text()));
    }
    return names;
}

bool mentionsOne(const rust::Node &node, const std::set<std::string, std::less<>> &names)
{
    return anyIn(node, [&](const rust::Node &at) {
        if (at.is("identifier"))
            return names.contains(at.text()) && !rust::isNoRead(at);
        // Names inside format strings are part of a macro's text.
        return at.is("macro_invocation") &&
               std::any_of(names.begin(), names.end(), [&](const std::string &name) {
                   return at.text().find('{' + name) != std::string_view::npos;
               });
    });
}

/// The statement of the guard's block after which nothing needs the guard; null if that is the last one.
rust::Node firstFreeStatement(const rust::Guard &guard, const std::set<std::string, std::less<>> &names)
{
    rust::Node free;
    for (rust::Node statement = guard.binding.nextNamedSibling(); statement;
         statement = statement.nextNamedSibling()) {
        if (mentionsOne(statement, names))
            free = rust::Node();
        else if (!free)
            free = statement;
    }
    return free;
}

/// What the costly work stands on cannot borrow from the guard: the function returns it without a lifetime,
/// or copies only were put into it.
bool isOwned(const rust::Call &call, const rust::Function *function, const rust::Node &block)
{
    if (!call.isMethod() || !call.receiver.is("identifier"))
        return true;
    const rust::Node last = block.namedChildren().empty() ? rust::Node() : block.namedChildren().back();
    const bool isReturned = last && anyIn(last, [&](const rust::Node &node) {
                                return node.is("identifier") && node.text() == call.receiver.text();
                            });
    const std::string_view returned = function ? function->returnType.text() : std::string_view();
    return isReturned && block.parent().is("function_item") && returned.find('&') == std::string_view::npos &&
           returned.find('\'') == std::string_view::npos && !returned.empty();
}

void checkGuard(const rust::Guard &guard, const rust::Node &body, const RuleInput &input, Reporter &reporter)
{
    using enum rust::LockFamily;
    const rust::LockFamily family = guard.lock.family;
    if (family == None || family == Unknown || family == RefCell || guard.variable.empty() ||
        guard.variable.starts_with('_') || !guard.binding.is("let_declaration"))
        return;
    const rust::Node block = guard.binding.parent();
    const auto names = derivedNames(guard, block);
    const rust::Node free = firstFreeStatement(guard, names);
    if (!free || !guard.heldAt(free))
        return;
    bool used = false;
    for (const rust::Node &use : rust::usesOf(guard.variable, block))
        used = used || (use.bytes().begin > guard.call.bytes().end);
    if (!used)
        return;
    for (const rust::Call &call : rust::callsIn(block)) {
        if (call.node.bytes().begin < free.bytes().begin || !isCostly(call) || !guard.heldAt(call.node) ||
            !rust::runsIn(call.node, body) || !isOwned(call, input.file.functionAt(body), block))
            continue;
        const std::string name = quoted(guard.lock.receiver, 36);
        const std::string actor = actorOf(call.node, input.file);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({quoted(guard.lock.receiver, 24) + " stays locked during " +
                                        quoted(call.name, 18) + ", which does not need it",
                                    "A lock is held during work that does not need it"});
        draft.steps = {
            {actor + " 1", lockingVerb(guard.lock, guard.mode) + ' ' + name + "; " + guard.reason,
             guard.call},
            {actor + " 1", "does " + quoted(call.name, 20) + ", which does not use the guard", call.node},
            {actor + " 2", "needs " + name + " and waits for all of it", guard.call}};
        draft.outcome = "Everyone who needs " + name + " waits longer than necessary.";
        draft.evidence = {guard.call, free};
        draft.facts = {lockFact(guard.lock),
                       "resolved: nothing from here on names the guard or what was made of it"};
        draft.confidence = guard.lock.assumed ? 0.7 : 1;
        const std::uint32_t start = free.bytes().begin;
        draft.edits.push_back({{start, start}, "drop(" + guard.variable + ");\n" + indentOf(free)});
        return reporter.report(std::move(draft));
    }
}

} // namespace

void check_guard_scope_too_wide(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        for (const rust::Guard &guard : input.locks.guards(body, input.file))
            checkGuard(guard, body, input, reporter);
    }
}

} // namespace review::rules
