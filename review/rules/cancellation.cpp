// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/cancellation.h"

#include "review/rules/phrases.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

constexpr int maxSteps = 12;

bool isTimeout(const Call &call)
{
    return isOneOf(call.name, {"timeout", "timeout_at", "with_timeout", "timeout_after",
                               "run_until_cancelled", "timeout_cancellable"});
}

/// Methods that hand on the place they stand on.
bool isTransparent(const Call &call)
{
    return isOneOf(call.name, {"lock", "read", "write", "borrow_mut", "borrow", "as_mut", "as_ref", "clone",
                               "deref_mut", "get_mut", "unwrap", "expect", "load_full"}) &&
           call.arguments.size() <= (call.name == "expect" ? 1U : 0U);
}

/// A static's name: "ACTIVE"; not a variant like "None".
bool isConstantName(const std::string &name)
{
    return name.size() > 2 && name.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
}

std::string placeOfParameter(const Node &parameter, const std::string &name)
{
    const std::string type = compact(parameter.field("type").text());
    const bool shared = type.starts_with('&') || mentions(type, {"arc<", "rc<"});
    return shared ? name : std::string();
}

std::string placeOf(const Node &node, const rust::Function &function, int steps)
{
    if (!node || steps > maxSteps)
        return {};
    if (node.is("self")) {
        const Node parameters = function.node.field("parameters");
        const Node self = parameters.firstNamedChild();
        const std::string text = compact(self.text());
        const bool shared = text.find('&') != std::string::npos || text.find("Arc<") != std::string::npos;
        return shared ? "self" : std::string();
    }
    if (node.is("scoped_identifier"))
        return compact(node.text());
    if (node.is("identifier")) {
        const Node binding = rust::bindingOf(node);
        const std::string name(node.text());
        if (!binding)
            return isConstantName(name) ? name : std::string();
        if (binding.is("parameter"))
            return placeOfParameter(binding, name);
        // Only a reference or a guard is another name for the place; other values were moved or copied out.
        const Node value = binding.is("let_declaration") ? binding.field("value") : Node();
        const Call &call = rust::toCall(rust::stripAdapters(value));
        const bool alias = value.is("reference_expression") || (call.isMethod() && isTransparent(call)) ||
                           call.path == "Arc::clone";
        return alias ? placeOf(value, function, steps + 1) : std::string();
    }
    if (node.is("field_expression")) {
        const std::string owner = placeOf(node.field("value"), function, steps + 1);
        return owner.empty() ? owner : owner + "." + std::string(node.field("field").text());
    }
    if (node.is("reference_expression"))
        return placeOf(node.field("value"), function, steps + 1);
    if (node.isAny({"parenthesized_expression", "await_expression", "try_expression", "unary_expression"}))
        return placeOf(node.firstNamedChild(), function, steps + 1);
    const Call &call = rust::toCall(node);
    if (call.isMethod() && isTransparent(call))
        return placeOf(call.receiver, function, steps + 1);
    if (call.path == "Arc::clone" && call.arguments.size() == 1)
        return placeOf(call.arguments.front(), function, steps + 1);
    return {};
}

/// A name that says nothing by itself beyond its own file.
bool isCommon(const rust::Function &function, const rust::Model &model)
{
    return model.functionsNamed(function.name, 2).size() > 1 || function.name.size() < 5;
}

/// Has what may drop a future before its end.
template <typename Text>
bool mayCancel(const Text &text)
{
    return text.contains("select!") || text.contains("timeout");
}

Cancellation callIn(const rust::File &file, const rust::Function &function)
{
    const std::string &text = file.tree().text();
    const std::string needle = function.name + "(";
    for (std::size_t at = text.find(needle); at != std::string::npos; at = text.find(needle, at + 1)) {
        const auto begin = static_cast<std::uint32_t>(at);
        Node node = file.tree().nodeAt({begin, static_cast<std::uint32_t>(begin + needle.size())});
        while (node && !node.is("call_expression") && node.bytes().begin + 200 > begin)
            node = node.parent();
        const Call &call = rust::toCall(node);
        if (call.name != function.name || file.isTest(node))
            continue;
        if (Cancellation found = cancellationAround(node, file))
            return found;
    }
    return {};
}

} // namespace

Cancellation cancellationAround(const Node &node, const rust::File &file)
{
    for (Node at = node; at.parent(); at = at.parent()) {
        const Node above = at.parent();
        if (above.is("function_item"))
            break;
        if (above.is("select_arm") && at.fieldName() == "future")
            return {above, "`select!`", &file};
        if (!above.is("arguments"))
            continue;
        const Call &call = rust::toCall(above.parent());
        if (isTimeout(call))
            return {call.node, "`timeout`", &file};
        if (isOneOf(call.name, {"select", "abortable", "abortable_future"}))
            return {call.node, quoted(call.name), &file};
        if (isOneOf(call.name, {"spawn", "spawn_blocking", "block_on"}))
            break;
    }
    // A method of the future: `f.timeout(limit).await`.
    for (Node at = node; at.parent().is("field_expression"); at = at.parent().parent()) {
        const Call &call = rust::toCall(at.parent().parent());
        if (isTimeout(call))
            return {call.node, "`timeout`", &file};
        if (!call)
            break;
    }
    return {};
}

Cancellation cancellationOf(const rust::Function &function, const RuleInput &input)
{
    if (mayCancel(function.file->tree())) {
        if (Cancellation here = callIn(*function.file, function))
            return here;
    }
    if (isCommon(function, input.model))
        return {};
    for (const auto &source : input.model.sources()) {
        const bool mayCall = mayCancel(*source) && source->contains(function.name + "(");
        const rust::File *file = mayCall ? source->file() : nullptr;
        if (!file || file == function.file || file->isTestFile())
            continue;
        if (Cancellation found = callIn(*file, function))
            return found;
    }
    return {};
}

std::string sharedPlace(const Node &expression, const rust::Function &function)
{
    return placeOf(expression, function, 0);
}

} // namespace review::rules
