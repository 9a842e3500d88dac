// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool spawnsTask(const Call &call, const rust::File &file)
{
    if (call.isMethod() || !isOneOf(call.name, {"spawn", "spawn_blocking"}))
        return false;
    const std::string path = file.resolve(call.path);
    return isOneOf(path, {"tokio::spawn", "tokio::task::spawn", "tokio::task::spawn_blocking",
                          "std::thread::spawn", "async_std::task::spawn", "smol::spawn"});
}

/// What gives the loop its items, when others decide how many there are: connections, messages, requests.
Node outsideInput(const Node &loop)
{
    const auto isInput = [](const Node &node) {
        const Call call = rust::toCall(node);
        return call.isMethod() && isOneOf(call.name, {"accept", "recv", "incoming", "recv_from"});
    };
    if (loop.is("for_expression")) {
        const Call call = rust::toCall(loop.field("value"));
        return call.isMethod() && call.name == "incoming" ? call.node : Node();
    }
    for (const Node &node : loop.descendants("call_expression")) {
        if (rust::loopAround(node) == loop && isInput(node))
            return node;
    }
    return {};
}

/// Something in the function bounds the tasks that run at a time, or their end is waited for.
bool isBounded(const Node &scope)
{
    return mentions(scope.text(), {"semaphore", "permit", "acquire", "limit", "joinset", "join_next", "max_",
                                   "buffer_unordered", "for_each_concurrent", "throttle", "try_reserve",
                                   "in_flight", "inflight", "capacity", "shutdown", "signal", "cancel"});
}

} // namespace

void check_spawn_without_bound(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("spawn") ||
        (!tree.contains(".accept()") && !tree.contains(".recv") && !tree.contains(".incoming()")))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!spawnsTask(call, input.file))
            continue;
        const Node loop = rust::loopAround(node);
        const Node source = loop ? outsideInput(loop) : Node();
        const rust::Function *function = input.file.functionAt(node);
        if (!source || !function || isBounded(function->body))
            continue;
        const std::string name = quoted(rust::toCall(source).name);
        const bool threads = input.file.resolve(call.path) == "std::thread::spawn";
        Draft draft;
        draft.at = node;
        draft.title = fittingTitle({std::string(threads ? "A thread" : "A task") + " is spawned for each " +
                                    name + ", without a bound"});
        draft.steps = {{"peers", "connect or send faster than the work is done", source},
                       {"loop", "spawns one more for each of them and takes the next at once", node}};
        draft.outcome =
            threads ? "The process runs out of threads or memory: anyone who can connect can stop it."
                    : "Tasks pile up with all they hold until memory ends; there is no back-pressure.";
        draft.facts = {"resolved: the loop takes its input from " + name,
                       "assumed: nothing outside this function bounds how many there are"};
        draft.evidence = {source};
        draft.confidence = threads ? 1.0 : 0.9;
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
