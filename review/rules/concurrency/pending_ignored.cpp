// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

/// `Poll::Pending => {}`, comments aside.
bool isIgnored(const rust::Node &arm)
{
    const rust::Node pattern = arm.field("pattern");
    const rust::Node value = arm.field("value");
    if (!isOneOf(compact(pattern.text()),
                 {"Poll::Pending", "Pending", "Ok(Async::NotReady)", "Async::NotReady"}))
        return false;
    return (value.is("block") && value.namedChildren().empty()) || compact(value.text()) == "()";
}

/// Nothing of the loop's body comes after the match: the next turn polls again.
bool isLast(const rust::Node &match, const rust::Node &loop)
{
    const rust::Node statement = match.parent().is("expression_statement") ? match.parent() : match;
    return statement.parent() == loop.field("body") && !statement.nextNamedSibling();
}

} // namespace

void check_pending_ignored(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("Pending") && !tree.contains("NotReady"))
        return;
    for (const rust::Node &match : input.file.root().descendants("match_expression")) {
        const rust::Call polled = rust::toCall(rust::stripAdapters(match.field("value")));
        const rust::Node loop = polled.name.starts_with("poll") ? rust::loopAround(match) : rust::Node();
        if (!loop.isAny({"loop_expression", "while_expression"}) || !isLast(match, loop))
            continue;
        for (const rust::Node &arm : match.descendants("match_arm")) {
            if (arm.parent().parent() != match || !isIgnored(arm))
                continue;
            Draft draft;
            draft.at = arm;
            draft.title =
                fittingTitle({"`Pending` of " + quoted(polled.node.text()) + " starts the loop again",
                              "`Pending` starts the loop again"});
            draft.steps = {
                {"task", "polls " + quoted(polled.node.text(), 40) + ", which is not ready", polled.node},
                {"task", "does nothing and starts the loop again", arm},
                {"task", "polls again at once, and again", loop}};
            draft.outcome = "The task never gives its thread back while it waits: a core runs hot, and what "
                            "would make it "
                            "ready may need this very thread.";
            draft.evidence = {polled.node};
            draft.facts = {"resolved: the arm is empty and the match is the last of the loop's body",
                           "assumed: nothing earlier in the loop ends it meanwhile"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
