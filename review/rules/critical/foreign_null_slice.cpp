// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/foreign.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// What the pointer comes from: a foreign call, or a field of a foreign struct (`(*message).payload`).
Node foreignOrigin(const Node &pointer)
{
    const auto isSource = [](const Node &node) {
        if (node.is("field_expression")) {
            const std::string place = compact(node.field("value").text());
            return place.starts_with("(*");
        }
        return isForeignCall(rust::toCall(node));
    };
    const auto hands = [](const Call &call) {
        return isOneOf(call.name, {"cast", "cast_mut", "cast_const"});
    };
    return originOf(pointer, isSource, hands);
}

/// Anything in the function asks whether the pointer is there, or how long it is.
bool isChecked(const Node &function, const Node &pointer, const Node &length, const Node &use)
{
    const std::string name = compact(rust::stripAdapters(pointer).text());
    for (const Node node : function.descendants()) {
        if (node.index() >= use.index() && !use.isInside(node))
            break;
        const Call call = rust::toCall(node);
        if (call.isMethod() && isOneOf(call.name, {"is_null", "as_ref", "is_none", "valid"}))
            return true;
        if (call && mentions(call.path, {"nonnull::new"}))
            return true;
        if (node.is("macro_invocation") && mentions(rust::macroName(node), {"assert", "null", "try"}) &&
            mentions(node.text(), {"null", "ffi"}))
            return true;
        if (node.is("binary_expression") && isOneOf(node.field("operator").text(), {"==", ">", "!=", "<"}) &&
            (node.text().find(name) != std::string_view::npos ||
             (length && compact(node.text()).find(compact(length.text())) != std::string::npos)))
            return true;
    }
    return false;
}

void checkCall(const Call &call, const RuleInput &input, Reporter &reporter)
{
    const rust::Function *function = input.file.functionAt(call.node);
    if (!function || isExported(*function))
        return;
    const Node pointer = call.arguments.front();
    const Node origin = foreignOrigin(pointer);
    const Node length = call.arguments.size() > 1 ? call.arguments[1] : Node();
    if (!origin || isChecked(function->body, pointer, length, call.node))
        return;
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle(
        {quoted(pointer.text(), 24) + " from foreign code may be null in `" + std::string(call.name) + "`",
         "A pointer from foreign code may be null in `" + std::string(call.name) + "`"});
    draft.steps = {{"foreign code", "returns null: nothing there, or a length of zero", origin},
                   {"Rust", "makes a reference out of it, which must never be null", call.node}};
    draft.outcome = "The behaviour is undefined: at best a crash, else checks that the compiler left out.";
    draft.evidence = {origin};
    draft.facts = {"resolved: the pointer comes from " + quoted(origin.text(), 50),
                   "resolved: nothing in `" + function->name + "` asks whether it is null",
                   "assumed: the foreign function can return null"};
    draft.confidence = origin.is("field_expression") ? 0.7 : 1.0;
    reporter.report(std::move(draft));
}

} // namespace

void check_foreign_null_slice(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("from_raw_parts") && !tree.contains("CStr::from_ptr"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (call.isMethod() || call.arguments.empty() || input.file.isTest(node))
            continue;
        const bool text = call.arguments.size() == 1 && call.path.ends_with("CStr::from_ptr") &&
                          isForeignCall(rust::toCall(call.arguments.front()));
        const bool slice = call.arguments.size() == 2 &&
                           isOneOf(call.name, {"from_raw_parts", "from_raw_parts_mut"}) &&
                           call.path.find("slice") != std::string::npos;
        if (text || slice)
            checkCall(call, input, reporter);
    }
}

} // namespace review::rules
