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

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

bool isOperator(const Node &token, std::initializer_list<std::string_view> operators)
{
    return token.parent().isAny({"binary_expression", "compound_assignment_expr"}) &&
           token.fieldName() == "operator" && isOneOf(token.text(), operators);
}

/// Text is joined, fractions have no bounds to leave, and constants are worked out by the compiler.
bool isOfNumbers(const Node &token)
{
    const std::string_view text = token.parent().text();
    if (text.find('"') != std::string_view::npos || text.find("f64") != std::string_view::npos ||
        text.find("f32") != std::string_view::npos || text.find(".0") != std::string_view::npos)
        return false;
    const Node left = token.parent().field("left");
    const Node right = token.parent().field("right");
    return !(left.is("integer_literal") && right.is("integer_literal"));
}

bool subtracts(const Node &token)
{
    return isOperator(token, {"-", "-="}) && isOfNumbers(token);
}

/// A counter that steps by one overflows in theory.
bool adds(const Node &token)
{
    return isOperator(token, {"+", "+="}) && isOfNumbers(token) &&
           token.parent().field("right").text() != "1";
}

bool multiplies(const Node &token)
{
    return isOperator(token, {"*", "<<", "*=", "<<="}) && isOfNumbers(token);
}

bool divides(const Node &token)
{
    return isOperator(token, {"/", "%", "/=", "%="}) && isOfNumbers(token) &&
           !token.parent().field("right").is("integer_literal");
}

bool stepsUp(const Node &token)
{
    return isOperator(token, {"+", "+="}) && isOfNumbers(token);
}

/// `as u32` and the like: a number that does not fit loses its upper bits.
bool cuts(const Node &token)
{
    return token.kind() == "as" && token.parent().is("type_cast_expression") &&
           isOneOf(token.parent().field("type").text(),
                   {"u8", "u16", "u32", "i8", "i16", "i32", "c_int", "libc::c_int"});
}

/// An operation that says what happens to a value out of range.
bool guards(const Node &token)
{
    const Call call = callNamedBy(token);
    if (!call)
        return false;
    for (const std::string_view prefix : {"checked_", "saturating_", "wrapping_", "overflowing_"}) {
        if (call.name.starts_with(prefix))
            return true;
    }
    return isOneOf(call.name, {"abs_diff", "try_from", "try_into", "clamp", "rem_euclid", "unsigned_abs",
                               "next_multiple_of", "div_ceil"}) ||
           (isOneOf(call.name, {"min", "max"}) && !call.arguments.empty());
}

/// A cast to a type with room for the result.
bool widens(const Node &token)
{
    return token.is("primitive_type") && token.parent().is("type_cast_expression") &&
           isOneOf(token.text(), {"u64", "u128", "i64", "i128"});
}

/// A question for a range: `a >= b`, `len == 0`, `is_empty`.
bool compares(const Node &token)
{
    return isOperator(token, {"<", ">", "<=", ">=", "==", "!="}) ||
           isOneOf(callNamedBy(token).name, {"is_zero", "is_empty", "contains", "is_power_of_two"});
}

struct Loss {
    Node hazard;
    Node guard; ///< of the base
    double confidence = 1.0;
    std::string what;
};

/// The two speak of one value at least.
bool shareName(const Node &left, const Node &right)
{
    const std::vector<Node> tokens = tokensOf(left);
    return std::any_of(tokens.begin(), tokens.end(), [&](const Node &token) {
        return token.isAny({"identifier", "field_identifier"}) && !callNamedBy(token) &&
               contains(right.text(), token.text());
    });
}

Loss lossOf(const ChangedPart &part)
{
    const auto first = [&](const IsToken &isWanted) {
        return *std::find_if(part.lost.begin(), part.lost.end(), isWanted);
    };
    const bool isSmall = part.baseLines <= 4 && part.headLines <= 4;
    if (isFewer(part, guards)) {
        for (const IsToken &hazard :
             {IsToken(subtracts), IsToken(multiplies), IsToken(stepsUp), IsToken(cuts), IsToken(divides)}) {
            if (const Node at = firstMore(part, hazard))
                return {at, first(guards),
                        isSmall && shareName(at.parent(), callNamedBy(first(guards)).node) ? 1.0 : 0.85,
                        "what is out of range had an answer of its own"};
        }
    }
    if (isFewer(part, widens)) {
        if (const Node at = firstMore(part, cuts))
            return {at, first(widens), 0.85, "was worked out in a wider type"};
    }
    if (isFewer(part, compares)) {
        for (const IsToken &hazard :
             {IsToken(subtracts), IsToken(multiplies), IsToken(adds), IsToken(divides)}) {
            if (const Node at = firstMore(part, hazard))
                return {at, first(compares), 0.8, "was worked out only after a comparison"};
        }
    }
    return {};
}

/// `a >= b + c` became `a - b >= c`: the same to a mathematician.
Loss turnedAround(const ChangedPart &part)
{
    const auto inComparison = [](const Node &token) {
        return isOneOf(token.parent().parent().field("operator").text(), {"<", ">", "<=", ">="});
    };
    const auto less = [&](const Node &token) { return subtracts(token) && inComparison(token); };
    const auto more = [&](const Node &token) { return stepsUp(token) && inComparison(token); };
    const Node at = part.baseLines <= 4 && part.headLines <= 4 ? firstMore(part, less) : Node();
    if (!at || !isFewer(part, more))
        return {};
    return {at, *std::find_if(part.lost.begin(), part.lost.end(), more), 1.0,
            "was a sum, which cannot go below zero"};
}

double dangerOf(const Node &token)
{
    if (guards(token))
        return -3;
    return subtracts(token) || multiplies(token) ? 2
           : adds(token)                         ? 1
           : cuts(token)                         ? 1
           : stepsUp(token) || divides(token)    ? 0.5
           : compares(token)                     ? -1.5
           : widens(token)                       ? -2
                                                 : 0;
}

/// How much more is worked out unguarded than before: never above zero both ways.
double moreDanger(const ChangedPart &part)
{
    double danger = 0;
    for (const Node &token : part.added)
        danger += dangerOf(token);
    for (const Node &token : part.lost)
        danger -= dangerOf(token);
    return danger;
}

void report(const Loss &loss, const RewrittenFunction &function, Reporter &reporter)
{
    const Node at = loss.hazard.parent();
    const Call call = callNamedBy(loss.guard);
    const Node before = call ? call.node : loss.guard.parent();
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({quoted(at.text(), 26) + " stands where " + quoted(before.text(), 26) + " was",
                                quoted(at.text(), 30) + " has fewer guards than before"});
    draft.steps = {{"before this change", loss.what, before}, {"now", "is worked out for every value", at}};
    draft.outcome = "A value out of range panics here, or wraps around to another one in a release build.";
    draft.evidence = {before};
    draft.facts = {"resolved: the changed lines of `" + function.head->path() +
                       "` do more plain arithmetic and guard less of it than before",
                   "assumed: no other check keeps the operands in range"};
    draft.confidence = loss.confidence;
    reporter.report(std::move(draft));
}

} // namespace

void check_arithmetic_less_guarded(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (isTestOrTool(function.head->node, input.file))
            continue;
        for (const ChangedPart &part : changedParts(function)) {
            if (part.head.empty() || moreDanger(part) <= 0 || asksSomebodyNew(part, input))
                continue;
            Loss loss = turnedAround(part);
            if (!loss.hazard)
                loss = lossOf(part);
            if (loss.hazard)
                report(loss, function, reporter);
        }
    }
}

} // namespace review::rules
