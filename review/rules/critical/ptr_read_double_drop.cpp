// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The owned variable under `&x` or `&x.field`; null if the read takes from anything else.
Node ownerUnder(Node argument, const RuleInput &input)
{
    while (argument.isAny({"type_cast_expression", "parenthesized_expression"}))
        argument = argument.is("type_cast_expression") ? argument.field("value") : argument.firstNamedChild();
    if (!argument.is("reference_expression"))
        return {};
    Node place = argument.field("value");
    while (place.is("field_expression"))
        place = place.field("value");
    if (place.is("self")) {
        const rust::Function *function = input.file.functionAt(place);
        const bool byValue =
            function && !function->parameters.empty() &&
            isOneOf(compact(function->parameters.front().pattern.text()), {"self", "mutself"});
        return byValue && rust::bodyOf(place) == function->body ? place : Node();
    }
    if (!place.is("identifier"))
        return {};
    const rust::Type type = input.model.infer(place, input.file);
    const bool owned = type.known() && !type.path.starts_with('&') && !type.path.starts_with('*');
    return owned && rust::bindingOf(place).isAny({"let_declaration", "parameter"}) ? place : Node();
}

/// Types without a destructor, as far as they are known; unknown ones count as having none.
bool mayDrop(const rust::Type &type, const RuleInput &input)
{
    if (isOneOf(type.name(),
                {"String", "Vec", "Box", "Arc", "Rc", "HashMap", "BTreeMap", "VecDeque", "CString"}))
        return true;
    return !input.model.methods(type.name(), "drop").empty();
}

bool isDisarmed(const Node &owner, const Node &body)
{
    const std::string text = compact(body.text());
    const std::string name(owner.text());
    return text.find("forget(" + name) != std::string::npos ||
           text.find("ManuallyDrop") != std::string::npos ||
           text.find("ptr::write(&mut" + name) != std::string::npos ||
           text.find("MaybeUninit") != std::string::npos ||
           text.find(name + ".into_raw") != std::string::npos || text.find("swap(") != std::string::npos;
}

} // namespace

void check_ptr_read_double_drop(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("ptr::read("))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!callsStd(call, "ptr::read", input.file) || call.arguments.size() != 1 || input.file.isTest(node))
            continue;
        const Node owner = ownerUnder(call.arguments.front(), input);
        const rust::Function *function = owner ? input.file.functionAt(node) : nullptr;
        if (!function || isDisarmed(owner, function->body))
            continue;
        rust::Type type = input.model.infer(owner, input.file);
        if (owner.is("self"))
            type.path = function->selfType;
        if (!mayDrop(type, input))
            continue;
        Draft draft;
        draft.at = node;
        draft.title = fittingTitle(
            {quoted(node.text(), 32) + " copies a value that " + quoted(owner.text(), 12) + " still drops",
             "The value that was read is dropped twice"});
        draft.steps = {{"thread", "copies the value out; now two variables own it", node},
                       {"thread", "drops " + quoted(owner.text()) + " at the end of its scope", owner},
                       {"thread", "drops or uses the copy", node}};
        draft.outcome = "A double free.";
        draft.facts = {"resolved: " + quoted(owner.text()) + " is owned here, and nothing forgets it"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
