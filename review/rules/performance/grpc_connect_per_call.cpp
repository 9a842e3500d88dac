// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/grpc.h"
#include "review/rules/handlers.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool connectsChannel(const Call &call, const RuleInput &input)
{
    if (!call.isMethod())
        return connectsGeneratedClient(call, input.file);
    const rust::Type type = input.model.infer(call.receiver, input.file);
    return call.name == "connect" && type.peeled().path.starts_with("tonic::transport::") &&
           type.peeled().name() == "Endpoint";
}

/// The request that is sent over the new connection: the client is used right here and goes with the
/// function.
Node requestOver(const Call &connect, const Node &body)
{
    const Node let = rust::withAdapters(connect.node).parent();
    if (!let.is("let_declaration"))
        return {};
    Node pattern = let.field("pattern");
    if (pattern.is("mut_pattern"))
        pattern = pattern.firstNamedChild();
    if (!pattern.is("identifier"))
        return {};
    Node request;
    for (const Node &use : rust::usesOf(pattern.text(), body)) {
        const Call call = rust::toCall(use.parent().parent());
        if (call.receiver != use)
            return {}; // it is kept, returned or wrapped
        if (rust::isAwaited(call.node) && !request)
            request = call.node;
    }
    return request;
}

/// Why the connection is made again and again.
std::string repeatedIn(const Call &connect, const rust::Function &function)
{
    if (rust::loopAround(connect.node))
        return "the loop makes one in each round";
    if (handlerOf(function))
        return "each request that comes in makes one";
    const bool method = !function.parameters.empty() && function.parameters.front().name == "self";
    const bool starts = mentions(function.name, {"connect", "new", "init", "start", "build", "create", "open",
                                                 "refresh", "probe", "health", "join", "register", "run"});
    return method && !starts && function.isAsync ? "each call of " + quoted(function.name, 24) + " makes one"
                                                 : std::string();
}

} // namespace

void check_grpc_connect_per_call(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("connect(") || (!tree.contains("tonic") && !tree.contains("_client::")))
        return;
    for (const Call &call : callsNamed({"connect"}, input.file)) {
        const rust::Function *function = input.file.functionAt(call.node);
        if (!function || isTestOrTool(call.node, input.file) || !connectsChannel(call, input))
            continue;
        const Node request = requestOver(call, rust::bodyOf(call.node));
        const std::string why = request ? repeatedIn(call, *function) : std::string();
        if (why.empty())
            continue;
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({quoted(function->name, 24) + " opens a connection for each gRPC call",
                                    "A connection is opened for each gRPC call"});
        draft.steps = {{"task", "opens a connection: " + why, call.node},
                       {"task", "sends one request over it and drops it", request}};
        draft.outcome =
            "Each call pays for a TCP and HTTP/2 handshake, maybe for TLS too; under load, ports in "
            "TIME_WAIT run out.";
        draft.facts = {"resolved: " + why,
                       "resolved: the client is used here only and goes with the function"};
        draft.evidence = {request};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
