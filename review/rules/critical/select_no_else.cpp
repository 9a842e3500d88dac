// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <vector>

namespace review::rules {
namespace {

using rust::Node;

/// Some value of the future does not match, so that the arm is switched off for this round.
bool isRefutable(const Node &pattern)
{
    if (pattern.is("match_pattern"))
        return isRefutable(pattern.firstNamedChild());
    if (pattern.is("tuple_struct_pattern"))
        return isOneOf(compact(pattern.field("type").text()), {"Some", "Ok", "Err"});
    return pattern.is("tuple_pattern") && std::ranges::any_of(pattern.namedChildren(), isRefutable);
}

/// The future goes on for ever, or ends the process when it ends: a clock, a signal, a listener.
bool neverEnds(const Node &future)
{
    return mentions(future.text(), {"signal", "sigterm", "sigint", "ctrl_c", "interval", "tick", "pending",
                                    "never", "forever"});
}

/// The receiver's own sender is kept beside it, so that the channel cannot close: `self.tx` in the file.
bool keepsSender(const Node &future, const RuleInput &input)
{
    const rust::Call call = rust::toCall(rust::stripAdapters(future));
    const std::string place = call.isMethod() ? rust::placeText(call.receiver) : std::string();
    const std::size_t end = place.rfind("rx");
    if (end == std::string::npos)
        return false;
    std::string sender = place.substr(place.rfind('.') + 1);
    sender.replace(sender.rfind("rx"), 2, "tx");
    return input.file.tree().contains("self." + sender);
}

/// The loop ends, by a check of its own, before the source runs dry: `while !tasks.is_empty()`.
bool isAskedBefore(const Node &future, const Node &select)
{
    const rust::Call call = rust::toCall(rust::stripAdapters(future));
    const std::string place = call.isMethod() ? rust::placeText(call.receiver) : std::string();
    const Node loop = rust::loopAround(select);
    if (place.empty() || !loop)
        return false;
    const std::string_view before = loop.text().substr(0, select.bytes().begin - loop.bytes().begin);
    return before.find(place + ".is_empty()") != std::string_view::npos ||
           before.find(place + ".len()") != std::string_view::npos;
}

/// A channel's receiver, which ends when its senders are gone.
bool isReceive(const Node &arm)
{
    const rust::Call call = rust::toCall(rust::stripAdapters(arm.field("future")));
    return call.isMethod() && call.name == "recv" && !arm.field("condition");
}

void check(const Node &select, const RuleInput &input, Reporter &reporter)
{
    std::vector<Node> arms = select.descendants("select_arm");
    std::erase_if(arms, [&](const Node &arm) { return arm.ancestor({"macro_invocation"}) != select; });
    for (const Node &arm : arms) {
        const Node pattern = arm.field("pattern");
        if (!pattern || neverEnds(arm.field("future")) || keepsSender(arm.field("future"), input) ||
            isAskedBefore(arm.field("future"), select) || !isRefutable(pattern))
            return; // what always matches is switched off by its condition only: a state its author counted
    }
    const auto fails =
        std::ranges::find_if(arms, [](const Node &arm) { return isRefutable(arm.field("pattern")); });
    if (arms.empty() || fails == arms.end())
        return;
    const Node pattern = fails->field("pattern");
    const Node last = arms.back();
    Draft draft;
    draft.at = select;
    draft.title = "`select!` panics when all its branches are off, and has no `else`";
    draft.steps = {{"task",
                    "gets a value that " + quoted(pattern.text()) + " does not match: the branch is off",
                    *fails}};
    if (last != *fails)
        draft.steps.push_back({"task", "finds the other branches off as well", last});
    draft.steps.push_back({"select!", "has no branch left to wait for, and no `else`", select});
    draft.outcome = "The task panics when its last source ends, where it was to stop quietly or say why.";
    draft.facts = {"resolved: every branch has a pattern that may not match",
                   "assumed: the sources can end while this runs"};
    draft.evidence = {pattern};
    if (arms.size() > 1) {
        draft.confidence = std::ranges::all_of(arms, isReceive) ? 0.8 : 0.75;
        draft.facts.push_back("assumed: the sources end at the same time");
    }
    if (rust::loopAround(select)) {
        const std::uint32_t end = last.bytes().end;
        const std::string &text = input.file.tree().text();
        const bool separated = text[end - 1] == ',' || (end < text.size() && text[end] == ',');
        const std::uint32_t at = end < text.size() && text[end] == ',' ? end + 1 : end;
        const bool block = text[end - 1] == '}';
        draft.edits.push_back(
            {{at, at},
             std::string(separated || block ? "" : ",") + "\n" + indentOf(last) + "else => break,"});
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_select_no_else(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("select!") || !tree.contains("tokio"))
        return;
    for (const Node &node : input.file.root().descendants("macro_invocation")) {
        if (rust::macroName(node) == "select" &&
            input.file.resolveAt(compact(node.field("macro").text()), node) == "tokio::select" &&
            !input.file.isTest(node))
            check(node, input, reporter);
    }
}

} // namespace review::rules
