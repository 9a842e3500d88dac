// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/changed_parts.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

/// The expression a bound depends on at both sides of a change.
struct Bound {
    Node node;        ///< the comparison, difference, range, index or call
    Node operand;     ///< what differs
    std::string rest; ///< the node's text without the operand
    std::string what; ///< "is compared with", for people
};

bool isLengthLike(std::string_view text)
{
    return mentions(text, {"len", "size", "capacity", "remaining", "count", "offset", "limit", "max", "bound",
                           "index", "pos", "end", "start", "width", "depth", "num_"});
}

void add(const Node &node, const Node &operand, const std::string &what, std::vector<Bound> &bounds)
{
    if (!operand || operand.bytes().begin < node.bytes().begin)
        return;
    std::string text(node.text());
    text.replace(operand.bytes().begin - node.bytes().begin, operand.text().size(), "?");
    bounds.push_back({node, operand, compact(text), what});
}

/// Places where the choice of a length, an index or an end decides what is in range.
std::vector<Bound> boundsOf(const std::vector<Node> &tokens)
{
    std::vector<Bound> bounds;
    for (const Node &token : tokens) {
        const Node node = token.parent();
        if (node.is("binary_expression") && token.fieldName() == "operator") {
            const bool isDifference = isOneOf(token.text(), {"-", "%", "<<", ">>"});
            if (!isDifference && !isOneOf(token.text(), {"<", ">", "<=", ">="}))
                continue;
            for (const char *side : {"left", "right"}) {
                const std::string_view other =
                    node.field(std::string_view(side) == "left" ? "right" : "left").text();
                if (isLengthLike(node.field(side).text()) || isLengthLike(other))
                    add(node, node.field(side), isDifference ? "is worked out from" : "is compared with",
                        bounds);
            }
        } else if (node.is("index_expression") && token.kind() == "[") {
            const std::vector<Node> parts = node.namedChildren();
            if (parts.size() == 2)
                add(node, parts[1], "is looked up at", bounds);
        } else if (const Call call = callNamedBy(token);
                   call && call.arguments.size() == 1 &&
                   isOneOf(call.name, {"with_capacity", "reserve", "resize", "take", "split_to", "split_at",
                                       "advance", "truncate", "set_len", "skip", "split_off", "nth",
                                       "reserve_exact", "swap_remove", "try_reserve", "consume"})) {
            add(call.node, call.arguments.front(), "is given", bounds);
        }
    }
    return bounds;
}

/// Without what asks a value for its length: `self.items` of `self.items.as_ref().len()`.
std::string placeOf(const Node &operand)
{
    Node node = operand;
    for (Call call = rust::toCall(node);
         call.isMethod() &&
         isOneOf(call.name, {"len", "as_ref", "remaining", "capacity", "size", "borrow", "count"});
         call = rust::toCall(node))
        node = call.receiver;
    return compact(node.text());
}

/// Something in the function compares the operand or cuts by it.
bool isAsked(const Node &operand, const rust::Function &function)
{
    const std::string text = compact(operand.text());
    for (const Node &comparison : function.body.descendants("binary_expression")) {
        if (isOneOf(comparison.field("operator").text(), {"<", ">", "<=", ">=", "==", "!="}) &&
            !operand.isInside(comparison) &&
            (compact(comparison.field("left").text()) == text ||
             compact(comparison.field("right").text()) == text))
            return true;
    }
    const auto calls = rust::callsIn(function.body);
    return std::any_of(calls.begin(), calls.end(), [&](const Call &call) {
        return isOneOf(call.name, {"min", "max", "clamp", "is_empty", "contains"}) &&
               !operand.isInside(call.node) && compact(call.node.text()).find(text) != std::string::npos;
    });
}

/// The code after a comparison uses what the comparison asked for.
bool isUsedAfter(const Bound &bound, const rust::Function &function)
{
    const std::string text = compact(function.body.text());
    const std::string node = compact(bound.node.text());
    const std::size_t at = text.find(node);
    return at != std::string::npos &&
           text.find(placeOf(bound.operand), at + node.size()) != std::string::npos;
}

