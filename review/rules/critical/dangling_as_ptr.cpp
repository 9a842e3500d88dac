// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rules/type_parameters.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// What the pointer points into: `v.as_ref().as_ptr()` points into `v`.
Node ownerOf(const Call &call)
{
    Node owner = call.receiver;
    for (int depth = 0; depth < 12; ++depth) {
        const Call inner = rust::toCall(owner);
        if (inner.isMethod() && inner.arguments.empty() &&
            isOneOf(inner.name,
                    {"as_ref", "as_mut", "as_bytes", "as_slice", "as_mut_slice", "as_c_str",
                     "as_bytes_with_nul", "as_str", "as_os_str", "deref", "borrow", "as_bytes_mut"}))
            owner = inner.receiver;
        else if (owner.is("parenthesized_expression"))
            owner = owner.firstNamedChild();
        else
            return owner;
    }
    return {};
}

/// A call that makes an owned value which dies with the statement.
bool makesOwned(const Node &expression)
{
    const Node inner = rust::stripAdapters(expression);
    if (inner.is("macro_invocation"))
        return isOneOf(rust::macroName(inner), {"format", "vec"});
    const Call call = rust::toCall(inner);
    if (!call)
        return false;
    if (call.isMethod())
        return call.arguments.empty() && isOneOf(call.name, {"to_string", "to_owned", "to_vec", "into_bytes",
                                                             "into_boxed_slice", "to_cstring"});
    const std::size_t colon = call.path.rfind("::");
    const std::string type = colon == std::string::npos ? std::string() : call.path.substr(0, colon);
    return isOneOf(type.substr(type.rfind(':') + 1), {"CString", "String", "Vec", "OsString", "PathBuf"}) &&
           isOneOf(call.name, {"new", "from", "from_vec_unchecked", "with_capacity", "from_slice",
                               "from_utf8_unchecked"});
}

bool isOwnedContainer(const rust::Type &type)
{
    return isOneOf(type.name(), {"String", "Vec", "CString", "OsString", "PathBuf", "BytesMut", "Bytes"});
}

/// `slot.as_ref().map(|s| s.as_ptr())`: the closure is given a reference.
bool isLent(const Node &binding)
{
    const Node closure = binding.parent().is("closure_parameters") ? binding.parent().parent() : Node();
    const Call chain = rust::toCall(closure ? closure.ancestor({"call_expression"}) : Node());
    const Call source = rust::toCall(chain.receiver);
    return isOneOf(source.name, {"as_ref", "as_mut", "as_deref", "iter", "iter_mut", "get", "first", "last"});
}

/// The variable's own scope: when the value leaves this node, the variable is gone. Null if it owns nothing.
Node scopeOfOwner(const Node &identifier, const RuleInput &input)
{
    const Node binding = rust::bindingOf(identifier);
    if (!binding || isLent(binding))
        return {};
    const rust::Type type = input.model.infer(identifier, input.file);
    bool owns = (isOwnedContainer(type) && !type.assumed) || makesOwned(rust::initialiserOf(identifier));
    const rust::Function *function = input.file.functionAt(identifier);
    if (!function)
        return {};
    // A parameter `T: AsRef<[u8]>`, or the content of an `Option<T>`.
    for (const rust::Parameter &parameter : function->parameters) {
        if (owns || !parameter.type)
            continue;
        const std::string text = compact(parameter.type.text());
        if (text.find('&') != std::string::npos)
            continue;
        for (const TypeParameter &own : typeParametersAround(identifier)) {
            const bool views = own.has("AsRef") || own.has("Borrow") || own.has("Deref") || own.has("AsMut");
            const bool same =
                type.path == own.name && (text == own.name || text == "Option<" + own.name + ">");
            owns = owns || (views && same);
        }
    }
    if (!owns)
        return {};
    if (binding.is("let_declaration"))
        return binding.parent();
    if (binding.is("parameter"))
        return function->body;
    const Node parent = binding.parent();
    if (parent.is("closure_parameters"))
        return parent.parent();
    if (parent.isAny({"match_arm", "if_expression"}))
        return parent;
    if (parent.is("let_condition"))
        return parent.ancestor({"if_expression", "while_expression"});
    return {};
}

/// A match or `if let` on a place that is kept moves its content only when the place is by value.
bool movesOut(const Node &identifier)
{
    const Node binding = rust::bindingOf(identifier);
    if (binding.isAny({"let_declaration", "parameter"}))
        return true;
    const Node parent = binding.parent();
    if (parent.is("closure_parameters"))
        return true;
    const Node scrutinee =
        parent.is("match_arm") ? parent.parent().parent().field("value") : parent.field("value");
    return scrutinee.is("identifier") && binding.text().find("ref ") == std::string_view::npos;
}

bool isKept(const Node &function)
{
    return mentions(function.text(),
                    {"mem::forget", "manuallydrop", "into_raw", "leak(", "from_raw_parts(p"});
}

void report(const Call &call, const Node &owner, const std::string &end, double confidence,
            Reporter &reporter)
{
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle({quoted(call.node.text(), 30) + " outlives " + quoted(owner.text(), 16),
                                "The pointer outlives what it points into"});
    draft.steps = {{"thread", "takes a pointer into " + quoted(owner.text(), 30), call.node},
                   {"thread", end, owner},
                   {"thread", "uses the pointer", call.node}};
    draft.outcome = "The pointer leads to freed memory: wrong data, or a crash in the foreign function.";
    draft.facts = {"resolved: " + quoted(owner.text(), 40) + " owns the memory, and nothing keeps it"};
    draft.confidence = confidence;
    reporter.report(std::move(draft));
}

void checkTemporary(const Call &call, const Node &owner, Reporter &reporter)
{
    const Node whole = wholeValue(call.node);
    const Node parent = whole.parent();
    const bool stays = parent.isAny({"let_declaration", "field_initializer", "assignment_expression",
                                     "function_item", "closure_expression", "return_expression"});
    if (!stays || (parent.is("assignment_expression") && whole.fieldName() != "right"))
        return;
    report(call, owner, "the temporary is dropped at the end of the statement", 1.0, reporter);
}

void checkVariable(const Call &call, const Node &owner, const RuleInput &input, Reporter &reporter)
{
    const Node scope = scopeOfOwner(owner, input);
    if (!scope || !movesOut(owner))
        return;
    const Node whole = wholeValue(call.node);
    const bool returned = whole.parent().is("return_expression");
    const rust::Function *function = input.file.functionAt(call.node);
    if (!function || isKept(function->node))
        return;
    // The value has to leave the scope, and something has to take it there.
    const bool leaves =
        returned ? rust::bodyOf(whole) == rust::bodyOf(owner) : whole == scope || scope.isInside(whole);
    const bool taken =
        returned ||
        whole.parent().isAny({"let_declaration", "field_initializer", "arguments", "assignment_expression",
                              "function_item", "closure_expression"}) ||
        whole.is("closure_expression") || whole == function->body;
    const bool closure = scope.is("closure_expression") && whole.parent() == scope;
    if ((!leaves || !taken) && !closure)
        return;
    report(call, owner, "the variable is dropped at the end of its scope", 0.95, reporter);
}

} // namespace

void check_dangling_as_ptr(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("_ptr()"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!call.isMethod() || !call.arguments.empty() || !isOneOf(call.name, {"as_ptr", "as_mut_ptr"}) ||
            input.file.isTest(node))
            continue;
        const Node owner = ownerOf(call);
        if (owner.is("identifier"))
            checkVariable(call, owner, input, reporter);
        else if (makesOwned(owner))
            checkTemporary(call, owner, reporter);
    }
}

} // namespace review::rules
