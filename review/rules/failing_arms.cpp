// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/failing_arms.h"

#include "review/rules/phrases.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// `.await`, parentheses, and methods that only decorate the result.
Node decorated(const Node &call)
{
    Node node = call;
    for (;;) {
        const Node above = node.parent();
        if (above.isAny({"await_expression", "parenthesized_expression"})) {
            node = above;
            continue;
        }
        const Call outer = above.is("field_expression") ? rust::toCall(above.parent()) : Call();
        if (!outer || !isOneOf(outer.name, {"map_err", "instrument", "context", "with_context",
                                            "in_current_span", "inspect_err", "boxed"}))
            return node;
        node = outer.node;
    }
}

bool saysFailure(const std::string &pattern)
{
    return pattern.starts_with("Err(") || pattern == "None" || pattern.starts_with("Some(Err(") ||
           pattern.starts_with("Result::Err(");
}

bool goesOn(const Node &handler)
{
    if (!handler || handler.is("continue_expression"))
        return true;
    if (!rust::diverges(handler))
        return true;
    // Left for good, unless the only way out is `continue`.
    return handler.descendants("return_expression").empty() &&
           handler.descendants("break_expression").empty() &&
           !handler.isAny({"return_expression", "break_expression"}) &&
           !handler.descendants("continue_expression").empty();
}

FailingArm armOf(const Call &call, const Node &pattern, const Node &handler, bool guarded)
{
    return {call, pattern, handler, goesOn(handler), guarded};
}

std::optional<FailingArm> ofMatch(const Call &call, const Node &match)
{
    for (const Node &arm : match.field("body").namedChildren()) {
        const Node pattern = arm.is("match_arm") ? arm.field("pattern") : Node();
        const Node guard = pattern.field("condition");
        if (pattern && saysFailure(compact(pattern.text())))
            return armOf(call, pattern, arm.field("value"), bool(guard));
    }
    return std::nullopt;
}

} // namespace

std::optional<FailingArm> failingArm(const Call &call)
{
    const Node value = decorated(call.node);
    const Node parent = value.parent();
    if (parent.is("match_expression") && value.fieldName() == "value")
        return ofMatch(call, parent);
    if (parent.is("let_condition")) {
        const std::string pattern = compact(parent.field("pattern").text());
        const Node around = parent.parent();
        const bool fails = saysFailure(pattern);
        if (around.is("while_expression"))
            return fails ? std::optional(armOf(call, parent.field("pattern"), around.field("body"), false))
                         : std::nullopt;
        if (!around.is("if_expression"))
            return std::nullopt;
        const Node alternative = around.field("alternative");
        if (fails)
            return armOf(call, parent.field("pattern"), around.field("consequence"), false);
        if (pattern.starts_with("Ok(") || pattern.starts_with("Some("))
            return armOf(call, {}, alternative.firstNamedChild(), false);
        return std::nullopt;
    }
    if (parent.is("let_declaration") && parent.field("alternative")) {
        const std::string pattern = compact(parent.field("pattern").text());
        if (pattern.starts_with("Ok(") || pattern.starts_with("Some("))
            return armOf(call, {}, parent.field("alternative"), false);
    }
    return std::nullopt;
}

} // namespace review::rules
