// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/collections.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The variable that owns the bytes, when this is its last use: a local of the same body, not made outside of
/// a loop around the copy.
bool diesHere(const Node &owner, const Node &copy, const RuleInput &input)
{
    const Node binding = owner.is("identifier") ? rust::bindingOf(owner) : Node();
    const Node body = rust::bodyOf(copy);
    if (!binding || !body || !binding.isInside(body.is("closure_expression") ? body : body.parent()))
        return false;
    const rust::Type type = input.model.infer(owner, input.file);
    if (type.assumed || type.path.starts_with("&") || type.name() != "Vec")
        return false;
    const Node loop = rust::loopAround(copy);
    if (loop && !binding.isInside(loop))
        return false;
    const std::vector<Node> uses = rust::usesOf(owner.text(), body);
    return std::all_of(uses.begin(), uses.end(), [&](const Node &use) {
        return use.index() <= owner.index() || !rust::canReach(copy, use);
    });
}

/// A closure or a later closure might still read it.
bool isCaptured(const Node &owner, const Node &body)
{
    for (const Node node : body.descendants()) {
        if (node.isAny({"closure_expression", "async_block", "macro_invocation"}) &&
            node.index() > owner.index() && node.text().find(owner.text()) != std::string_view::npos &&
            !owner.isInside(node))
            return true;
    }
    return false;
}

} // namespace

void check_needless_byte_copy(const RuleInput &input, Reporter &reporter)
{
    if (input.model.findStruct("Bytes", input.file))
        return; // a type of this repository may not be able to take a vector over
    for (const Call &call : callsNamed({"copy_from_slice", "from"}, input.file)) {
        if (call.isMethod() || call.arguments.size() != 1 ||
            !("::" + call.path).ends_with("::Bytes::" + std::string(call.name)))
            continue;
        const Node argument = call.arguments.front();
        Node owner;
        if (call.name == "copy_from_slice") {
            owner = argument.is("reference_expression") ? argument.field("value") : Node();
            if (const Call view = rust::toCall(argument);
                view.isMethod() && isOneOf(view.name, {"as_slice", "as_ref"}))
                owner = view.receiver;
        } else if (const Call copy = rust::toCall(argument);
                   copy.isMethod() && isOneOf(copy.name, {"clone", "to_vec"})) {
            owner = copy.receiver;
        }
        if (!owner || !diesHere(owner, call.node, input) || isCaptured(owner, rust::bodyOf(call.node)))
            continue;
        const std::string shown = quoted(owner.text(), 24);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({shown + " is copied into `Bytes` and then dropped",
                                    "A vector is copied into `Bytes` and then dropped"});
        draft.steps = {{"caller", "copies all bytes of " + shown, call.node},
                       {"caller", "drops " + shown + ", which `Bytes` could have taken over", call.node}};
        draft.outcome = "An allocation and a copy of the whole payload for each message.";
        draft.facts = {"resolved: " + shown + " is a `Vec` of this function and is not used afterwards"};
        draft.edits.push_back({call.node.bytes(), call.path.substr(0, call.path.rfind("::")) + "::from(" +
                                                      std::string(owner.text()) + ")"});
        draft.applicability = Applicability::Machine;
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
