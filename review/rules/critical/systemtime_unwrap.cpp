// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The time since a time of the wall clock, unwrapped. `Instant`'s methods return no Result.
bool unwrapsWallClock(const Call &unwrap, const RuleInput &input)
{
    const Call since = rust::toCall(unwrap.receiver);
    if (!since.isMethod())
        return false;
    if (since.name == "duration_since" && since.arguments.size() == 1)
        return since.arguments.front().text().find("EPOCH") == std::string_view::npos;
    const Node start = since.receiver.is("identifier") ? rust::initialiserOf(since.receiver) : since.receiver;
    return since.name == "elapsed" && since.arguments.empty() &&
           start.text().find("EPOCH") == std::string_view::npos &&
           input.model.infer(since.receiver, input.file).peeled().name() == "SystemTime";
}

Draft makeDraft(const Call &unwrap, const Call &since)
{
    const std::string code = quoted(since.node.text(), 34);
    Draft draft;
    draft.at = unwrap.node;
    draft.title =
        fittingTitle({code + " panics when the clock is set back", "A panic when the clock is set back"});
    draft.steps = {
        {"clock", "is set back by NTP, an administrator or a resumed virtual machine", since.receiver},
        {"code", "asks for the time since a time that is now in the future, and unwraps the error",
         unwrap.node}};
    draft.outcome = "The thread panics on one correction of the clock, on every machine that gets it.";
    draft.facts = {"resolved: " + code + " compares two times of the wall clock"};
    draft.edits = {{{since.node.bytes().end, unwrap.node.bytes().end}, ".unwrap_or_default()"}};
    return draft;
}

} // namespace

void check_systemtime_unwrap(const RuleInput &input, Reporter &reporter)
{
    if (input.file.tree().text().find("SystemTime") == std::string::npos)
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        const bool unwraps = call.isMethod() && ((call.name == "unwrap" && call.arguments.empty()) ||
                                                 (call.name == "expect" && call.arguments.size() == 1));
        if (unwraps && unwrapsWallClock(call, input) && !isTestOrTool(node, input.file))
            reporter.report(makeDraft(call, rust::toCall(call.receiver)));
    }
}

} // namespace review::rules
