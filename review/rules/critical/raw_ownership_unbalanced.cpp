// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <vector>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// `Box::into_raw`, `Arc::from_raw` … of the standard library's owners.
bool isOwners(const Call &call, std::string_view method)
{
    const bool owner = call.path.starts_with("Box::") || call.path.starts_with("Arc::") ||
                       call.path.starts_with("Rc::") || call.path.starts_with("CString::") ||
                       call.path.find("::Box::") != std::string::npos ||
                       call.path.find("::Arc::") != std::string::npos ||
                       call.path.find("::CString::") != std::string::npos || call.path.starts_with("Box<") ||
                       call.path.starts_with("Arc<");
    return owner && call.name == method && call.arguments.size() == 1;
}

/// What the argument is a pointer from, casts looked through: "p" of `p as *mut Context`.
std::string pointerOf(Node argument)
{
    while (argument.isAny({"type_cast_expression", "parenthesized_expression"}))
        argument = argument.is("type_cast_expression") ? argument.field("value") : argument.firstNamedChild();
    const Call call = rust::toCall(argument);
    if (call.isMethod() && isOneOf(call.name, {"cast", "cast_mut", "cast_const"}))
        return pointerOf(call.receiver);
    return rust::placeText(argument);
}

/// The object is kept from being dropped here: the box is only borrowed back.
bool isKept(const Call &taken)
{
    const Node whole = rust::withAdapters(taken.node);
    Node around = whole.parent();
    while (around.isAny({"unsafe_block", "block"}))
        around = around.parent();
    const Call outer = rust::toCall(around.is("arguments") ? around.parent() : Node());
    if (isOneOf(outer.name, {"forget", "leak", "into_raw", "new", "increment_strong_count"}))
        return true;
    const Node let = whole.ancestor({"let_declaration", "expression_statement", "block"});
    if (!let.is("let_declaration"))
        return false;
    const std::string_view name = let.field("pattern").text();
    const std::string_view text = rust::bodyOf(taken.node).text();
    const std::string kept(name.starts_with("mut ") ? name.substr(4) : name);
    return text.find("forget(" + kept) != std::string_view::npos ||
           text.find("into_raw(" + kept) != std::string_view::npos ||
           text.find("leak(" + kept) != std::string_view::npos;
}

/// The place gets another pointer between the two.
bool isRenewed(const std::string &place, const Node &first, const Node &second)
{
    const Node body = rust::bodyOf(first);
    return anyIn(body, [&](const Node &node) {
        if (node.index() <= first.index() || node.index() >= second.index())
            return false;
        return (node.is("assignment_expression") && rust::placeText(node.field("left")) == place) ||
               (node.is("let_declaration") && compact(node.field("pattern").text()) == place);
    });
}

void checkTwice(const std::vector<Call> &taken, Reporter &reporter)
{
    for (std::size_t i = 0; i < taken.size(); ++i) {
        const std::string place = pointerOf(taken[i].arguments.front());
        if (place.empty() || isKept(taken[i]) || place.find('[') != std::string::npos)
            continue;
        for (std::size_t j = i + 1; j < taken.size(); ++j) {
            if (pointerOf(taken[j].arguments.front()) != place || isKept(taken[j]) ||
                rust::bodyOf(taken[i].node) != rust::bodyOf(taken[j].node) ||
                !rust::canReach(taken[i].node, taken[j].node) ||
                isRenewed(place, taken[i].node, taken[j].node) || taken[i].path != taken[j].path ||
                taken[i].path.starts_with("Arc") || taken[i].path.starts_with("Rc"))
                continue;
            Draft draft;
            draft.at = taken[j].node;
            draft.title = fittingTitle({quoted(place, 24) + " is turned into an owner a second time",
                                        "A raw pointer is turned into an owner a second time"});
            draft.steps = {
                {"thread", "takes the object back, which is dropped with its owner", taken[i].node},
                {"thread", "takes it back again from the same pointer", taken[j].node}};
            draft.outcome = "The object is freed twice: undefined behaviour, mostly a corrupted heap.";
            draft.facts = {"resolved: both calls get " + quoted(place) + ", which is not set between them"};
            draft.evidence = {taken[i].node};
            reporter.report(std::move(draft));
            return;
        }
    }
}

/// A way out between the two that does not take the object back.
Node exitBetween(const Node &given, const Node &taken)
{
    const Node body = rust::bodyOf(given);
    for (const Node &node : body.descendants()) {
        if (node.index() <= given.index() || node.index() >= taken.index() || given.isInside(node) ||
            !rust::runsIn(node, body) || !rust::canReach(given, node))
            continue;
        if (node.is("try_expression") && !taken.isInside(node))
            return node;
        if (node.is("return_expression") && node.text().find("from_raw") == std::string_view::npos) {
            const Node block = rust::blockOf(node);
            if (block.text().find("from_raw") == std::string_view::npos)
                return node;
        }
    }
    return {};
}

void checkLost(const Call &given, const std::vector<Call> &taken, Reporter &reporter)
{
    Node let = rust::withAdapters(given.node).parent();
    while (let.isAny({"type_cast_expression", "parenthesized_expression"}))
        let = let.parent();
    if (!let.is("let_declaration"))
        return;
    const std::string name = compact(let.field("pattern").text());
    const Node body = rust::bodyOf(given.node);
    for (const Call &back : taken) {
        if (back.node.index() < given.node.index() || rust::bodyOf(back.node) != body ||
            pointerOf(back.arguments.front()) != name)
            continue;
        // The first that takes it back; a branch that does so is an error's handling.
        const Node exit = exitBetween(let, back.node);
        if (!exit || !rust::canReach(exit, back.node))
            return;
        Draft draft;
        draft.at = exit;
        draft.title = fittingTitle({"Leaving here leaks what " + quoted(name, 24) + " points to",
                                    "Leaving here leaks an object behind a raw pointer"});
        draft.steps = {{"thread", "gives the object up as a raw pointer", given.node},
                       {"thread", "leaves on an error", exit},
                       {"thread", "never gets to where the object is taken back", back.node}};
        draft.outcome = "The object stays in memory for good, with what it holds, each time the call fails.";
        draft.facts = {"resolved: the function takes " + quoted(name) + " back on its other way",
                       "assumed: the failing call does not take it"};
        draft.evidence = {given.node, back.node};
        draft.confidence = 0.85;
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_raw_ownership_unbalanced(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("from_raw("))
        return;
    std::vector<Call> taken;
    for (const Call &call : callsNamed({"from_raw"}, input.file)) {
        if (isOwners(call, "from_raw") && !input.file.isTest(call.node))
            taken.push_back(call);
    }
    checkTwice(taken, reporter);
    for (const Call &call : callsNamed({"into_raw"}, input.file)) {
        if (isOwners(call, "into_raw") && !input.file.isTest(call.node))
            checkLost(call, taken, reporter);
    }
}

} // namespace review::rules