/// The old operand fits its surroundings and the new one does not.
bool fittedBefore(const Bound &before, const Bound &now, const RewrittenFunction &function)
{
    if (isOneOf(now.node.field("operator").text(), {"<", ">", "<=", ">="}))
        return now.operand.text().size() > 2 && !now.operand.is("integer_literal") &&
               isUsedAfter(before, *function.base) && !isUsedAfter(now, *function.head);
    return isAsked(before.operand, *function.base) && !isAsked(now.operand, *function.head);
}

/// The name of a variable that is new: it may be the old value under another name.
bool isRenamed(const Bound &before, const Bound &now, const RewrittenFunction &function)
{
    return now.operand.is("identifier") && before.operand.is("identifier") &&
           !contains(function.head->node.text(), before.operand.text()) &&
           !contains(function.base->node.text(), now.operand.text());
}

void report(const Bound &now, const Bound &before, const RewrittenFunction &function, Reporter &reporter)
{
    Draft draft;
    draft.at = now.node;
    draft.title = fittingTitle(
        {quoted(now.node.text(), 32) + " was " + quoted(before.operand.text(), 20) + " before, now " +
             quoted(now.operand.text(), 20),
         quoted(now.operand.text(), 24) + " is a bound where " + quoted(before.operand.text(), 24) + " was",
         "A bound is another value than before"});
    draft.steps = {{"before this change", before.what + " " + quoted(before.operand.text(), 40), before.node},
                   {"now", now.what + " " + quoted(now.operand.text(), 40), now.node}};
    draft.outcome =
        "Where the two differ, the code reaches past the end, stops too early, or goes below zero.";
    draft.evidence = {before.node};
    draft.facts = {"resolved: apart from this the expression in `" + function.head->path() + "` is the same",
                   "assumed: the value before the change was the right bound"};
    reporter.report(std::move(draft));
}

/// `0..=len` where `0..len` was.
bool reportInclusive(const ChangedPart &part, const RewrittenFunction &function, Reporter &reporter)
{
    const auto isRange = [](const Node &token) { return token.parent().is("range_expression"); };
    const auto ends = [&](const Node &token) { return token.kind() == "..=" && isRange(token); };
    const auto stops = [&](const Node &token) { return token.kind() == ".." && isRange(token); };
    const Node now = firstMore(part, ends);
    if (!now || !isFewer(part, stops))
        return false;
    const Node before = *std::find_if(part.lost.begin(), part.lost.end(), stops);
    const auto endOf = [](const Node &token) {
        const std::vector<Node> parts = token.parent().namedChildren();
        return parts.empty() ? std::string() : compact(parts.back().text());
    };
    if (endOf(now) != endOf(before))
        return false;
    Draft draft;
    draft.at = now.parent();
    draft.title = fittingTitle(
        {quoted(now.parent().text(), 36) + " includes its end now", "A range includes its end now"});
    draft.steps = {{"before this change", "stops before the end", before.parent()},
                   {"now", "goes on with the end itself", now.parent()}};
    draft.outcome = "Where the end is a length, the last round reaches past the last element.";
    draft.evidence = {before.parent()};
    draft.facts = {"resolved: the range of `" + function.head->path() + "` has the same end as before",
                   "assumed: the end itself is not meant"};
    draft.confidence = isLengthLike(endOf(now)) ? 1.0 : 0.9;
    reporter.report(std::move(draft));
    return true;
}

} // namespace

void check_other_operand(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t fewLines = 4;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (isTestOrTool(function.head->node, input.file))
            continue;
        const std::string base = compact(function.base->body.text());
        const std::string head = compact(function.head->body.text());
        for (const ChangedPart &part : changedParts(function, fewLines)) {
            if (reportInclusive(part, function, reporter))
                continue;
            if (part.lost.size() > 16 || part.added.size() > 16)
                continue;
            const std::vector<Bound> old = boundsOf(part.base);
            for (const Bound &now : boundsOf(part.head)) {
                const auto twin = std::find_if(old.begin(), old.end(), [&](const Bound &before) {
                    return before.rest == now.rest &&
                           compact(before.operand.text()) != compact(now.operand.text());
                });
                if (twin == old.end() || base.find(compact(now.node.text())) != std::string::npos ||
                    head.find(compact(twin->node.text())) != std::string::npos ||
                    isRenamed(*twin, now, function) || !fittedBefore(*twin, now, function))
                    continue;
                report(now, *twin, function, reporter);
                break;
            }
        }
    }
}

} // namespace review::rules
