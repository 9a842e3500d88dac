// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/channels.h"
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

bool covers(const std::vector<git::ByteRange> &ranges, const Node &node)
{
    const std::uint32_t at = node.bytes().end;
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const git::ByteRange &range) { return range.begin < at && at <= range.end; });
}

/// Where the reference that `borrow()` gives is held.
std::vector<git::ByteRange> heldRanges(const rust::GuardHome &home)
{
    if (home.kind == rust::GuardHome::Kind::Variable)
        return rust::guardRanges(home).live;
    if (home.kind == rust::GuardHome::Kind::Temporary)
        return {home.temporary};
    return {};
}

void check(const Call &call, const RuleInput &input, Reporter &reporter)
{
    const std::string end = channelEnd(call.receiver, input);
    if (end != "tokio::sync::watch::Receiver" && end != "tokio::sync::watch::Sender")
        return;
    const Node body = rust::bodyOf(call.node);
    const rust::GuardHome home = rust::guardHome(call.node, false, false, input.file, input.model);
    const std::vector<git::ByteRange> held = heldRanges(home);
    for (const Node &pause : rust::awaitPoints(body)) {
        if (!covers(held, pause) || pause.bytes().begin < call.node.bytes().begin)
            continue;
        const std::string name = quoted(call.receiver.text(), 24);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({"The borrow of " + name + " is held across an await",
                                    "A borrow of a watch channel is held across an await"});
        draft.steps = {{"task A", "borrows the value of " + name + ", which read-locks it", call.node},
                       {"task A", "awaits with the borrow", pause},
                       {"task B", "sends a new value and waits for the lock with its thread", pause}};
        draft.outcome = "The sender blocks its thread until A goes on; on one thread neither ever does.";
        draft.facts = {"resolved: " + name + " is a `" + end + "`", "resolved: " + home.reason};
        draft.evidence = {pause};
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_watch_borrow_held(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains(".borrow") || !tree.contains("watch"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (call.isMethod() && call.arguments.empty() &&
            isOneOf(call.name, {"borrow", "borrow_and_update"}) && rust::runsAsync(node, input.file))
            check(call, input, reporter);
    }
}

} // namespace review::rules
