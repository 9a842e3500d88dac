// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/module_reach.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool namesLifetime(const Node &node, std::string_view lifetime)
{
    return node && anyIn(node, [&](const Node &at) { return at.is("lifetime") && at.text() == lifetime; });
}

/// A lifetime of the function itself that is in what it returns and in nothing that it takes.
Node unboundLifetime(const rust::Function &function)
{
    for (const Node &parameter : function.node.field("type_parameters").namedChildren()) {
        const Node lifetime = parameter.is("lifetime")             ? parameter
                              : parameter.is("lifetime_parameter") ? parameter.field("name")
                                                                   : Node();
        if (!lifetime || !namesLifetime(function.returnType, lifetime.text()))
            continue;
        const bool taken = namesLifetime(function.node.field("parameters"), lifetime.text());
        // `T: 'a`, `F: Fn(&'a X)`: the callers' types decide.
        bool bounded = false;
        for (const Node &other : function.node.field("type_parameters").namedChildren())
            bounded = bounded || (other != parameter && namesLifetime(other, lifetime.text()));
        for (const Node &child : function.node.namedChildren())
            bounded = bounded || (child.is("where_clause") && namesLifetime(child, lifetime.text()));
        const bool reference = anyIn(function.returnType, [&](const Node &at) {
            return at.is("reference_type") && namesLifetime(at.firstNamedChild(), lifetime.text());
        });
        if (!taken && !bounded && reference)
            return lifetime;
    }
    return {};
}

/// Where the body makes a reference out of a raw pointer.
Node rawReference(const Node &body)
{
    for (const Node node : body.descendants()) {
        if (node.is("reference_expression")) {
            Node value = node.field("value");
            if (value.is("unary_expression") && value.text().starts_with('*') &&
                value.ancestor({"unsafe_block"}))
                return node;
            continue;
        }
        const Call call = rust::toCall(node);
        if (!call.isMethod() && isOneOf(call.name, {"from_raw_parts", "from_raw_parts_mut", "from_ptr",
                                                    "transmute", "from_utf8_unchecked"}))
            return node;
        if (call.isMethod() && isOneOf(call.name, {"as_ref", "as_mut"}) && node.ancestor({"unsafe_block"}) &&
            call.receiver.text().find("ptr") != std::string_view::npos)
            return node;
    }
    return {};
}

void report(const rust::Function &function, const Node &lifetime, const Node &made, const RuleInput &input,
            Reporter &reporter)
{
    const std::string name = quoted(lifetime.text());
    Draft draft;
    draft.at = function.returnType;
    draft.title = fittingTitle({"`" + function.name + "` lets its caller choose the lifetime " + name,
                                "The caller chooses the lifetime " + name + " of what is returned"});
    draft.steps = {{"thread", "calls `" + function.name + "` and keeps the reference", function.returnType},
                   {"thread", "frees or moves what the pointer leads to, which the compiler allows", made},
                   {"thread", "reads through the reference", function.returnType}};
    draft.outcome = "Safe code reads freed memory.";
    draft.evidence = {made};
    draft.facts = {"resolved: " + name + " is in no parameter of `" + function.name + "`",
                   "resolved: the reference is made from a raw pointer: " + quoted(made.text(), 50)};
    // A library for C has no callers in Rust but its own.
    if (mentions(function.file->path(), {"bindings/", "ffi/", "capi/", "c-api/"})) {
        draft.facts.push_back("assumed: Rust code of others calls it");
        draft.confidence = 0.7;
    } else if (!function.isPublic || function.node.text().starts_with("pub(") ||
               isOutOfReach(input.file, input.model)) {
        draft.facts.push_back("assumed: code outside this crate gets at it");
        draft.confidence = 0.7;
    }
    // With `&self` the elided lifetime ties the result to the object.
    const bool hasSelf = !function.parameters.empty() && function.parameters.front().name == "self";
    if (hasSelf && function.node.field("type_parameters").namedChildren().size() == 1) {
        const Node list = function.node.field("type_parameters");
        draft.edits.push_back({list.bytes(), ""});
        for (const Node &use : function.returnType.descendants("lifetime")) {
            if (use.text() == lifetime.text())
                draft.edits.push_back({{use.bytes().begin, use.bytes().end + 1}, ""});
        }
        if (anyIn(function.body, [&](const Node &at) { return at.is("lifetime"); }) ||
            anyIn(function.returnType, [](const Node &at) {
                return at.is("type_arguments") && at.firstNamedChild().is("lifetime");
            }))
            draft.edits.clear();
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_unbound_raw_lifetime(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("unsafe"))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (function.isUnsafe || !function.body || function.isTest || !function.returnType ||
            function.returnType.text().find('\'') == std::string_view::npos)
            continue;
        const Node lifetime = unboundLifetime(function);
        if (!lifetime || mentions(function.node.text(), {"leak", "'static>"}))
            continue;
        if (const Node made = rawReference(function.body))
            report(function, lifetime, made, input, reporter);
    }
}

} // namespace review::rules
