// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/cancellation.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A call that waits for another machine.
struct RemoteCall {
    std::string name;  ///< for people
    std::string waits; ///< what it waits for
    double confidence = 1;
};

/// What is copied comes from elsewhere, by its name.
bool isRemote(std::string_view text)
{
    return mentions(text, {"download", "upload", "remote", "socket", "response", "stream", "conn", "body",
                           "net", "peer", "upstream"});
}

std::optional<RemoteCall> remoteCall(const Call &call, const RuleInput &input)
{
    if (call.isMethod())
        return std::nullopt;
    const std::string path = input.file.resolve(call.path);
    if (isOneOf(path, {"tokio::net::TcpStream::connect", "async_std::net::TcpStream::connect",
                       "smol::net::TcpStream::connect"}))
        return RemoteCall{"TcpStream::connect", "the peer to answer, minutes if packets are dropped", 1};
    if (isOneOf(path, {"tokio_tungstenite::connect_async", "tokio_postgres::connect", "reqwest::get"}))
        return RemoteCall{path, "the peer to answer", 1};
    const bool copies =
        isOneOf(path, {"tokio::io::copy", "tokio::io::copy_buf", "futures::io::copy", "io::copy"});
    if (copies && call.arguments.size() == 2 && isRemote(call.arguments.front().text()))
        return RemoteCall{"io::copy", "the last byte of a stream that may stall", 0.95};
    return std::nullopt;
}

/// Every way out is bounded from outside: the callers, the program's start, a race with a timer.
bool isBounded(const Call &call, const RuleInput &input)
{
    if (cancellationAround(call.node, input.file))
        return true;
    const rust::Function *function = input.file.functionAt(call.node);
    if (!function)
        return false;
    return function->name == "main" ||
           mentions(function->name, {"proxy", "bidirectional", "forward", "timeout"}) ||
           bool(cancellationOf(*function, input));
}

/// A client that is made without a limit waits for ever in each of its calls.
std::optional<RemoteCall> limitlessClient(const Call &call, const RuleInput &input)
{
    if (call.isMethod())
        return std::nullopt;
    const std::string path = input.file.resolve(call.path);
    if (path == "reqwest::Client::new" || path == "reqwest::Client::default")
        return RemoteCall{"reqwest::Client::new", "an answer of any peer it talks to", 0.95};
    const bool builds = path == "reqwest::Client::builder" || path == "reqwest::ClientBuilder::new";
    if (!builds)
        return std::nullopt;
    const rust::Function *function = input.file.functionAt(call.node);
    if (!function || function->body.text().find("timeout") != std::string_view::npos ||
        function->body.text().find(".build()") == std::string_view::npos)
        return std::nullopt;
    return RemoteCall{"reqwest::Client::builder", "an answer of any peer it talks to", 0.95};
}

void checkClient(const Call &call, const RuleInput &input, Reporter &reporter)
{
    const auto client = limitlessClient(call, input);
    const rust::Function *function = input.file.functionAt(call.node);
    // A limit may stand at each request instead.
    if (!client || input.file.isTest(call.node) || !function || function->name == "main" ||
        input.file.tree().contains("timeout("))
        return;
    Draft draft;
    draft.at = call.node;
    draft.title = "An HTTP client is made without a time limit";
    draft.steps = {{"task", "makes a client, whose requests have no limit by default", call.node},
                   {"peer", "takes a request and never answers", call.node}};
    draft.outcome = "The task waits for " + client->waits + ", and so does everything that waits for it.";
    draft.facts = {"resolved: `" + client->name + "` sets no total time limit",
                   "resolved: no `timeout(` stands in this file"};
    draft.confidence = client->confidence;
    if (client->name == "reqwest::Client::builder") {
        const std::uint32_t end = call.node.bytes().end;
        draft.edits.push_back({{end, end}, ".timeout(std::time::Duration::from_secs(30))"});
    }
    reporter.report(std::move(draft));
}

void check(const Call &call, const RuleInput &input, Reporter &reporter)
{
    const auto remote = remoteCall(call, input);
    if (!remote || !rust::isAwaited(call.node) || input.file.isTest(call.node) || isBounded(call, input))
        return;
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle({quoted(remote->name, 34) + " waits without a time limit",
                                "A remote call waits without a time limit"});
    draft.steps = {{"task", "awaits " + quoted(remote->name, 40), call.node},
                   {"peer", "is cut off: no answer and no error comes", call.node}};
    draft.outcome = "The task waits for " + remote->waits + ", and so does everything that waits for it.";
    draft.facts = {"resolved: the call is `" + input.file.resolve(call.path) + "`",
                   "resolved: no `timeout` or `select!` stands around it, nor around a call of its function",
                   "assumed: no other layer bounds it"};
    draft.confidence = remote->confidence;
    const rust::Tree &tree = input.file.tree();
    if (tree.contains("tokio")) {
        const auto bytes = call.node.bytes();
        draft.edits = {
            {{bytes.begin, bytes.begin}, "tokio::time::timeout(std::time::Duration::from_secs(10), "},
            {{bytes.end, bytes.end}, ")"}};
        // The caller decides what being late means: one more `?` is right in most functions that return
        // errors.
        const Node awaited = call.node.parent();
        draft.edits.push_back({{awaited.bytes().end, awaited.bytes().end}, "?"});
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_remote_call_no_timeout(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("connect") && !tree.contains("copy") && !tree.contains("reqwest"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (isOneOf(call.name, {"connect", "connect_async", "copy", "copy_buf", "get"}))
            check(call, input, reporter);
        else if (isOneOf(call.name, {"new", "default", "builder"}) &&
                 call.path.find("Client") != std::string::npos)
            checkClient(call, input, reporter);
    }
}

} // namespace review::rules
