// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// Types of alignment one, or whose alignment can't be told.
bool isAlignedAnywhere(const std::string &type, const RuleInput &input)
{
    if (isOneOf(type, {"u8", "i8", "bool", "c_char", "c_void", "c_uchar", "()", "_", "str", "Self", "T"}) ||
        type.starts_with('[') || type.find("::c_") != std::string::npos || type.starts_with("MaybeUninit") ||
        type.size() == 1)
        return true;
    const rust::Struct *target = input.model.findStruct(type.substr(0, type.find('<')), input.file);
    if (target) {
        const auto is = [](const std::string &attribute) {
            return attribute.starts_with("repr") && (attribute.find("packed") != std::string::npos ||
                                                     attribute.find("transparent") != std::string::npos);
        };
        if (std::any_of(target->attributes.begin(), target->attributes.end(), is))
            return true;
        return std::all_of(target->fields.begin(), target->fields.end(), [](const rust::Field &field) {
            const std::string own = compact(field.type.text());
            return own == "u8" || own == "i8" || own.starts_with("[u8");
        });
    }
    return !isOneOf(
        type, {"u16", "u32", "u64", "u128", "usize", "i16", "i32", "i64", "i128", "isize", "f32", "f64"});
}

bool isBytes(const rust::Type &type)
{
    const rust::Type &peeled = type.peeled();
    if (isOneOf(peeled.name(), {"Bytes", "BytesMut", "String", "str"}))
        return true;
    return isOneOf(peeled.name(), {"[]", "Vec"}) && !peeled.args.empty() && peeled.args.front().is("u8");
}

/// The bytes that a pointer was taken from; null if it may be aligned.
Node bytesUnder(const Node &pointer, const RuleInput &input)
{
    const auto isSource = [&](const Node &node) {
        const Call call = rust::toCall(node);
        return call.isMethod() && isOneOf(call.name, {"as_ptr", "as_mut_ptr"}) &&
               isBytes(input.model.infer(call.receiver, input.file));
    };
    const auto hands = [](const Call &call) {
        return isOneOf(call.name,
                       {"add", "offset", "sub", "wrapping_add", "byte_add", "cast_mut", "cast_const"});
    };
    return originOf(pointer, isSource, hands);
}

/// The cast to `*const T` under an expression; null if there is none.
Node castUnder(Node pointer)
{
    while (pointer.is("parenthesized_expression"))
        pointer = pointer.firstNamedChild();
    if (pointer.is("identifier"))
        pointer = rust::initialiserOf(pointer);
    return pointer.is("type_cast_expression") && pointer.field("type").is("pointer_type") ? pointer : Node();
}

void checkPointer(const Node &use, const Node &pointer, const std::string &how, const RuleInput &input,
                  Reporter &reporter)
{
    const Node cast = castUnder(pointer);
    if (!cast)
        return;
    const std::string type = compact(cast.field("type").field("type").text());
    if (isAlignedAnywhere(type, input) || input.file.isTest(use))
        return;
    const Node bytes = bytesUnder(cast.field("value"), input);
    const rust::Function *function = input.file.functionAt(use);
    if (!bytes || !function || mentions(function->body.text(), {"align", "unaligned", "_u8x", "__m"}))
        return;
    Draft draft;
    draft.at = use;
    draft.title = fittingTitle({"Bytes are " + how + " `" + type + "` at any address",
                                "Bytes are used as a type that needs alignment"});
    draft.steps = {{"caller", "passes bytes that start at an odd address", bytes},
                   {"thread", "uses them as a `" + type + "`, which must be aligned", use}};
    draft.outcome =
        "The behaviour is undefined; on some processors it traps, on others the compiler's vector "
        "instructions do.";
    draft.evidence = {bytes};
    draft.facts = {"resolved: " + quoted(bytes.text(), 40) + " points to bytes",
                   "resolved: nothing in `" + function->name + "` asks for alignment"};
    if (how == "read as" && use.is("unary_expression"))
        draft.edits.push_back(
            {use.bytes(), "std::ptr::read_unaligned(" + std::string(use.firstNamedChild().text()) + ")"});
    reporter.report(std::move(draft));
}

} // namespace

void check_unaligned_cast_deref(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("as_ptr()") && !tree.contains("as_mut_ptr()"))
        return;
    for (const Node node : input.file.root().descendants()) {
        if (node.is("unary_expression") && node.text().starts_with('*')) {
            const bool borrowed = node.parent().is("reference_expression");
            const bool written = node.fieldName() == "left";
            checkPointer(node, node.firstNamedChild(),
                         borrowed  ? "seen as"
                         : written ? "written as"
                                   : "read as",
                         input, reporter);
            continue;
        }
        const Call call = rust::toCall(node);
        if (!call || call.isMethod() || call.arguments.empty())
            continue;
        if (isOneOf(call.name, {"from_raw_parts", "from_raw_parts_mut"}) &&
            call.path.find("slice") != std::string::npos)
            checkPointer(node, call.arguments.front(), "seen as", input, reporter);
        else if (callsStd(call, "ptr::read", input.file))
            checkPointer(node, call.arguments.front(), "seen as", input, reporter);
    }
}

} // namespace review::rules
