// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The type or the name says that a peer writes what is read.
std::optional<std::string> peerFact(const Node &reader, const RuleInput &input)
{
    const Call made = rust::toCall(rust::stripAdapters(rust::initialiserOf(reader)));
    if (made.path == "BufReader::new" && made.arguments.size() == 1 &&
        !made.arguments.front().isInside(reader))
        return peerFact(rust::stripAdapters(made.arguments.front()), input);
    const rust::Type type = input.model.infer(reader, input.file);
    for (const rust::Type *part = &type.peeled(); part;
         part = part->args.empty() ? nullptr : &part->args.front()) {
        // Whoever may write to a control socket of this machine has other means.
        if (part->name() == "UnixStream")
            return {};
        if (isOneOf(part->name(), {"TcpStream", "OwnedReadHalf", "TlsStream", "RecvStream"}))
            return "resolved: " + quoted(reader.text(), 30) + " reads from a `" + std::string(part->name()) +
                   "`";
        if (part->name() == "Take")
            return {};
    }
    const std::string place = rust::placeText(reader);
    const std::string_view name =
        std::string_view(place).substr(place.rfind('.') == std::string::npos ? 0 : place.rfind('.') + 1);
    const bool named =
        !type.known() && isOneOf(name, {"socket", "stream", "conn", "connection", "tcp_stream", "sock"});
    if (named)
        return "assumed: " + quoted(reader.text(), 30) + " is a connection, judged by its name";
    return {};
}

Draft makeDraft(const Call &call, const std::string &fact)
{
    const std::string name = quoted(call.name, 20);
    const bool lines =
        call.name.starts_with("read_line") || call.name == "read_until" || call.name == "lines";
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle({name + " keeps whatever " + quoted(call.receiver.text(), 24) + " sends",
                                name + " keeps whatever a peer sends"});
    draft.steps = {{"peer",
                    lines ? "sends bytes without ever ending the line" : "sends bytes and never stops",
                    call.node},
                   {"server", "appends all of them to one buffer", call.node}};
    draft.outcome = "One connection takes all memory; the kernel kills the process.";
    draft.facts = {fact, "resolved: no `take` limits it"};
    draft.confidence = fact.starts_with("assumed") ? 0.75 : 1;
    return draft;
}

} // namespace

void check_unbounded_read(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (input.file.isTestFile() || isTool(input.file) ||
        (!tree.contains("read_to_") && !tree.contains("read_line") && !tree.contains("read_until")))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!call.isMethod() || call.arguments.empty() ||
            !isOneOf(call.name, {"read_to_end", "read_to_string", "read_line", "read_until"}))
            continue;
        // quinn's read_to_end takes the limit itself.
        const bool limited = call.receiver.text().find("take(") != std::string_view::npos ||
                             (call.name == "read_to_end" && !call.arguments.front().text().starts_with('&') &&
                              !call.arguments.front().is("identifier"));
        const auto fact =
            limited || isTestOrTool(node, input.file) ? std::nullopt : peerFact(call.receiver, input);
        if (!fact)
            continue;
        Draft draft = makeDraft(call, *fact);
        // Whoever asks has chosen whom to ask.
        if (mentions(input.file.path(), {"client"})) {
            draft.facts.push_back("assumed: the server that is asked may be hostile or broken");
            draft.confidence *= 0.75;
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
