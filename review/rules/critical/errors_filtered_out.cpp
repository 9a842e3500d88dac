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

/// `.filter_map(Result::ok)`, `.filter_map(|r| r.ok())`, `.flat_map(|r| r)`, `.flatten()` on Results.
bool dropsErrors(const Call &call)
{
    if (!call.isMethod())
        return false;
    if (call.name == "flatten")
        return call.arguments.empty();
    if (!isOneOf(call.name, {"filter_map", "flat_map"}) || call.arguments.size() != 1)
        return false;
    const std::string argument = compact(call.arguments.front().text());
    if (argument == "Result::ok" || argument == "|r|r" || argument == "|x|x")
        return true;
    const std::size_t bar = argument.find('|', 1);
    if (!argument.starts_with('|') || bar == std::string::npos)
        return false;
    const std::string name = argument.substr(1, bar - 1);
    return argument.substr(bar + 1) == name + ".ok()";
}

/// The call that makes an iterator of Results: entries of a directory, lines of a reader, rows.
std::optional<Call> sourceOf(const Call &call)
{
    Node node = call.receiver;
    for (int steps = 0; node && steps < 8; ++steps) {
        node = rust::stripAdapters(node);
        const Call inner = rust::toCall(node);
        if (!inner)
            return {};
        if (isOneOf(inner.name, {"read_dir", "lines", "entries", "incoming", "query_map", "iterator",
                                 "iter_cf", "records", "deserialize", "walkdir"}) ||
            inner.path.ends_with("WalkDir::new"))
            return inner;
        if (!inner.isMethod())
            return {};
        node = inner.receiver;
    }
    return {};
}

/// `lines()` of a text cannot fail; of a reader it can.
bool canFail(const Call &source, const RuleInput &input)
{
    if (source.name != "lines" && source.name != "entries")
        return true;
    const rust::Type type = input.model.infer(source.receiver, input.file);
    if (type.known())
        return mentions(type.peeled().name(), {"reader", "stdin", "file", "stream", "lock"});
    return mentions(source.receiver.text(), {"reader", "bufread", "file", "stdin"});
}

Draft makeDraft(const Call &call, const Call &source)
{
    const std::string code = quoted(call.name, 20);
    Draft draft;
    draft.at = call.arguments.empty() ? call.node : call.arguments.front();
    draft.title =
        fittingTitle({code + " drops the errors of " + quoted(source.name, 26), "Errors are filtered out"});
    draft.steps = {{"disk or peer", quoted(source.name, 26) + " fails for one item, or for all that follow",
                    source.node},
                   {"code", code + " leaves the error out without a word", draft.at}};
    draft.outcome =
        "The result is shorter than it should be and looks complete; a reader that keeps failing is asked "
        "for ever.";
    draft.evidence = {source.node};
    draft.facts = {"resolved: " + quoted(source.node.text(), 40) + " gives a Result for each item"};
    return draft;
}

} // namespace

void check_errors_filtered_out(const RuleInput &input, Reporter &reporter)
{
    if (isTool(input.file))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!call || !dropsErrors(call))
            continue;
        const auto source = sourceOf(call);
        if (source && canFail(*source, input) && !input.file.isTest(node))
            reporter.report(makeDraft(call, *source));
    }
}

} // namespace review::rules
