// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guard_flow.h"
#include "review/rust/guard_home.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The receiver is a tracing span by what made it or by its type.
bool isSpan(const Node &receiver, const RuleInput &input)
{
    Node value = receiver;
    if (const Node initialiser = rust::initialiserOf(receiver))
        value = initialiser;
    if (isOneOf(rust::macroName(value),
                {"span", "trace_span", "debug_span", "info_span", "warn_span", "error_span"}))
        return true;
    const Call call = rust::toCall(value);
    if (call.path == "Span::current" || call.path == "tracing::Span::current")
        return true;
    const rust::Type type = input.model.infer(receiver, input.file);
    return !type.assumed && isOneOf(type.peeled().path, {"tracing::Span", "tracing::span::Span"});
}

/// The async code, or the future of the function around it, is handed to `block_on`, which has the thread to
/// itself until it is done.
bool hasOwnThread(const Node &node, const rust::File &file)
{
    const rust::Function *function = file.functionAt(node);
    if (function && file.tree().contains("block_on(" + function->name + "("))
        return true;
    for (Node block = node.ancestor({"async_block"}); block; block = block.ancestor({"async_block"})) {
        const Call call = rust::toCall(block.parent().parent());
        if (call && call.name == "block_on")
            return true;
    }
    return false;
}

void check(const Call &call, const RuleInput &input, Reporter &reporter)
{
    if (hasOwnThread(call.node, input.file) || !isSpan(call.receiver, input))
        return;
    const rust::GuardHome home = rust::guardHome(call.node, false, false, input.file, input.model);
    if (home.kind != rust::GuardHome::Kind::Variable)
        return;
    const std::vector<git::ByteRange> held = rust::guardRanges(home).live;
    for (const Node &pause : rust::awaitPoints(rust::bodyOf(call.node))) {
        const std::uint32_t at = pause.bytes().end;
        const bool live = std::any_of(held.begin(), held.end(), [&](const git::ByteRange &range) {
            return range.begin < at && at <= range.end;
        });
        if (!live || pause.index() < call.node.index())
            continue;
        Draft draft;
        draft.at = call.node;
        draft.title = "An entered span stays entered while the task sleeps at an await";
        draft.steps = {{"task A", "enters its span on this thread", call.node},
                       {"task A", "sleeps at the await; the thread is still inside the span", pause},
                       {"task B", "runs on the thread and logs into A's span", pause}};
        draft.outcome = "Traces of other requests show up under this one, and closing the spans out of order "
                        "breaks them.";
        draft.facts = {"resolved: the receiver is a span of `tracing`", "resolved: " + home.reason};
        draft.evidence = {pause};
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_span_entered_across_await(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains(".enter") || !tree.contains("await"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (call.isMethod() && isOneOf(call.name, {"enter", "entered"}) && call.arguments.empty() &&
            rust::runsAsync(node, input.file))
            check(call, input, reporter);
    }
}

} // namespace review::rules
