// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// What the call waits for; empty when it waits for nothing.
std::string waitsFor(const Call &call, const RuleInput &input)
{
    if (call.name == "block_on" && call.arguments.size() <= 2)
        return "a future, and panics on an executor's thread";
    if (call.isMethod() && isOneOf(call.name, {"blocking_lock", "blocking_read", "blocking_write",
                                               "blocking_send", "blocking_recv"}))
        return "another task, and panics on an executor's thread";
    if (call.name == "spawn_blocking" || call.name == "block_in_place")
        return call.name == "block_in_place" ? "blocking code, and panics on a current-thread runtime"
                                             : std::string();
    (void)input;
    return {};
}

/// A type of threads, which no executor drops: it owns its runtime.
bool ownsRuntime(const rust::Function &drop, const RuleInput &input)
{
    const rust::Struct *owner = input.model.findStruct(drop.selfType, *drop.file);
    for (const rust::Field &field : owner ? owner->fields : std::vector<rust::Field>()) {
        if (mentions(field.type.text(), {"runtime"}))
            return true;
    }
    return false;
}

} // namespace

void check_block_on_in_drop(const RuleInput &input, Reporter &reporter)
{
    const std::string &text = input.file.tree().text();
    if (text.find("Drop for") == std::string::npos || text.find("block") == std::string::npos)
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (function.name != "drop" || function.traitName != "Drop" || !function.body || function.isTest ||
            ownsRuntime(function, input))
            continue;
        for (const Node &node : function.body.descendants("call_expression")) {
            const Call call = rust::toCall(node);
            const std::string waited = waitsFor(call, input);
            // A thread of its own may wait as long as it likes.
            const bool elsewhere = rust::bodyKind(rust::bodyOf(node), input.file) == rust::BodyKind::Blocking;
            if (waited.empty() || elsewhere)
                continue;
            Draft draft;
            draft.at = node;
            draft.title =
                fittingTitle({"Dropping " + quoted(function.selfType, 24) + " waits in " + quoted(call.name),
                              "A destructor waits in " + quoted(call.name)});
            draft.steps = {
                {"task", "drops a " + quoted(function.selfType, 30) + ", maybe at an await that is cancelled",
                 function.node},
                {"destructor", "waits for " + waited, node}};
            draft.outcome =
                "The process panics while it drops, or the thread waits for a task that needs this thread.";
            draft.facts = {"resolved: `drop` of " + quoted(function.selfType, 30) + " calls " +
                               quoted(call.name),
                           "assumed: the value is dropped by async code somewhere"};
            reporter.report(std::move(draft));
            break;
        }
    }
}

} // namespace review::rules
