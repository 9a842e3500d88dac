// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/collections.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// "keys.len()" of `for key in &keys`, `keys.iter()`: what says how many rounds there will be; empty if
/// unsure.
std::string countOf(const Node &head, const RuleInput &input)
{
    Node sequence = head;
    if (sequence.is("reference_expression"))
        sequence = sequence.field("value");
    const Call call = rust::toCall(sequence);
    if (call.isMethod() && call.arguments.empty() && isOneOf(call.name, {"iter", "iter_mut", "into_iter"}))
        sequence = call.receiver;
    const std::string place = rust::placeText(sequence);
    const Container kind = place.empty() ? Container::None : containerOf(sequence, input);
    return kind == Container::Sequence || kind == Container::Map || kind == Container::Set ? place + ".len()"
                                                                                           : std::string();
}

/// Each round pushes exactly once: no branch, no way out, no second push.
Node onlyPush(const Node &loop, const std::string &name)
{
    Node push;
    for (const Node &statement : loop.field("body").namedChildren()) {
        const Call call =
            rust::toCall(statement.is("expression_statement") ? statement.firstNamedChild() : statement);
        const bool pushes = call.isMethod() && call.name == "push" && call.receiver.text() == name;
        if (pushes && push)
            return {};
        if (pushes)
            push = call.node;
    }
    const bool leaves = anyIn(loop.field("body"), [&](const Node &node) {
        return node.isAny({"continue_expression", "break_expression", "return_expression"});
    });
    // Where a round does much more than push, the moves do not matter.
    const bool heavy =
        loop.field("body").namedChildren().size() > 3 || anyIn(loop.field("body"), [](const Node &node) {
            return node.isAny({"await_expression", "try_expression", "for_expression", "while_expression",
                               "loop_expression"});
        });
    return leaves || heavy ? Node() : push;
}

} // namespace

void check_vec_no_capacity(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("Vec::new()") || isTool(input.file))
        return;
    for (const Call &made : callsNamed({"new"}, input.file)) {
        const Node let = made.node.parent();
        if (made.path != "Vec::new" || !let.is("let_declaration") || input.file.isTest(made.node))
            continue;
        std::string name = compact(let.field("pattern").text());
        const Node mutable_ = let.field("pattern").previousNamedSibling();
        if (mutable_.is("mutable_specifier") || name.starts_with("mut"))
            name = name.starts_with("mut") ? name.substr(3) : name;
        Node loop = let.nextNamedSibling();
        if (loop.is("expression_statement"))
            loop = loop.firstNamedChild();
        if (!loop.is("for_expression"))
            continue;
        const Node push = onlyPush(loop, name);
        const std::string count = push ? countOf(loop.field("value"), input) : std::string();
        if (count.empty())
            continue;
        Draft draft;
        draft.at = made.node;
        draft.title = fittingTitle({quoted(name, 20) + " grows step by step to " + quoted(count, 22),
                                    quoted(name, 30) + " grows step by step to a known length"});
        draft.steps = {
            {"thread", "starts with no memory at all", made.node},
            {"thread", "pushes once in each round; whenever the vector is full, all is moved to a larger one",
             push}};
        draft.outcome = "The elements are copied about as often again as they are pushed.";
        draft.facts = {"resolved: each round pushes once, and " + quoted(count) + " is known before"};
        draft.evidence = {push};
        draft.edits.push_back({made.node.bytes(), "Vec::with_capacity(" + count + ")"});
        draft.applicability = Applicability::Machine;
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
