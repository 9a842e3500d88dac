// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/collections.h"
#include "review/rules/edits.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

/// Runs once for each element or round: a loop, or a closure that an adapter calls again and again.
Node repeats(const Node &node)
{
    if (const Node loop = repeatedBy(node))
        return loop;
    const Node closure = node.ancestor({"closure_expression", "function_item"});
    return closure.is("closure_expression") &&
                   isOneOf(rust::toCall(closure.parent().parent()).name, {"for_each",
                                                                          "try_for_each",
                                                                          "for_each_concurrent",
                                                                          "map",
                                                                          "filter",
                                                                          "filter_map",
                                                                          "flat_map",
                                                                          "any",
                                                                          "all",
                                                                          "retain",
                                                                          "sort_by",
                                                                          "sort_by_key",
                                                                          "fold",
                                                                          "find",
                                                                          "then",
                                                                          "or_insert_with",
                                                                          "poll_fn",
                                                                          "from_fn",
                                                                          "repeat_with",
                                                                          "and_then",
                                                                          "retry",
                                                                          "retry_notify",
                                                                          "retry_with_backoff",
                                                                          "spawn_fn",
                                                                          "service_fn"})
               ? closure
               : Node();
}

/// Costs something that need not be paid again, or begins anew what should go on.
bool isWanted(const rust::Call &call)
{
    if (isOneOf(call.name, {"with_capacity", "compile",       "connect",       "sleep",     "interval",
                            "interval_at",   "sort",          "sort_unstable", "sort_by",   "sort_by_key",
                            "collect",       "to_vec",        "to_string",     "to_owned",  "to_lowercase",
                            "to_uppercase",  "clone",         "open",          "lock",      "read",
                            "write",         "builder",       "build",         "snapshot",  "flush",
                            "sync_all",      "sync_data",     "commit",        "begin",     "transaction",
                            "metadata",      "now",           "serialize",     "parse",     "from_str",
                            "load",          "fetch",         "sum",           "max",       "min",
                            "count",         "shrink_to_fit", "notified",      "subscribe", "enter",
                            "pin",           "spawn",         "current",       "range",     "schema",
                            "resize",        "reserve",       "new_v4",        "random",    "next_id",
                            "now_v7"}))
        return true;
    if (call.name == "from")
        return isOneOf(call.path,
                       {"Bytes::from", "bytes::Bytes::from", "Vec::from", "String::from", "Arc::from"});
    return call.name == "new" &&
           mentions(call.path,
                    {"vec", "string", "hash", "btree", "regex", "client", "buffer", "generator", "encoder",
                     "decoder", "writer", "reader", "arc::", "box::", "runtime", "pool", "backoff", "timer"});
}

/// Without what only lends or copies it.
std::string bare(const Node &argument)
{
    std::string text = compact(argument.text());
    text.erase(0, text.starts_with("&mut") ? 4 : text.starts_with('&') ? 1 : 0);
    return text.ends_with(".clone()") ? text.substr(0, text.size() - 8) : text;
}

std::vector<const rust::Call *> alike(const rust::Call &call, const CallsBySignature &calls)
{
    std::vector<const rust::Call *> found;
    for (const rust::Call *other : calls.like(call)) {
        if (other->arguments.size() == call.arguments.size() &&
            std::equal(other->arguments.begin(), other->arguments.end(), call.arguments.begin(),
                       [](const Node &left, const Node &right) { return bare(left) == bare(right); }))
            found.push_back(other);
    }
    return found;
}

void report(const Node &now, const Node &before, Reporter &reporter)
{
    Draft draft;
    draft.at = now;
    draft.title = fittingTitle({quoted(now.text(), 32) + " is made anew in each round now",
                                "What was done once is done in each round now"});
    draft.steps = {{"before this change", "does this once", before},
                   {"now", "does it again in each round", now}};
    draft.outcome = "Each round pays for it again; and what should last over the rounds, a time limit, a "
                    "buffer, a registration, begins anew.";
    draft.evidence = {before};
    draft.facts = {"resolved: the same call stands outside of the loop before the change, and only in it now",
                   "assumed: its value is the same in each round"};
    reporter.report(std::move(draft));
}

/// `vec![0; n]`, `format!(…)`.
bool reportMacro(const Node &macro, const RewrittenFunction &function, Reporter &reporter)
{
    if (!isOneOf(rust::macroName(macro), {"vec", "format"}) || !repeats(macro))
        return false;
    Node before;
    for (const Node &other : function.base->body.descendants("macro_invocation")) {
        if (compact(other.text()) != compact(macro.text()))
            continue;
        if (before || repeats(other))
            return false;
        before = other;
    }
    if (before)
        report(macro, before, reporter);
    return bool(before);
}

} // namespace

void check_moved_into_loop(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t manyLines = 20;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) > manyLines)
            continue;
        for (const Node &macro : function.head->body.descendants("macro_invocation")) {
            if (reportMacro(macro, function, reporter))
                break;
        }
        for (const rust::Call &call : rust::callsIn(function.head->body)) {
            if (!isWanted(call))
                continue;
            const Node loop = repeats(call.node);
            const auto before = loop ? alike(call, *function.baseCalls) : std::vector<const rust::Call *>();
            if (before.empty() ||
                std::any_of(before.begin(), before.end(),
                            [](const rust::Call *other) { return bool(repeats(other->node)); }) ||
                std::any_of(function.headCalls->like(call).begin(), function.headCalls->like(call).end(),
                            [](const rust::Call *other) { return !repeats(other->node); }) ||
                rust::diverges(rust::statementOf(call.node)))
                continue;
            if (!repeats(rust::toCall(before.front()->node).node)) {
                // the loop itself is new around it: then it is another function's work
                const std::string head = compact(loop.text().substr(0, loop.text().find('{')));
                if (countIn(compact(function.base->body.text()), head) == 0 && !loop.is("closure_expression"))
                    continue;
            }
            report(call.node, before.front()->node, reporter);
            break;
        }
    }
}

} // namespace review::rules
