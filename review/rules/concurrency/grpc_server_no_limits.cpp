// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {

void check_grpc_server_no_limits(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("tonic") || !tree.contains("Server::builder"))
        return;
    for (const rust::Node &node : input.file.root().descendants("call_expression")) {
        const rust::Call call = rust::toCall(node);
        if (call.isMethod() || call.name != "builder" ||
            !isOneOf(input.file.resolve(call.path),
                     {"tonic::transport::Server::builder", "tonic::transport::server::Server::builder"}))
            continue;
        // The builder may be kept in a variable and go on in other statements of the function.
        const rust::Function *function = input.file.functionAt(node);
        if (!function ||
            mentions(function->body.text(), {"timeout", "limit", "max_concurrent", "max_connection",
                                             "load_shed", "concurrency", ".layer(", "deadline"}))
            continue;
        if (!mentions(function->body.text(), {".serve", ".add_service"}))
            continue;
        Draft draft;
        draft.at = node;
        draft.title = "The gRPC server has neither a time limit nor one for its load";
        draft.steps = {{"clients", "open streams and send requests as they like", node},
                       {"server", "takes each of them and holds it until its handler ends", node}};
        draft.outcome = "A slow disk or one client with many streams fills the memory: nothing is refused.";
        draft.facts = {"resolved: `tonic::transport::Server::builder()` has no limits by itself",
                       "assumed: no proxy before it has any"};
        const std::uint32_t end = node.bytes().end;
        draft.edits.push_back({{end, end}, ".concurrency_limit_per_connection(256)"});
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
