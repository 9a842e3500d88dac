// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// What the call waits for; empty when it waits for nothing.
std::string waitsFor(const Call &call)
{
    if (call.name == "block_on" && call.arguments.size() <= 2)
        return "a future, and panics on an executor's thread";
    if (call.isMethod() && isOneOf(call.name, {"blocking_lock", "blocking_read", "blocking_write",
                                               "blocking_send", "blocking_recv"}))
        return "another task, and panics on an executor's thread";
    if (call.name == "spawn_blocking" || call.name == "block_in_place")
        return call.name == "block_in_place" ? "blocking code, and panics on a current-thread runtime"
                                             : std::string();
    return {};
}

/// `drop` asks for the runtime that it runs in and waits on that one: there is one, so it panics.
bool isOnOwnRuntime(const Call &call, const Node &body)
{
    const auto asks = [](const Node &node) {
        const std::string path = rust::toCall(node).path;
        return path.ends_with("Handle::current") || path.ends_with("Handle::try_current");
    };
    if (call.name != "block_on" || !call.isMethod())
        return false;
    if (anyIn(call.receiver, asks))
        return true;
    const std::string_view name = call.receiver.text();
    return anyIn(body, [&](const Node &node) {
        return node.isAny({"let_declaration", "let_condition"}) &&
               mentionsPlace(node.field("pattern").text(), {std::string(name)}) &&
               node.bytes().begin < call.node.bytes().begin && anyIn(node.field("value"), asks);
    });
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
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("Drop for") || !tree.contains("block"))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (function.name != "drop" || function.traitName != "Drop" || !function.body || function.isTest ||
            ownsRuntime(function, input))
            continue;
        for (const Node &node : function.body.descendants("call_expression")) {
            const Call call = rust::toCall(node);
            const std::string waited = waitsFor(call);
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
            // Else it depends on who drops it: handles of other threads, and of Python, may wait.
            draft.confidence = isOnOwnRuntime(call, function.body) ? 1 : 0.7;
            reporter.report(std::move(draft));
            break;
        }
    }
}

} // namespace review::rules
