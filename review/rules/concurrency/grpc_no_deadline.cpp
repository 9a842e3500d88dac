// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/cancellation.h"
#include "review/rules/grpc.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The call that makes the channel: `Endpoint::from_shared(..)`, or `connect` of a generated client, which
/// leaves no room for a limit.
Node madeBy(const Call &connect, const RuleInput &input)
{
    // A client that is made without waiting is none of tonic's.
    if (!connect.isMethod() && connect.name == "connect" && !rust::isAwaited(connect.node))
        return {};
    // JSON-RPC over a web socket has clients of such names as well.
    if (!connect.isMethod() && !mentions(connect.node.text(), {"grpcclient"}) &&
        mentions(connect.node.text(), {"rpcclient", "ws_", "\"ws"}))
        return {};
    if (!connect.isMethod())
        return connectsGeneratedClient(connect, input.file) ? connect.node : Node();
    Node link = rust::stripAdapters(connect.receiver);
    for (int depth = 0; depth < 12; ++depth) {
        if (const Node initialiser = link.is("identifier") ? rust::initialiserOf(link) : Node())
            link = rust::stripAdapters(initialiser);
        const Call call = rust::toCall(link);
        if (!call)
            return {};
        if (!call.isMethod()) {
            const std::string path = input.file.resolveAt(call.path, call.node);
            const bool tonic =
                path.starts_with("tonic::transport::") &&
                isOneOf(call.name, {"from_shared", "from_static", "new", "builder", "try_from"});
            return tonic ? call.node : Node();
        }
        link = rust::stripAdapters(call.receiver);
    }
    return {};
}

/// The peer is on this machine, or behind a socket of the file system: nothing is cut off there.
bool isLocal(const Call &connect, const Node &made, const rust::File &file)
{
    std::string words(connect.node.text());
    for (const Node &argument : rust::toCall(made).arguments) {
        const Node value = rust::stripAdapters(argument);
        const Node named = rust::toCall(value).isMethod() ? rust::toCall(value).receiver : value;
        words += ' ';
        words += named.is("identifier") ? rust::initialiserOf(named).text() : std::string_view();
        for (const Node &item : file.root().descendants("const_item")) {
            if (item.field("name").text() == named.text())
                words += item.field("value").text();
        }
    }
    return mentions(words, {"localhost", "127.0.0.1", "[::1]", "unix", "uds"});
}

} // namespace

void check_grpc_no_deadline(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    const std::string &text = input.file.tree().text();
    // A limit may stand at each request, in an interceptor, or around the calls.
    if (!tree.contains("connect") || (!tree.contains("tonic") && !tree.contains("_client::")) ||
        mentions(text, {"timeout", "deadline", "generated client implementations"})) // of tonic itself
        return;
    for (const Call &connect :
         callsNamed({"connect", "connect_lazy", "connect_with_connector"}, input.file)) {
        // A look whether the peer is there asks for nothing.
        const Node whole = rust::withAdapters(connect.node);
        const bool probes = whole.parent().is("expression_statement") ||
                            (whole.parent().is("let_condition") &&
                             whole.parent().field("pattern").text().starts_with("Err("));
        // Whoever hands over the endpoint decides about its limits.
        const Node given = !connect.isMethod() && connect.arguments.size() == 1
                               ? rust::stripAdapters(connect.arguments.front())
                               : Node();
        const Node parameter = given.is("identifier") ? rust::bindingOf(given) : Node();
        const bool generic =
            parameter.is("parameter") && (parameter.field("type").text().size() <= 2 ||
                                          mentions(parameter.field("type").text(), {"endpoint"}));
        if (isTestOrTool(connect.node, input.file) || probes || generic)
            continue;
        const Node made = madeBy(connect, input);
        const rust::Function *function = made ? input.file.functionAt(connect.node) : nullptr;
        if (!function || function->name == "main" || isLocal(connect, made, input.file) ||
            mentions(function->body.text(), {"test"}) || cancellationAround(connect.node, input.file) ||
            cancellationOf(*function, input))
            continue;
        Draft draft;
        draft.at = made;
        draft.title = "A gRPC channel is made without a time limit";
        draft.steps = {{"client", "connects, and sends each request without a deadline", connect.node},
                       {"server", "is cut off or stalls: no answer and no error comes", made}};
        draft.outcome =
            "Each call waits as long as the peer is silent, with all that its callers hold; the peer goes "
            "on with work that nobody waits for.";
        draft.facts = {"resolved: a channel of `tonic` has no time limit by itself",
                       "resolved: this file names no timeout and no deadline",
                       "assumed: no caller sets one for each request"};
        if (made != connect.node && rust::toCall(made).name == "from_static") {
            const std::uint32_t end = made.bytes().end;
            draft.edits.push_back({{end, end}, ".timeout(std::time::Duration::from_secs(10))"});
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
