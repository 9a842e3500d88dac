// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/atomics.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <string>

namespace review::rules {

namespace {

/// The comparison that asks whether this was the last reference: `x.fetch_sub(1, …) == 1`, or of the
/// variable that keeps the result. Null if there is none.
rust::Node lastTest(const rust::Node &call)
{
    const auto isTest = [](const rust::Node &value) {
        const rust::Node compare = value.parent();
        const std::string_view sign = compare.field("operator").text();
        // `before > 0` only says that the count was right.
        return compare.is("binary_expression") &&
               (sign == "==" || sign == "!=" || sign == "<=" || sign == ">") &&
               !(sign == ">" && compare.field("right").text() == "0");
    };
    rust::Node value = call;
    while (value.parent().is("parenthesized_expression"))
        value = value.parent();
    if (isTest(value))
        return value.parent();
    const rust::Node let = value.parent();
    if (!let.is("let_declaration") || !let.field("pattern").is("identifier"))
        return {};
    for (const rust::Node &use : rust::usesOf(let.field("pattern").text(), rust::blockOf(let))) {
        if (isTest(use))
            return use.parent();
    }
    return {};
}

bool frees(const rust::Node &node)
{
    const rust::Call call = rust::toCall(node);
    if (!call)
        return false;
    if (!call.isMethod())
        return call.path.ends_with("from_raw") || call.path.ends_with("drop_in_place") ||
               call.path.ends_with("dealloc") || call.path.ends_with("ptr::read") || call.name == "free";
    return isOneOf(call.name, {"drop_slow", "dealloc", "destroy", "free", "deallocate", "drop_in_place"});
}

/// Only what runs after the test, to the end of the function: the branch itself or what follows an early
/// return.
rust::Node freeAfter(const rust::Node &test, const rust::Node &body)
{
    for (const rust::Node node : body.descendants()) {
        if (node.bytes().begin > test.bytes().end && frees(node))
            return node;
    }
    return {};
}

bool synchronises(const rust::Node &body, std::uint32_t from, std::uint32_t to)
{
    return anyIn(body, [&](const rust::Node &node) {
        if (!node.is("call_expression") || node.bytes().begin <= from || node.bytes().begin > to)
            return false;
        const rust::Call call = rust::toCall(node);
        const AtomicAccess access = atomicAccess(call);
        return call.name == "fence" || (!access.place.empty() && access.acquires()) ||
               call.name.find("acquire") != std::string_view::npos;
    });
}

} // namespace

void check_refcount_drop_ordering(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("fetch_sub"))
        return;
    for (const AtomicAccess &access : atomicAccessesIn(input.file.root())) {
        const rust::Node body = rust::bodyOf(access.call.node);
        if (access.call.name != "fetch_sub" || access.acquires() || !body)
            continue;
        const rust::Node test = lastTest(access.call.node);
        const rust::Node freed = test ? freeAfter(test, body) : rust::Node();
        if (!freed || synchronises(body, access.call.node.bytes().end, freed.bytes().begin))
            continue;
        const std::string place = quoted(access.place, 32);
        Draft draft;
        draft.at = access.call.node;
        draft.title = fittingTitle({place + " is counted down without Acquire before the free",
                                    "A count goes down without Acquire before the free"});
        draft.steps = {
            {"thread 1", "uses the object, then counts " + place + " down", access.call.node},
            {"thread 2",
             "counts down with `" + std::string(access.ordering) + "`, sees that it was the last and frees",
             freed}};
        draft.outcome =
            "Nothing orders thread 1's last accesses before the free: they may reach memory that is "
            "gone or given to someone else.";
        draft.evidence = {test, freed};
        draft.facts = {"resolved: the ordering is `" + std::string(access.ordering) +
                           "`, which does not acquire",
                       "resolved: no fence and no acquiring load stands before the free"};
        const rust::Node ordering = access.call.arguments[1];
        const std::size_t colon = ordering.text().rfind(':');
        if (colon != std::string_view::npos) {
            draft.edits.push_back(
                {ordering.bytes(), std::string(ordering.text().substr(0, colon + 1)) + "AcqRel"});
            draft.applicability = Applicability::Machine;
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
