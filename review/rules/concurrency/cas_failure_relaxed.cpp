// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/atomics.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>
#include <string>
#include <vector>

namespace review::rules {

namespace {

/// The value that a failed exchange found: what `Err(..)` binds around the call. Null if nothing does.
rust::Node foundName(const rust::Node &exchange)
{
    const rust::Node value = rust::withAdapters(exchange);
    const rust::Node parent = value.parent();
    if (parent.is("match_expression") && value.fieldName() == "value") {
        for (const rust::Node &arm : parent.field("body").namedChildren()) {
            const rust::Node pattern = arm.field("pattern");
            const std::vector<rust::Node> names = rust::boundNames(pattern);
            if (pattern.text().starts_with("Err") && names.size() == 1)
                return names.front();
        }
    }
    if (parent.is("let_condition") && parent.field("pattern").text().starts_with("Err")) {
        const std::vector<rust::Node> names = rust::boundNames(parent.field("pattern"));
        return names.size() == 1 ? names.front() : rust::Node();
    }
    return {};
}

/// Where the value of `match … { Ok(..) => .., Err(found) => found }` goes: the variable of its `let`.
std::string_view handedTo(const rust::Node &match, const rust::Node &name)
{
    const rust::Node let = match.parent();
    if (!match.is("match_expression") || !let.is("let_declaration") || !let.field("pattern").is("identifier"))
        return {};
    for (const rust::Node &arm : match.field("body").namedChildren()) {
        rust::Node value = arm.field("value");
        if (value.is("block") && !value.namedChildren().empty())
            value = value.namedChildren().back();
        if (value.is("identifier") && value.text() == name.text() && name.isInside(arm))
            return let.field("pattern").text();
    }
    return {};
}

/// The place where what the pointer points to is read, written or referred to.
rust::Node dereferenceOf(std::string_view name, const rust::Node &within, std::uint32_t after)
{
    for (const rust::Node &use : rust::usesOf(name, within)) {
        if (use.bytes().begin < after)
            continue;
        const rust::Node parent = use.parent();
        const bool isDereferenced = parent.is("unary_expression") && parent.text().starts_with('*');
        const rust::Call method = rust::toCall(parent.parent());
        const bool isAsked = method && method.receiver == use &&
                             isOneOf(method.name, {"as_ref", "as_mut", "deref", "read", "as_ref_unchecked"});
        const rust::Call into = rust::toCall(parent.parent());
        const bool isGiven = parent.is("arguments") && !into.isMethod() &&
                             (into.path.ends_with("::from_raw") || into.path.ends_with("ptr::read"));
        if (isDereferenced || isAsked || isGiven)
            return use;
    }
    return {};
}

/// Ends the search: an ordering that comes later makes up for the weak one.
bool isFenced(const rust::Node &body, std::uint32_t from, std::uint32_t to)
{
    return anyIn(body, [&](const rust::Node &node) {
        const rust::Call call = rust::toCall(node);
        return call.name == "fence" && node.bytes().begin > from && node.bytes().begin < to;
    });
}

void checkAccess(const AtomicAccess &access, Reporter &reporter)
{
    const rust::Node body = rust::bodyOf(access.call.node);
    if (access.onFailure != "Relaxed" || access.call.name == "fetch_update" || !body)
        return;
    const rust::Node name = foundName(access.call.node);
    if (!name)
        return;
    const rust::Node scope = rust::withAdapters(access.call.node).parent();
    const std::uint32_t from = name.bytes().end;
    rust::Node use = dereferenceOf(name.text(), scope.is("let_condition") ? scope.parent() : scope, from);
    if (const std::string_view handed = handedTo(scope, name); !use && !handed.empty())
        use = dereferenceOf(handed, body, scope.bytes().end);
    if (!use || isFenced(body, access.call.node.bytes().end, use.bytes().begin))
        return;
    const std::string place = quoted(access.place, 32);
    Draft draft;
    draft.at = access.call.arguments[3];
    draft.title = fittingTitle({place + ": the pointer found on failure is loaded with Relaxed",
                                "The pointer found on failure is loaded with Relaxed"});
    draft.steps = {
        {"thread 1", "fills an object and publishes its address in " + place, access.call.node},
        {"thread 2", "fails to exchange and gets that address with `Relaxed`", access.call.arguments[3]},
        {"thread 2", "looks at what it points to, maybe before the object's contents arrive", use}};
    draft.outcome = "Thread 2 sees an object that is not filled yet. It is a data race, hence undefined "
                    "behaviour, and shows on ARM and POWER first.";
    draft.evidence = {use, access.call.node};
    draft.facts = {"resolved: the exchange's failure ordering is `Relaxed`",
                   "resolved: the value that it found is dereferenced",
                   "resolved: no fence stands in between"};
    const std::string_view written = access.call.arguments[3].text();
    const std::size_t colon = written.rfind(':');
    draft.edits.push_back(
        {access.call.arguments[3].bytes(),
         std::string(colon == std::string_view::npos ? "" : written.substr(0, colon + 1)) + "Acquire"});
    if (colon == std::string_view::npos)
        draft.edits.clear();
    reporter.report(std::move(draft));
}

} // namespace

void check_cas_failure_relaxed(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("compare_exchange"))
        return;
    for (const AtomicAccess &access : atomicAccessesIn(input.file.root()))
        checkAccess(access, reporter);
}

} // namespace review::rules
