// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>
#include <vector>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// "peers" of `&self.peers`, `peers.iter()`, `cluster.peers().await?`.
std::string_view nameOf(Node head)
{
    for (int depth = 0; depth < 8; ++depth) {
        head = rust::stripAdapters(head);
        if (head.is("reference_expression"))
            head = head.field("value");
        const Call call = rust::toCall(head);
        if (call.isMethod() &&
            isOneOf(call.name, {"iter", "iter_mut", "into_iter", "keys", "values", "values_mut", "clone",
                                "drain", "lock", "read", "write", "to_vec", "enumerate"}))
            head = call.receiver;
        else if (call)
            return call.name;
        else
            return head.is("field_expression") ? head.field("field").text() : head.text();
    }
    return {};
}

/// What the loop runs over are machines, each of which may be slow by itself.
bool namesMachines(const Node &head)
{
    return mentions(nameOf(head),
                    {"peers", "replicas", "followers", "members", "shards", "endpoints", "servers",
                     "backends", "brokers", "voters", "learners", "nodes", "workers"});
}

/// The awaited call that asks one of them: the loop's variable is its receiver or an argument.
Node remoteCallIn(const Node &loop)
{
    const std::vector<Node> names = rust::boundNames(loop.field("pattern"));
    Node found;
    for (const Call &call : rust::callsIn(loop.field("body"))) {
        if (!rust::isAwaited(call.node) || rust::loopAround(call.node) != loop)
            continue;
        if (found)
            return {}; // several steps for each: their order may matter
        const bool sends =
            mentions(call.name, {"send",    "call",   "request",   "append", "replicate", "ping",   "fetch",
                                 "get_",    "notify", "broadcast", "push",   "vote",      "put",    "commit",
                                 "prepare", "read",   "write",     "query",  "delete",    "update", "status",
                                 "sync",    "flush",  "invoke",    "rpc",    "forward"}) &&
            !mentions(call.name, {"semaphore", "acquire", "local", "lock"});
        const bool ofOne = anyIn(call.node, [&](const Node &node) {
            return node.is("identifier") &&
                   std::ranges::any_of(names, [&](const Node &name) { return name.text() == node.text(); });
        });
        if (!sends || !ofOne)
            return {};
        found = call.node;
    }
    return found;
}

/// A round needs what the one before it left, ends the loop, or is to wait.
bool dependsOnOrder(const Node &loop, const Node &call)
{
    const Node body = loop.field("body");
    const bool leaves = anyIn(body, [&](const Node &node) {
        return rust::runsIn(node, rust::bodyOf(call)) &&
               (node.is("break_expression") || node.is("assignment_expression") ||
                node.is("compound_assignment_expr") ||
                (node.is("return_expression") && node.text().find("Err(") == std::string_view::npos));
    });
    return leaves || body.text().find("&mut ") != std::string_view::npos ||
           mentions(body.text(), {"sleep", "timeout", "limit", "permit", "order", "channel", "tx.", "sender",
                                  "sequential", "one by one", "one at a time", "rolling"});
}

} // namespace

void check_sequential_await_loop(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains(".await"))
        return;
    for (const Node &loop : input.file.root().descendants("for_expression")) {
        const Node head = loop.field("value");
        if (loop.field("body").text().find(".await") == std::string_view::npos || !namesMachines(head) ||
            isTestOrTool(loop, input.file))
            continue;
        const Node call = remoteCallIn(loop);
        const rust::Function *function = call ? input.file.functionAt(loop) : nullptr;
        if (!function || dependsOnOrder(loop, call) ||
            mentions(function->name,
                     {"shutdown", "stop", "close", "migrat", "init", "new", "start", "drop", "repair"}))
            continue;
        const std::string name = quoted(rust::toCall(call).name, 22);
        Draft draft;
        draft.at = loop;
        draft.title =
            fittingTitle({name + " is awaited for one of " + quoted(head.text(), 18) + " after the other",
                          "Machines are asked one after the other"});
        draft.steps = {
            {"task", "asks the first of " + quoted(head.text()) + " and waits for its answer", call},
            {"machine", "is slow, or silent until a timeout", call},
            {"task", "has not even asked the others", loop}};
        draft.outcome =
            "The whole takes as long as all answers together; one slow machine delays those behind it.";
        draft.facts = {"resolved: no round changes anything that a later one reads",
                       "assumed: the calls go to different machines, in any order"};
        draft.evidence = {call};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
