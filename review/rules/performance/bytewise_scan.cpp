// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// "b'\n'" of `|b| *b == b'\n'`, `|&b| b == 0`; empty for other closures.
std::string soughtByte(const Node &closure)
{
    const Node body = closure.field("body");
    if (!closure.is("closure_expression") || !body.is("binary_expression") ||
        body.field("operator").text() != "==")
        return {};
    const Node right = body.field("right");
    const bool byte = right.is("char_literal") && right.text().starts_with("b'");
    return byte ? std::string(right.text()) : std::string();
}

/// `for b in bytes { if *b == b'\n' { count += 1; } }`: the loop's whole body counts one byte.
std::string countedByte(const Node &loop)
{
    const auto statements = loop.field("body").namedChildren();
    if (statements.size() != 1)
        return {};
    Node branch = statements.front();
    if (branch.is("expression_statement"))
        branch = branch.firstNamedChild();
    const Node condition = branch.field("condition");
    if (!branch.is("if_expression") || branch.field("alternative") || !condition.is("binary_expression") ||
        condition.field("operator").text() != "==" || !condition.field("right").text().starts_with("b'"))
        return {};
    const std::string body = compact(branch.field("consequence").text());
    return body.ends_with("+=1;}") || body.ends_with("+=1}") ? std::string(condition.field("right").text())
                                                             : std::string();
}

void report(const Node &at, const std::string &byte, bool counts, Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    const std::string what = counts ? "counted" : "searched";
    draft.title = fittingTitle({quoted(byte, 12) + " is " + what + " byte by byte"});
    draft.steps = {{"thread", "compares one byte in each round", at}};
    draft.outcome = "A search that compares 16 or 32 bytes at once does the same in a fraction of the time.";
    draft.facts = {"resolved: the comparison is with one constant byte"};
    reporter.report(std::move(draft));
}

} // namespace

void check_bytewise_scan(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("== b'") || isTool(input.file))
        return;
    for (const Call &call : callsNamed({"position", "rposition", "filter"}, input.file)) {
        const Call source = rust::toCall(call.receiver);
        if (!call.isMethod() || call.arguments.size() != 1 || source.name != "iter" ||
            input.file.isTest(call.node))
            continue;
        const std::string byte = soughtByte(call.arguments.front());
        const Node outer = call.node.parent().is("field_expression") ? call.node.parent().parent() : Node();
        const bool counts = call.name == "filter" && rust::toCall(outer).name == "count";
        // A search in a few bytes is over before a faster one has begun.
        if (byte.empty() || (call.name == "filter" && !counts) ||
            mentions(source.receiver.text(), {"line", "name", "key", "word", "token", "[.."}))
            continue;
        report(call.node, byte, counts, reporter);
    }
    for (const Node &loop : input.file.root().descendants("for_expression")) {
        const std::string byte = input.file.isTest(loop) ? std::string() : countedByte(loop);
        if (!byte.empty())
            report(loop, byte, true, reporter);
    }
}

} // namespace review::rules
