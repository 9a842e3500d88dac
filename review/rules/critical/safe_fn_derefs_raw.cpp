// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/module_reach.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isParameter(Node value, const rust::Parameter &parameter)
{
    while (value.isAny({"parenthesized_expression", "type_cast_expression"}))
        value = value.is("type_cast_expression") ? value.field("value") : value.firstNamedChild();
    return value.is("identifier") && value.text() == parameter.name &&
           rust::bindingOf(value).field("pattern") == parameter.pattern;
}

/// Where the pointer is trusted; null if it is only kept or passed on.
Node trustedAt(const rust::Function &function, const rust::Parameter &parameter)
{
    for (const Node node : function.body.descendants()) {
        if (node.is("unary_expression") && node.text().starts_with('*') &&
            isParameter(node.firstNamedChild(), parameter))
            return node;
        const Call call = rust::toCall(node);
        if (!call.isMethod() && !call.arguments.empty() &&
            isOneOf(call.name, {"from_raw", "from_raw_parts", "from_raw_parts_mut", "from_ptr",
                                "drop_in_place", "read", "write"}) &&
            call.path.find("::") != std::string::npos && isParameter(call.arguments.front(), parameter) &&
            node.ancestor({"unsafe_block"}))
            return node;
    }
    return {};
}

/// Other crates, or at least other modules, can call it without `unsafe`.
bool isOpen(const rust::Function &function, const RuleInput &input)
{
    const rust::Struct *owner =
        function.selfType.empty() ? nullptr : input.model.findStruct(function.selfType, input.file);
    if (owner && !compact(owner->node.text()).starts_with("pub"))
        return false;
    return function.isPublic && function.traitName.empty() && !function.isUnsafe && function.body &&
           function.abi.empty() && !function.isTest && !mentions(function.docs, {"# safety"}) &&
           function.node.text().find("pub(") > function.node.text().find("fn");
}

} // namespace

void check_safe_fn_derefs_raw(const RuleInput &input, Reporter &reporter)
{
    // The kernel proves each access of such a program before it runs.
    if (input.file.tree().contains("aya_ebpf") || input.file.tree().contains("aya_bpf"))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (!isOpen(function, input))
            continue;
        for (const rust::Parameter &parameter : function.parameters) {
            if (parameter.name.empty() || !parameter.type.is("pointer_type"))
                continue;
            const Node use = trustedAt(function, parameter);
            if (!use)
                continue;
            const std::string name = quoted(parameter.name, 24);
            Draft draft;
            draft.at = function.node.field("name");
            draft.title =
                fittingTitle({"`" + function.name + "` is safe to call but trusts the pointer " + name,
                              "A safe function trusts the pointer " + name});
            draft.steps = {
                {"caller", "passes a dangling " + name + " without writing `unsafe`", parameter.pattern},
                {"thread", "follows it", use}};
            draft.outcome = "Safe code alone reads or frees memory that is not there.";
            draft.evidence = {use};
            draft.facts = {"resolved: `" + function.name + "` is public and not `unsafe`",
                           "resolved: it takes " + name + " as " + quoted(parameter.type.text(), 40)};
            // A library for C has no callers in Rust but its own.
            if (mentions(input.file.path(), {"bindings/", "ffi/", "capi/", "c-api/"})) {
                draft.facts.push_back("assumed: Rust code of others calls it");
                draft.confidence = 0.7;
            } else if (isOutOfReach(input.file, input.model)) {
                draft.facts.push_back("assumed: code outside this crate gets at it");
                draft.confidence = 0.7;
            }
            reporter.report(std::move(draft));
            break;
        }
    }
}

} // namespace review::rules
