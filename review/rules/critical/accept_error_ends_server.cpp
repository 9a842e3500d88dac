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

/// Waits for connections, datagrams or events: its errors are mostly about one of them, or a signal.
bool waits(const Call &call)
{
    if (call.isMethod() && call.name == "accept")
        return call.arguments.empty() && !call.receiver.is("self");
    if (call.isMethod() && call.name == "poll" && call.arguments.size() == 2)
        return call.arguments.front().text().starts_with("&mut ") &&
               mentions(call.arguments.front().text(), {"event"});
    if (call.isMethod() && call.name == "recv_from")
        return call.arguments.size() == 1 && call.node.text().find("unwrap") == std::string_view::npos;
    return isOneOf(call.name, {"epoll_wait", "kevent"}) && call.path.find("libc::") == std::string::npos;
}

/// How the error leaves the loop: "panics", "returns"; empty if it doesn't.
std::string_view howItEnds(const Node &call)
{
    Node node = call;
    for (Node above = node.parent(); above; above = node.parent()) {
        if (above.is("try_expression"))
            return "returns";
        if (above.isAny({"await_expression", "parenthesized_expression"})) {
            node = above;
            continue;
        }
        const Call outer = above.is("field_expression") ? rust::toCall(above.parent()) : Call();
        if (!outer || outer.receiver != node)
            return {};
        if (isOneOf(outer.name, {"unwrap", "expect"}))
            return "panics";
        if (outer.name == "unwrap_or_else")
            return outer.arguments.front().text().find("panic!(") != std::string_view::npos ? "panics" : "";
        if (!isOneOf(outer.name, {"map_err", "context", "with_context", "timeout", "fuse"}))
            return {};
        node = outer.node;
    }
    return {};
}

/// `loop { … }` without end: a server, not a wait for one connection.
bool goesOnForEver(const Node &loop, const Node &call)
{
    if (loop.is("for_expression"))
        return false;
    for (const Node node : loop.descendants()) {
        const bool leaves = node.is("return_expression") || node.is("break_expression");
        if (leaves && node.index() > call.index() && rust::blockOf(node) == rust::blockOf(call))
            return false;
    }
    return true;
}

Draft makeDraft(const Call &call, const Node &loop, std::string_view how, const rust::Function &function)
{
    const std::string code = quoted(call.node.text(), 30);
    const bool panics = how == "panics";
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle(
        {"One failed " + code + (panics ? " panics the loop" : " ends the loop"),
         "One failed `" + std::string(call.name) + (panics ? "` panics the loop" : "` ends the loop")});
    draft.steps = {{"system",
                    call.name == "accept" ? "reports an aborted connection or that no descriptor is left"
                                          : "reports EINTR because a signal arrived, or one peer's error",
                    call.node},
                   {"server", panics ? "panics" : "returns from its loop with the error", call.node}};
    draft.outcome = "The server stops serving everybody for an error that is over a moment later.";
    draft.evidence = {loop};
    draft.facts = {"resolved: " + code + " runs in a loop that has no other end",
                   "resolved: its error " + std::string(how) + " without a look at its kind"};
    draft.confidence = panics ? 1 : 0.75;
    if (call.name != "accept" && !panics)
        draft.confidence = 0.65;
    // A client's own event loop has nobody else to serve, and what else accepts may serve one peer alone.
    if (mentions(function.name, {"client", "connect"}) ||
        (call.name == "accept" && !mentions(call.receiver.text(), {"listen", "sock", "server"})))
        draft.confidence = 0.65;
    return draft;
}

} // namespace

void check_accept_error_ends_server(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("accept") && !tree.contains("poll(") && !tree.contains("recv_from") &&
        !tree.contains("epoll_wait"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!call || !waits(call) || isTestOrTool(node, input.file))
            continue;
        const Node loop = rust::loopAround(node);
        const std::string_view how = loop ? howItEnds(node) : std::string_view();
        const rust::Function *function = input.file.functionAt(node);
        if (!how.empty() && function && goesOnForEver(loop, node))
            reporter.report(makeDraft(call, loop, how, *function));
    }
}

} // namespace review::rules
