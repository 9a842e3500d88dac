// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/foreign.h"
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The code looked at the number before: a comparison or a match on it.
bool wasChecked(const Node &use, const Node &value)
{
    const rust::Node body = rust::bodyOf(use);
    const std::string name = compact(value.text());
    for (const Node node : body.descendants()) {
        if (node.index() >= use.index() && !use.isInside(node))
            break;
        const bool asks =
            (node.is("binary_expression") &&
             isOneOf(node.field("operator").text(), {"<", "<=", ">", ">=", "==", "!="})) ||
            node.is("match_expression") ||
            (node.is("macro_invocation") && mentions(rust::macroName(node), {"assert", "ensure"})) ||
            mentions(rust::toCall(node).name, {"valid", "check", "contains"});
        if (asks && !node.isInside(use) && compact(node.text()).find(name) != std::string::npos)
            return true;
    }
    return value.is("binary_expression") || value.isAny({"integer_literal"});
}

bool isNumber(const rust::Type &type)
{
    return isOneOf(type.path, {"u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"}) ||
           isOneOf(type.name(), {"c_int", "c_uint", "c_uchar", "c_char"});
}

/// The repository's own enum without data that a type text names; null if it is none.
const rust::Struct *plainEnum(std::string type, const RuleInput &input)
{
    if (type.empty() || type.find_first_of("<&*[( ") != std::string::npos)
        return nullptr;
    if (type == "Self")
        return nullptr;
    const rust::Struct *found = input.model.findEnum(type.substr(type.rfind(':') + 1), input.file);
    // A name that only some other file gives to an enum may be an alias of a number here.
    const std::string name = type.substr(type.rfind(':') + 1);
    if (found && found->file != &input.file && type.find("::") == std::string::npos &&
        input.file.resolve(name).find("::") == std::string::npos)
        return nullptr;
    if (!found)
        return nullptr;
    for (const Node &variant : found->node.field("body").namedChildren()) {
        if (variant.field("body"))
            return nullptr;
    }
    return found;
}

void report(const Node &at, const Node &from, const rust::Struct &target, const std::string &how,
            Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle(
        {"A number becomes `" + target.name + "` unchecked " + how, "A number becomes an enum unchecked"});
    draft.steps = {
        {"sender", "passes a number that no variant has: a newer version, or a broken message", from},
        {"Rust", "takes it as a `" + target.name + "`, which can't be", at}};
    draft.outcome = "The behaviour is undefined: a `match` jumps to code that was never written.";
    draft.evidence = {target.node};
    draft.facts = {"resolved: `" + target.name + "` is an enum of this repository",
                   "resolved: nothing compares the number with its variants before"};
    reporter.report(std::move(draft));
}

void checkTransmute(const Call &call, const RuleInput &input, Reporter &reporter)
{
    if (call.arguments.size() != 1 || !callsStd(call, "mem::transmute", input.file) ||
        input.file.isTest(call.node))
        return;
    const rust::Function *function = input.file.functionAt(call.node);
    if (!function || function->isUnsafe)
        return;
    std::string type;
    const std::vector<Node> types = call.node.field("function").field("type_arguments").namedChildren();
    if (types.size() == 2)
        type = compact(types[1].text());
    else if (types.empty())
        type = writtenTypeOf(call.node, input);
    if (type.starts_with("Option<") || type.starts_with("Result<"))
        type = type.substr(7, type.find_first_of(",>") - 7);
    if (type == "Self")
        type = function->selfType;
    const rust::Struct *target = plainEnum(type, input);
    const Node value = call.arguments.front();
    if (!target || !isNumber(input.model.infer(value, input.file)) || wasChecked(call.node, value))
        return;
    report(call.node, value, *target, "by `transmute`", reporter);
}

} // namespace

void check_foreign_enum_value(const RuleInput &input, Reporter &reporter)
{
    if (input.file.tree().contains("transmute")) {
        for (const Node &node : input.file.root().descendants("call_expression")) {
            const Call call = rust::toCall(node);
            if (call.name == "transmute")
                checkTransmute(call, input, reporter);
        }
    }
    for (const rust::Function &function : input.file.functions()) {
        if (!isExported(function) || function.isTest)
            continue;
        for (const rust::Parameter &parameter : function.parameters) {
            const rust::Struct *target =
                parameter.type ? plainEnum(compact(parameter.type.text()), input) : nullptr;
            if (target)
                report(parameter.pattern.parent(), parameter.pattern, *target, "as C passes it", reporter);
        }
    }
}

} // namespace review::rules
