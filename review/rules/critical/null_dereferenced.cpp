// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"

#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

/// The pointer through casts, parentheses and `.cast()`.
Node wholePointer(Node pointer)
{
    for (Node parent = pointer.parent(); parent; parent = pointer.parent()) {
        const bool isCast = parent.is("type_cast_expression") && pointer.fieldName() == "value";
        const Call &cast =
            parent.is("field_expression") ? rust::toCall(parent.parent()) : rust::toCall(Node());
        if (isCast || parent.is("parenthesized_expression"))
            pointer = parent;
        else if (isOneOf(cast.name, {"cast", "cast_mut", "cast_const"}) && cast.receiver == pointer)
            pointer = cast.node;
        else
            break;
    }
    return pointer;
}

/// An address is worked out, and nothing is read.
bool isOnlyAddress(const Node &node)
{
    const Node macro = node.ancestor({"macro_invocation"});
    return isOneOf(rust::macroName(macro),
                   {"addr_of", "addr_of_mut", "offset_of", "size_of_val", "size_of"}) ||
           rust::toCall(node.parent().parent()).name.starts_with("size_of") ||
           node.parent().text().starts_with("&raw ");
}

/// What makes a value or a reference of the pointer; null if nothing does.
Node useOf(const Node &pointer)
{
    const Node parent = pointer.parent();
    if (parent.is("unary_expression") && parent.text().starts_with('*')) {
        Node place = parent;
        while (place.parent().isAny({"field_expression", "parenthesized_expression"}))
            place = place.parent();
        return isOnlyAddress(place) ? Node() : parent;
    }
    if (!parent.is("arguments") || parent.firstNamedChild() != pointer)
        return {};
    const Call &call = rust::toCall(parent.parent());
    const bool believes =
        call.path.ends_with("NonNull::new_unchecked") || call.path.ends_with("slice::from_raw_parts") ||
        call.path.ends_with("slice::from_raw_parts_mut") || call.path.ends_with("Box::from_raw") ||
        call.path.ends_with("Arc::from_raw") || call.path.ends_with("Rc::from_raw") ||
        call.path.ends_with("CStr::from_ptr") || isOneOf(call.path, {"ptr::read", "std::ptr::read"});
    return believes ? call.node : Node();
}

void check(const Node &pointer, const RuleInput &input, Reporter &reporter)
{
    const Node use = useOf(wholePointer(pointer));
    if (!use || input.file.isTest(use))
        return;
    Draft draft;
    draft.at = use;
    draft.title = fittingTitle(
        {quoted(use.text(), 44) + " uses a null pointer", "A null pointer is used as if it led somewhere"});
    draft.steps = {{"thread", "makes a pointer that leads nowhere", pointer},
                   {"thread", "makes a value or a reference of it", use}};
    draft.outcome =
        "The behaviour is undefined as soon as the reference exists, read or not: the compiler takes "
        "the path for one that cannot be reached.";
    draft.facts = {"resolved: the pointer is null by how it is written"};
    reporter.report(std::move(draft));
}

} // namespace

void check_null_dereferenced(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("unsafe"))
        return;
    for (const Call &call : callsNamed({"null", "null_mut"}, input.file)) {
        if (call.arguments.empty() && !call.isMethod())
            check(call.node, input, reporter);
    }
    for (const Node &cast : input.file.root().descendants("type_cast_expression")) {
        if (cast.field("type").is("pointer_type") && cast.field("value").text() == "0")
            check(cast, input, reporter);
    }
}

} // namespace review::rules
