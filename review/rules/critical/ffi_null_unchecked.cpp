// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/foreign.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// How a pointer is used as if it could not be null.
struct Use {
    Node node;
    std::string how; ///< "is dereferenced", "goes to `CStr::from_ptr`"
};

bool isParameter(const Node &node, const rust::Parameter &parameter)
{
    Node value = node;
    while (value.isAny({"parenthesized_expression", "type_cast_expression"}))
        value = value.is("type_cast_expression") ? value.field("value") : value.firstNamedChild();
    const Call call = rust::toCall(value);
    if (call.isMethod() && isOneOf(call.name, {"cast", "cast_mut", "cast_const"}))
        value = call.receiver;
    return value.is("identifier") && value.text() == parameter.name &&
           rust::bindingOf(value).field("pattern") == parameter.pattern;
}

std::optional<Use> useAt(const Node &node, const rust::Parameter &parameter)
{
    if (node.is("unary_expression") && node.text().starts_with('*') &&
        isParameter(node.firstNamedChild(), parameter))
        return Use{node, "is dereferenced"};
    const Call call = rust::toCall(node);
    if (!call)
        return {};
    if (!call.isMethod() && !call.arguments.empty() &&
        isOneOf(call.name, {"from_ptr", "from_raw_parts", "from_raw_parts_mut", "from_raw", "read", "write",
                            "copy_nonoverlapping", "copy", "new_unchecked"})) {
        // Only what takes the pointer first, or a copy's target.
        const bool copies = call.name.starts_with("copy");
        for (std::size_t i = 0; i < (copies ? std::min<std::size_t>(2, call.arguments.size()) : 1); ++i) {
            if (isParameter(call.arguments[i], parameter))
                return Use{node, "goes to " + quoted(call.path, 30)};
        }
    }
    if (call.isMethod() && isParameter(call.receiver, parameter) &&
        isOneOf(call.name,
                {"read", "write", "read_unaligned", "write_unaligned", "copy_from", "copy_to", "replace"}))
        return Use{node, "is used by " + quoted(call.name, 30)};
    return {};
}

/// Anything that looks at the pointer before: `is_null`, `as_ref`, `NonNull::new`, a comparison, a checking
/// macro or function.
bool isCheck(const Node &node, const rust::Parameter &parameter)
{
    if (const Call call = rust::toCall(node)) {
        if (call.isMethod() && isParameter(call.receiver, parameter))
            return isOneOf(call.name, {"is_null", "as_ref", "as_mut"});
        const auto takes = [&](const Node &argument) { return isParameter(argument, parameter); };
        return std::any_of(call.arguments.begin(), call.arguments.end(), takes) &&
               (mentions(call.name, {"null", "check", "valid", "ensure", "verify"}) ||
                call.path == "NonNull::new" || call.path.ends_with("::NonNull::new"));
    }
    if (node.is("macro_invocation"))
        return node.text().find(parameter.name) != std::string_view::npos &&
               mentions(rust::macroName(node), {"null", "check", "valid", "ensure", "verify", "assert",
                                                "deref", "try", "unwrap", "ref"});
    return node.is("binary_expression") && isOneOf(node.field("operator").text(), {"==", "!="}) &&
           (isParameter(node.field("left"), parameter) || isParameter(node.field("right"), parameter));
}

std::optional<Use> uncheckedUse(const rust::Function &function, const rust::Parameter &parameter)
{
    for (const Node &node : function.body.descendants()) {
        if (isCheck(node, parameter))
            return {};
        if (auto use = useAt(node, parameter))
            return use;
    }
    return {};
}

/// `if key.is_null() { return -1; }` before the statement of the function's body that uses it.
void returnEarly(const rust::Function &function, const rust::Parameter &parameter, const Use &use,
                 Draft &draft)
{
    const std::string failure = failureValue(function);
    Node statement = use.node;
    while (statement && statement.parent() != function.body)
        statement = statement.parent();
    if (failure.empty() || !statement || statement.lines().begin == function.body.lines().begin)
        return;
    // Not between a comment or attribute and what it belongs to.
    Node first = statement;
    for (Node before = first.previousNamedSibling();
         before.isAny({"line_comment", "block_comment", "attribute_item"}) &&
         before.lines().begin + 1 >= first.lines().begin &&
         before.lines().begin > function.body.lines().begin;
         before = before.previousNamedSibling())
        first = before;
    const std::string indent = indentOf(first);
    const std::uint32_t start = first.bytes().begin;
    draft.edits.push_back({{start, start},
                           "if " + parameter.name + ".is_null() {\n" + indent + "    return" +
                               (failure == "()" ? "" : " " + failure) + ";\n" + indent + "}\n" + indent});
}

Draft makeDraft(const rust::Function &function, const rust::Parameter &parameter, const Use &use)
{
    const std::string name = quoted(parameter.name, 24);
    Draft draft;
    draft.at = use.node;
    draft.title =
        fittingTitle({name + " " + use.how + " without a null check", name + " is not checked for null"});
    draft.steps = {{"C caller", "calls `" + function.name + "` with a null " + name, parameter.pattern},
                   {"Rust", name + " " + use.how + " as if it pointed to something", use.node}};
    draft.outcome = "The behaviour is undefined: at best the process ends with a segmentation fault.";
    draft.evidence = {parameter.pattern};
    draft.facts = {"resolved: `" + function.name + "` is exported to C and takes " + name + " as " +
                       quoted(parameter.type.text(), 40),
                   "resolved: nothing asks before whether it is null"};
    if (mentions(function.docs, {"null", "valid pointer"}))
        draft.severity = Severity::Low;
    returnEarly(function, parameter, use, draft);
    return draft;
}

} // namespace

void check_ffi_null_unchecked(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (!isExported(function))
            continue;
        for (const rust::Parameter &parameter : function.parameters) {
            if (parameter.name.empty() || !parameter.type.is("pointer_type"))
                continue;
            if (const auto use = uncheckedUse(function, parameter))
                reporter.report(makeDraft(function, parameter, *use));
        }
    }
}

} // namespace review::rules
