// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The first method of a `…SyncHandler` in the file that waits for something else than the processor.
Node waitingHandler(const RuleInput &input, std::string &name)
{
    for (const rust::Function &function : input.file.functions()) {
        if (!function.traitName.ends_with("SyncHandler") || !function.body)
            continue;
        for (const Call &call : rust::callsIn(function.body)) {
            const bool waits =
                (call.isMethod() && isOneOf(call.name, {"lock", "write", "recv", "join", "wait", "flush",
                                                        "sync_all", "read_to_end", "write_all", "block_on",
                                                        "send", "query", "execute", "commit"})) ||
                (!call.isMethod() && isOneOf(call.name, {"sleep", "connect", "block_on"}));
            if (waits) {
                name = std::string(function.name);
                return call.node;
            }
        }
    }
    return {};
}

} // namespace

void check_thrift_blocking_pool(const RuleInput &input, Reporter &reporter)
{
    if (!hasAny(input.file, {"TServer"}))
        return;
    for (const Call &call : callsNamed({"new"}, input.file)) {
        if (call.isMethod() || input.file.resolveAt(call.path, call.node) != "thrift::server::TServer::new" ||
            call.arguments.size() < 2 || isTestOrTool(call.node, input.file))
            continue;
        std::string handler;
        const Node wait = waitingHandler(input, handler);
        const std::string workers = quoted(call.arguments.back().text(), 20);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({"The Thrift server has " + workers + " workers, one for each connection",
                                    "The Thrift server has a worker for each connection only"});
        draft.steps = {{"clients", "open more connections than there are workers", call.node},
                       {"worker",
                        wait ? "serves one connection to its end and waits in " + quoted(handler, 24)
                             : "serves one connection to its end, idle or not",
                        wait ? wait : call.node},
                       {"server", "accepts the others into a queue without a bound, and answers none of them",
                        call.node}};
        draft.outcome = "As many idle or slow clients as there are workers stop the service for all others.";
        draft.facts = {"resolved: `TServer` gives each connection a worker of a fixed pool",
                       "assumed: clients may be idle, or more than workers"};
        if (wait) {
            draft.evidence = {wait};
            draft.facts.push_back("resolved: " + quoted(handler, 24) + " waits while it holds its worker");
        } else {
            draft.confidence = 0.85;
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
