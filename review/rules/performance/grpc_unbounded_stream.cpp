// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/handlers.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// Where a handler keeps as much as the other side of a stream likes.
struct Pile {
    Node at;
    Node source;
    bool out = false; ///< answers wait for a slow reader; else a sender's messages are collected
};

/// Something in the handler says when it is too much.
bool isCapped(std::string_view text)
{
    return mentions(text, {"max_", "limit", "too_large", "too large", "capacity", ".len() >",
                           ".len() >=", "quota", "resource_exhausted", ".take("});
}

/// The stream that the client sends is read to its end into one collection.
std::optional<Pile> collected(const rust::Function &handler)
{
    for (const Call &call : rust::callsIn(handler.body)) {
        const std::string place = call.isMethod() ? rust::placeText(call.receiver) : std::string();
        const bool collects = isOneOf(call.name, {"collect", "try_collect"}) && rust::isAwaited(call.node) &&
                              mentions(call.receiver.text(), {"into_inner()", "stream"});
        if (collects)
            return Pile{call.node, handler.node.field("name"), false};
        const Node loop = rust::loopAround(call.node);
        if (!isOneOf(call.name, {"push", "extend_from_slice", "extend", "put_slice", "append", "push_str"}) ||
            !loop || place.empty() || place.starts_with("self."))
            continue;
        // The collection is made before the loop, and the loop runs as long as messages come.
        const Node source = loop.is("while_expression") ? loop.field("condition") : Node();
        const bool reads = source.text().find(".message().await") != std::string_view::npos ||
                           source.text().find("stream.next().await") != std::string_view::npos;
        const Node root = call.receiver.is("identifier") ? rust::bindingOf(call.receiver) : Node();
        if (reads && root.is("let_declaration") && !root.isInside(loop) &&
            loop.text().find(place + ".clear()") == std::string_view::npos &&
            loop.text().find("take(&mut " + place) == std::string_view::npos &&
            loop.text().find(place + ".drain(") == std::string_view::npos)
            return Pile{call.node, source, false};
    }
    return {};
}

/// The answer is a stream over a channel without a bound.
std::optional<Pile> queued(const rust::Function &handler)
{
    const std::string_view text = handler.body.text();
    if (text.find("UnboundedReceiverStream") == std::string_view::npos &&
        text.find("Response::new(") == std::string_view::npos)
        return {};
    for (const Call &call : rust::callsIn(handler.body)) {
        if (!call.isMethod() && isOneOf(call.name, {"unbounded_channel", "unbounded"}) &&
            call.arguments.empty() &&
            (text.find("UnboundedReceiverStream") != std::string_view::npos ||
             mentions(handler.returnType.text(), {"stream"})))
            return Pile{call.node, handler.node.field("name"), true};
    }
    return {};
}

} // namespace

void check_grpc_unbounded_stream(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("tonic") || (!tree.contains("Streaming") && !tree.contains("unbounded")))
        return;
    for (const rust::Function &function : input.file.functions()) {
        const auto handler = handlerOf(function);
        if (!handler || handler->framework != "tonic" || isCapped(function.body.text()))
            continue;
        bool streams = false;
        for (const rust::Parameter &parameter : function.parameters)
            streams = streams || parameter.type.text().find("Streaming<") != std::string_view::npos;
        auto pile = queued(function);
        if (!pile && streams)
            pile = collected(function);
        if (!pile)
            continue;
        const std::string name = quoted(function.name, 24);
        Draft draft;
        draft.at = pile->at;
        if (pile->out) {
            draft.title = fittingTitle({name + " queues its answers without a bound"});
            draft.steps = {{"client", "asks for a stream and reads it slowly, or not at all", pile->source},
                           {"producer", "puts each answer into the channel and never has to wait", pile->at}};
        } else {
            draft.title = fittingTitle({name + " collects a stream as long as its sender likes"});
            draft.steps = {{"client", "sends message after message on one stream", pile->source},
                           {"handler", "keeps each of them and asks for the next", pile->at}};
        }
        draft.outcome =
            "One client fills the server's memory; flow control of HTTP/2, which would stop it, is bypassed.";
        draft.facts = {"resolved: " + name + " is a handler of tonic",
                       "resolved: nothing in it says how much is too much"};
        draft.evidence = {pile->source};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
