// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isUnbounded(const Call &call, const rust::File &file)
{
    if (call.isMethod() || !call.arguments.empty() || !isOneOf(call.name, {"unbounded_channel", "unbounded"}))
        return false;
    const std::string path = file.resolve(call.path);
    if (isOneOf(path, {"tokio::sync::mpsc::unbounded_channel", "futures::channel::mpsc::unbounded",
                       "futures_channel::mpsc::unbounded", "crossbeam::channel::unbounded",
                       "crossbeam_channel::unbounded", "flume::unbounded", "async_channel::unbounded",
                       "kanal::unbounded", "kanal::unbounded_async"}))
        return true;
    // `mpsc::unbounded_channel()` through a module of that name.
    return path.ends_with("mpsc::unbounded_channel");
}

/// Few messages by their nature: signals, control, answers to one question.
bool isControl(std::string_view text)
{
    return mentions(text, {"shutdown", "stop", "signal", "notif", "control", "ctrl", "cancel", "exit",
                           "close", "wake", "abort", "kill", "terminat", "ready", "error", "report"});
}

/// Names of what requests and peers send.
bool isWork(std::string_view text)
{
    return mentions(text, {"request", "entr",  "frame",   "messag", "msg",    "command", "write",
                           "ingest",  "conn",  "client",  "event",  "packet", "task",    "job",
                           "outbox",  "inbox", "mailbox", "append", "replic", "propos"});
}

/// The caller of a function that only makes channels decides what they are for.
bool isFactory(const rust::Function *function)
{
    return function && mentions(function->name, {"channel", "unbounded", "dummy"});
}

/// A comment near the statement says what bounds the queue, or why nothing does.
bool saysBound(const Node &statement)
{
    const git::Lines &lines = statement.tree()->lines();
    const std::uint32_t line = statement.lines().begin;
    for (std::uint32_t i = line > 2 ? line - 3 : 0; i < statement.lines().end; ++i) {
        const std::string_view text = lines[i];
        const std::size_t comment = text.find("// ");
        if (comment != std::string_view::npos &&
            mentions(text.substr(comment),
                     {" bound", " unbounded", "limit", "at most", "back-pressure", "backpressure"}))
            return true;
    }
    return false;
}

bool carriesNothing(const Call &call)
{
    const std::string text = compact(call.node.field("function").text());
    return text.ends_with("<()>") || text.ends_with("<bool>");
}

} // namespace

void check_unbounded_channel(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("unbounded"))
        return;
    for (const Call &call : rust::callsIn(input.file.root())) {
        if (!isUnbounded(call, input.file) || carriesNothing(call))
            continue;
        const Node statement = rust::statementOf(call.node);
        const Node pattern = statement.field("pattern");
        const Node type = statement.field("type");
        const std::string words = std::string(pattern.text()) + ' ' + std::string(type.text()) + ' ' +
                                  std::string(call.node.field("function").field("type_arguments").text());
        if (isControl(words) || saysBound(statement) || isFactory(input.file.functionAt(call.node)))
            continue;
        const std::string name = pattern ? quoted(pattern.text(), 34) : "this channel";
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({"The queue behind " + name + " has no bound", "A channel has no bound"});
        draft.steps = {{"senders", "queue a message for each request and go on at once", call.node},
                       {"receiver", "is slower than they are for a while", call.node}};
        draft.outcome = "The queue grows until memory ends, and the process is killed with everything in it.";
        draft.facts = {"resolved: `" + input.file.resolve(call.path) + "` makes a channel without a limit",
                       "assumed: what is sent comes from requests or peers"};
        draft.confidence = isWork(words) || isWork(input.file.itemAt(call.node)) ? 1.0 : 0.8;
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
