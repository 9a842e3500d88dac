// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <string>
#include <unordered_map>
#include <utility>

namespace review::rules {

namespace {

/// The operator that `checked_sub` and its kin guard; empty for other calls.
std::string operatorOf(const rust::Call &call)
{
    std::string_view name = call.name;
    for (const std::string_view prefix : {"checked_", "saturating_", "overflowing_", "wrapping_"}) {
        if (!name.starts_with(prefix))
            continue;
        name.remove_prefix(prefix.size());
        if (name == "duration_since")
            return "-";
        const std::string_view names[] = {"sub", "add", "mul", "div", "rem", "shl", "shr"};
        const char *const operators[] = {"-", "+", "*", "/", "%", "<<", ">>"};
        for (std::size_t i = 0; i < std::size(names); ++i) {
            if (name == names[i])
                return operators[i];
        }
    }
    return {};
}

bool isGuarded(const rust::Call &call)
{
    return call.isMethod() && call.arguments.size() == 1 &&
           (!operatorOf(call).empty() || call.name == "get" || call.name == "get_mut");
}

/// The code without the parentheses around it.
std::string bare(const rust::Node &node)
{
    rust::Node inner = node;
    while (inner.is("parenthesized_expression"))
        inner = inner.firstNamedChild();
    return compact(inner.text());
}

/// The unguarded form of the same operation in the head: `a - b`, `a -= b`, `a[i]`.
rust::Node unguarded(const rust::Call &call, const rust::Function &head)
{
    const std::string left = bare(call.receiver);
    const std::string right = bare(call.arguments.front());
    const std::string sign = operatorOf(call);
    const auto matches = [&](const rust::Node &node, const rust::Node &first, const rust::Node &second) {
        std::string index = right;
        if (index.starts_with('&'))
            index.erase(0, 1);
        const bool isSame = bare(second) == right || bare(second) == index;
        return node && bare(first) == left && (isSame || !sign.empty());
    };
    if (sign.empty()) {
        for (const rust::Node &node : head.body.descendants("index_expression")) {
            const auto parts = node.namedChildren();
            if (parts.size() == 2 && matches(node, parts[0], parts[1]))
                return node;
        }
        return {};
    }
    for (const char *kind : {"binary_expression", "compound_assignment_expr"}) {
        for (const rust::Node &node : head.body.descendants(kind)) {
            const std::string_view written = node.field("operator").text();
            if ((written == sign || written == sign + "=") &&
                matches(node, node.field("left"), node.field("right")))
                return node;
        }
    }
    return {};
}

/// The plain sum or product that the head takes where the base added step by step with a check.
rust::Node plainTotal(const rust::Call &call, const RewrittenFunction &function)
{
    if (!call.name.starts_with("checked_") || !call.node.ancestor({"closure_expression"}))
        return {};
    for (const rust::Call &other : rust::callsIn(function.head->body)) {
        if (isOneOf(other.name, {"sum", "product"}) && other.isMethod() && other.arguments.empty() &&
            !callsAny(*function.base, [&](const rust::Call &old) { return old.name == other.name; }))
            return other.node;
    }
    return {};
}

/// The operation stands in a branch of an `if` that asks for its left operand.
bool isInAskingBranch(const rust::Node &operation)
{
    const std::string left = bare(operation.field("left"));
    for (rust::Node node = operation; node && !node.is("function_item"); node = node.parent()) {
        if (!node.parent().is("if_expression") || node.fieldName() == "condition")
            continue;
        if (compact(node.parent().field("condition").text()).find(left) != std::string::npos)
            return true;
    }
    return false;
}

bool canOverflow(const rust::Node &operation)
{
    return isOneOf(operation.field("operator").text(), {"+", "-", "*"});
}

/// Where an operation of one text stands in a function.
struct Standing {
    rust::Node asked; ///< the last one in a branch that asks for its operand
    bool isBare = false;
};

/// By the operations' texts without white space.
std::unordered_map<std::string, Standing> operationsOf(const rust::Function &function)
{
    std::unordered_map<std::string, Standing> operations;
    for (const rust::Node &operation : function.body.descendants("binary_expression")) {
        if (!canOverflow(operation))
            continue;
        Standing &standing = operations[compact(operation.text())];
        if (isInAskingBranch(operation))
            standing.asked = operation;
        else
            standing.isBare = true;
    }
    return operations;
}

/// `if a < MAX { a + 1 } else { MAX }` in the base, `a + 1` alone in the head.
void reportUnasked(const RewrittenFunction &function, Reporter &reporter)
{
    const auto old = operationsOf(*function.base);
    for (const rust::Node &now : function.head->body.descendants("binary_expression")) {
        if (!canOverflow(now) || isInAskingBranch(now))
            continue;
        const auto found = old.find(compact(now.text()));
        if (found == old.end() || !found->second.asked || found->second.isBare)
            continue;
        const rust::Node before = found->second.asked;
        Draft draft;
        draft.at = now;
        draft.title = fittingTitle({quoted(now.text()) + " no longer stands behind a comparison",
                                    "An operation no longer stands behind a comparison"});
        draft.steps = {{"before this change", "is worked out only where the operand allows it", before},
                       {"now", "is worked out for every value", now}};
        draft.outcome =
            "The value that the comparison kept out panics here, or wraps around in a release build.";
        draft.evidence = {before};
        draft.facts = {"resolved: the same operation stood in a branch that asks for its operand",
                       "assumed: no other check keeps the operand in range"};
        draft.confidence = 0.75;
        reporter.report(std::move(draft));
        return;
    }
}

/// The operands are fractions now, which have no bounds to leave.
bool isOfFloats(const rust::Node &operation)
{
    for (const rust::Node &node : operation.namedChildren()) {
        const std::string_view made = node.is("identifier") ? rust::initialiserOf(node).text() : node.text();
        if (made.ends_with("as f64") || made.ends_with("as f32"))
            return true;
    }
    return false;
}

} // namespace

void check_dropped_checked_arithmetic(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        reportUnasked(function, reporter);
        for (const RemovedCall &removed : removedCalls(function, isGuarded, input)) {
            rust::Node now = unguarded(removed.call, *function.head);
            if (!now)
                now = plainTotal(removed.call, function);
            if (!now || isOfFloats(now) || unguarded(removed.call, *function.base))
                continue;
            Draft draft;
            draft.at = now;
            draft.title = fittingTitle({quoted(now.text()) + " replaces " + quoted(removed.call.node.text()),
                                        quoted(now.text()) + " is no longer checked"});
            draft.steps = {
                {"before this change", "a value out of range is an answer of its own", removed.call.node},
                {"now", "the same value panics, or wraps around in a release build", now}};
            draft.outcome =
                "The value that made somebody write the check ends the task, or goes on as a huge number.";
            draft.evidence = {removed.call.node};
            draft.facts = {"resolved: the operation was `" + std::string(removed.call.name) +
                               "` and is not guarded now",
                           "assumed: no check elsewhere keeps the operands in range"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
