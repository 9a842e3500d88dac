// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The value of a name, for its let.
Node behind(const Node &value)
{
    const Node initialiser = value.is("identifier") ? rust::initialiserOf(value) : Node();
    return rust::stripAdapters(initialiser ? initialiser : value);
}

bool isElapsed(const Node &value)
{
    const Call call = rust::toCall(behind(value));
    return call.isMethod() && call.arguments.size() <= 1 &&
           isOneOf(call.name, {"elapsed", "duration_since", "saturating_elapsed"}) &&
           !(call.name == "elapsed" && call.receiver.text().find("SystemTime") != std::string_view::npos);
}

bool isNow(const Node &value)
{
    const Call call = rust::toCall(behind(value));
    return !call.isMethod() && call.name == "now" && call.path.ends_with("Instant::now");
}

bool isDuration(const Node &value, const RuleInput &input)
{
    const Call call = rust::toCall(behind(value));
    if (!call.isMethod() && call.path.starts_with("Duration::from_"))
        return true;
    return input.model.infer(value, input.file).peeled().name() == "Duration";
}

Draft makeDraft(const Node &node, bool fromNow)
{
    const Node left = node.field("left"), right = node.field("right");
    const std::string code = quoted(node.text(), 34);
    Draft draft;
    draft.at = node;
    draft.title =
        fromNow ? fittingTitle({code + " panics soon after the machine started",
                                "An `Instant` before the clock's start"})
                : fittingTitle({code + " panics once the time is over", "A `Duration` below zero panics"});
    draft.steps =
        fromNow
            ? std::vector<DraftStep>{{"machine", "was started less than " + quoted(right.text(), 30) + " ago",
                                      node},
                                     {"code", "asks for an instant before the clock began, and panics", node}}
            : std::vector<DraftStep>{
                  {"time", quoted(right.text(), 30) + " gets larger than " + quoted(left.text(), 24), right},
                  {"code", "subtracts the larger `Duration` and panics", node}};
    draft.outcome = "The thread or task panics with \"overflow when subtracting\", in release builds too.";
    draft.evidence = {right};
    draft.facts = {fromNow ? "resolved: " + quoted(left.text(), 24) + " is an `Instant`"
                           : "resolved: " + quoted(right.text(), 30) + " is the time that has passed",
                   "resolved: nothing before compares the two"};
    const bool plain = left.isAny({"identifier", "field_expression", "call_expression"});
    if (!fromNow && plain)
        draft.edits = {{{left.bytes().end, right.bytes().begin}, ".saturating_sub("},
                       {{right.bytes().end, right.bytes().end}, ")"}};
    return draft;
}

/// `now.checked_sub(age).unwrap()`: the check is there, and its answer is a panic.
void checkUnwrapped(const RuleInput &input, Reporter &reporter)
{
    for (const Call &call : rust::callsIn(input.file.root())) {
        if (!call.isMethod() || !isOneOf(call.name, {"unwrap", "expect"}))
            continue;
        const Call checked = rust::toCall(call.receiver);
        if (!checked.isMethod() || checked.arguments.size() != 1 ||
            !isOneOf(checked.name, {"checked_sub", "checked_duration_since"}) ||
            isTestOrTool(call.node, input.file))
            continue;
        const bool isInstant = checked.name == "checked_duration_since" || isNow(checked.receiver) ||
                               input.model.infer(checked.receiver, input.file).peeled().name() == "Instant";
        if (!isInstant || isCheckedBefore(call.node, placesIn(checked.arguments.front())))
            continue;
        const bool isDifference = checked.name == "checked_duration_since";
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({quoted(checked.node.text(), 34) + " is checked only to panic",
                                    "A difference of instants is checked only to panic"});
        draft.steps = {
            isDifference
                ? DraftStep{"clock",
                            "another thread or a late message makes the second instant the later one",
                            checked.arguments.front()}
                : DraftStep{"machine",
                            "was started less than " + quoted(checked.arguments.front().text(), 30) + " ago",
                            checked.arguments.front()},
            {"code", "gets `None` and panics", call.node}};
        draft.outcome = "The thread or task panics, in release builds too.";
        draft.facts = {"resolved: the answer of `" + std::string(checked.name) + "` is unwrapped",
                       "resolved: nothing before compares the two"};
        if (isDifference) {
            const Node method = checked.node.field("function").field("field");
            draft.edits = {{method.bytes(), "saturating_duration_since"},
                           {{checked.node.bytes().end, call.node.bytes().end}, ""}};
        }
        reporter.report(std::move(draft));
    }
}

} // namespace

void check_duration_subtraction(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("elapsed") && !input.file.tree().contains("Instant"))
        return;
    checkUnwrapped(input, reporter);
    for (const Node &node : input.file.root().descendants("binary_expression")) {
        if (!node.is("binary_expression") || node.field("operator").text() != "-")
            continue;
        const Node left = node.field("left"), right = node.field("right");
        const bool fromNow = isNow(left) && isDuration(right, input);
        const bool rest = !fromNow && isElapsed(right) && isDuration(left, input);
        if ((!fromNow && !rest) || isTestOrTool(node, input.file))
            continue;
        if (!isCheckedBefore(node, placesIn(right)))
            reporter.report(makeDraft(node, fromNow));
    }
}

} // namespace review::rules
