// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// Waits for the next item of something that can end, and then fails at once for ever.
bool receives(const Call &call)
{
    if (!call.isMethod())
        return false;
    if (isOneOf(call.name, {"recv", "next", "changed", "accept"}))
        return call.arguments.empty();
    return isOneOf(call.name, {"read_line", "read", "recv_from", "read_until", "read_frame", "read_exact"});
}

bool isEndingPattern(std::string_view pattern)
{
    return pattern == "_" || pattern == "None" || pattern == "Err(_)" || pattern == "Ok(None)" ||
           pattern == "Err(..)" || pattern.starts_with("Err(e") || pattern.starts_with("Err(_e");
}

/// Goes round again without a pause and without looking at what happened.
bool onlyContinues(const Node &value)
{
    std::vector<Node> statements = value.is("block") ? value.namedChildren() : std::vector<Node>{value};
    if (statements.empty())
        return false;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        const Node statement =
            statements[i].is("expression_statement") ? statements[i].firstNamedChild() : statements[i];
        const bool logs =
            isOneOf(rust::macroName(statement), {"error", "warn", "info", "debug", "trace", "eprintln"});
        const bool last = i + 1 == statements.size();
        if (last ? !statement.is("continue_expression") : !logs)
            return false;
    }
    return true;
}

/// Datagrams and listeners have errors of one peer; a broadcast receiver lags.
double doubt(const Call &call, const std::string &type, std::string_view pattern)
{
    if (isOneOf(call.name, {"accept", "recv_from"}) || mentions(type, {"broadcast", "udp", "listener"}))
        return 0;
    if (type.ends_with("Receiver") || type.ends_with("Stream"))
        return 1;
    return pattern == "None" || pattern == "_" ? 0.85 : 0.7;
}

Draft makeDraft(const Node &arm, const Call &call, const Node &loop)
{
    const std::string code = quoted(call.node.text(), 30);
    Draft draft;
    draft.at = arm;
    draft.title = fittingTitle(
        {"The loop spins once " + code + " has ended", "The loop spins once its source has ended"});
    draft.steps = {{"sender", "goes away; the source has ended", call.node},
                   {"loop", code + " returns at once, and " + quoted(arm.text(), 30) + " asks again", arm}};
    draft.outcome =
        "The loop takes a whole core and never ends; on a current-thread runtime nothing else runs.";
    draft.evidence = {loop};
    draft.facts = {"resolved: the arm neither leaves the loop nor waits",
                   "assumed: " + code + " keeps failing once it has failed for good"};
    return draft;
}

} // namespace

void check_failed_receive_continues(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("continue"))
        return;
    for (const Node &node : input.file.root().descendants("match_arm")) {
        if (!node.is("match_arm"))
            continue;
        const std::string pattern = compact(node.field("pattern").text());
        if (!isEndingPattern(pattern) || !onlyContinues(node.field("value")))
            continue;
        const Node match = node.parent().parent();
        const Call call = rust::toCall(rust::stripAdapters(match.field("value")));
        const Node loop = rust::loopAround(match);
        // Behind an unwrap or a `?` the other arms are other items.
        const bool wrapped = match.field("value").is("try_expression") ||
                             isOneOf(rust::toCall(match.field("value")).name, {"unwrap", "expect", "ok"});
        if (wrapped && pattern == "_")
            continue;
        if (!call || !receives(call) || !loop || loop.is("for_expression") || isTestOrTool(node, input.file))
            continue;
        const rust::Type type = input.model.infer(call.receiver, input.file);
        Draft draft = makeDraft(node, call, loop);
        draft.confidence = doubt(call, type.peeled().path, pattern);
        if (draft.confidence > 0)
            reporter.report(std::move(draft));
    }
}

} // namespace review::rules
