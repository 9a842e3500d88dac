// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/type_parameters.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A count that the caller's own code reports: how much a reader read, how many elements an iterator has.
Node reportedCount(const Node &node, const RuleInput &input)
{
    const Call call = rust::toCall(node);
    if (!call.isMethod())
        return {};
    const bool reads = isOneOf(call.name, {"read", "poll_read", "read_vectored"}) && !call.arguments.empty();
    const bool counts = isOneOf(call.name, {"size_hint", "len"}) && call.arguments.empty();
    if (!reads && !counts)
        return {};
    rust::Type type = input.model.infer(call.receiver, input.file);
    while ((type.path.starts_with('&') || type.name() == "Pin") && !type.args.empty())
        type = rust::Type(type.args.front());
    for (const TypeParameter &parameter : typeParametersAround(node)) {
        if (type.path != parameter.name)
            continue;
        const bool reader = parameter.has("Read") || parameter.has("AsyncRead");
        const bool iterator = parameter.has("Iterator") || parameter.has("ExactSizeIterator");
        if ((reads && reader) || (counts && iterator))
            return node;
    }
    return reads && (type.path == "self" || type.path == "Self") ? node : Node();
}

/// What goes wrong in safe code only when the count is too large.
bool trustsCount(const Call &call)
{
    return (call.isMethod() && isOneOf(call.name, {"set_len", "advance_mut", "assume_init"}) &&
            call.arguments.size() == 1) ||
           (!call.isMethod() && isOneOf(call.name, {"from_raw_parts", "from_raw_parts_mut"}) &&
            call.arguments.size() >= 2);
}

bool isLimited(const Node &body, const Node &count, const Node &use)
{
    const Node statement = rust::statementOf(count);
    const std::vector<Node> names = rust::boundNames(statement.field("pattern"));
    for (const Node node : body.descendants()) {
        if (node.index() <= count.index() || node.index() >= use.index())
            continue;
        const bool compares =
            (node.is("macro_invocation") && mentions(rust::macroName(node), {"assert", "ensure"})) ||
            (node.is("binary_expression") &&
             isOneOf(node.field("operator").text(), {"<", "<=", ">", ">="})) ||
            isOneOf(rust::toCall(node).name, {"min", "checked_sub", "get"});
        if (!compares)
            continue;
        for (const Node &name : names) {
            if (anyIn(node, [&](const Node &at) { return at.is("identifier") && at.text() == name.text(); }))
                return true;
        }
    }
    return use.text().find(".min(") != std::string_view::npos;
}

void checkCall(const Call &call, const RuleInput &input, Reporter &reporter)
{
    const rust::Function *function = input.file.functionAt(call.node);
    if (!function || !function->body || function->isUnsafe || typeParametersAround(call.node).empty())
        return;
    // A `ReadBuf` keeps its own account of what was filled.
    if (function->body.text().find("ReadBuf") != std::string_view::npos)
        return;
    Node source;
    const auto isSource = [&](const Node &node) {
        if (!node.is("call_expression") || source)
            return false;
        source = reportedCount(node, input);
        return bool(source);
    };
    const Node count = call.arguments.back();
    if (!dependsOn(count, isSource) || isLimited(function->body, source, call.node))
        return;
    Draft draft;
    draft.at = call.node;
    draft.title =
        fittingTitle({quoted(call.node.text(), 30) + " trusts a count that the caller's type reports",
                      "Unsafe code trusts a count that the caller's type reports"});
    draft.steps = {{"caller's type", "reports more than there is, which safe code can do", source},
                   {"thread", "takes it as a fact about its memory", call.node}};
    draft.outcome =
        "Bytes or elements past the end count as initialised: undefined behaviour, caused by safe code.";
    draft.evidence = {source};
    draft.facts = {"resolved: " + quoted(source.text(), 40) + " runs code that the caller chose",
                   "resolved: nothing compares the count with what was asked for"};
    reporter.report(std::move(draft));
}

} // namespace

void check_trusted_read_count(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("set_len") && !tree.contains("advance_mut") && !tree.contains("from_raw_parts"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (trustsCount(call) && !input.file.isTest(node))
            checkCall(call, input, reporter);
    }
}

} // namespace review::rules
