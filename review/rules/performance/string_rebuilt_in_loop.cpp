// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/collections.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Node;

/// `s = s.clone() + x`, `s = format!("{}{}", s, x)`, `s = format!("{s}{x}")`. `s = s + x` moves the string
/// and appends to it in place.
bool rebuilds(const Node &assignment, const std::string &name)
{
    const Node right = assignment.field("right");
    if (right.is("binary_expression")) {
        Node first = right;
        while (first.is("binary_expression") && first.field("operator").text() == "+")
            first = first.field("left");
        return compact(first.text()) == name + ".clone()";
    }
    if (!right.is("macro_invocation") || rust::macroName(right) != "format")
        return false;
    const std::string text = compact(right.text());
    return text.starts_with("format!(\"{" + name + "}") ||
           (text.starts_with("format!(\"{}") && text.find("\"," + name + ",") != std::string::npos);
}

} // namespace

void check_string_rebuilt_in_loop(const RuleInput &input, Reporter &reporter)
{
    for (const Node &assignment : input.file.root().descendants("assignment_expression")) {
        const Node left = assignment.field("left");
        const Node right = assignment.field("right");
        if (!right.isAny({"binary_expression", "macro_invocation"}))
            continue;
        const Node loop = rust::loopAround(assignment);
        const std::string name = rust::placeText(left);
        if (!loop || name.empty() || !rebuilds(assignment, name) || isMadeInside(left, loop) ||
            input.model.infer(left, input.file).name() != "String")
            continue;
        const std::string shown = quoted(name, 24);
        Draft draft;
        draft.at = assignment;
        draft.title = fittingTitle({shown + " is built anew in each round of the loop",
                                    "A string is built anew in each round of the loop"});
        draft.steps = {{"loop", "takes the next piece", loop},
                       {"loop", "copies all that " + shown + " holds into a new string", assignment}};
        draft.outcome = "The bytes that are copied grow with the square of the length.";
        draft.facts = {"resolved: " + shown + " is a `String` that lives outside of the loop"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
