// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/handlers.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// `Status::internal(..)` or `Status::unknown(..)`: says to the client that nothing is known.
bool saysNothing(const Call &call)
{
    return call.path.ends_with("Status::internal") || call.path.ends_with("Status::unknown");
}

/// The closure turns whatever error comes into that status: `|e| Status::internal(e.to_string())`.
bool flattens(const Node &closure)
{
    const Node body = closure.field("body");
    if (closure.is("scoped_identifier"))
        return compact(closure.text()).ends_with("Status::internal");
    const Call call = rust::toCall(body);
    return closure.is("closure_expression") && call && saysNothing(call);
}

/// What the client sent is what fails here: parsing, decoding, looking up.
bool isCallersFault(std::string_view name)
{
    return isOneOf(name, {"parse", "decode", "try_into", "try_from", "from_str", "from_utf8", "from_slice",
                          "parse_str", "validate", "deserialize", "from_bytes"});
}

/// What is parsed is a part of the request: settings and the output of a program are the server's own.
bool isOfRequest(const Call &source, const rust::Function &handler)
{
    const Node value = source.isMethod()          ? source.receiver
                       : source.arguments.empty() ? Node()
                                                  : source.arguments.front();
    const IsSource isParameter = [&](const Node &node) {
        const Node binding = node.is("identifier") ? rust::bindingOf(node) : Node();
        return binding.is("parameter") && binding.isInside(handler.node.field("parameters"));
    };
    return value && bool(originOf(value, isParameter, [](const Call &call) { return bool(call); }));
}

/// What is parsed was put together here: that it is refused is the server's own fault.
bool isOwnText(const Call &source)
{
    const Node value = rust::stripAdapters(
        source.isMethod() || source.arguments.empty() ? source.receiver : source.arguments[0]);
    const Node made = value.is("identifier") ? rust::initialiserOf(value) : value;
    return made && anyIn(made, [](const Node &node) { return rust::macroName(node) == "format"; });
}

} // namespace

void check_status_flattened(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("Status::") || !tree.contains("tonic"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (!call.isMethod() || call.name != "map_err" || call.arguments.size() != 1 ||
            !flattens(call.arguments.front()))
            continue;
        const Call source = rust::toCall(rust::stripAdapters(call.receiver));
        const rust::Function *function = input.file.functionAt(node);
        if (!source || !isCallersFault(source.name) || !function || !handlerOf(*function) ||
            isOwnText(source) || !isOfRequest(source, *function))
            continue;
        const std::string name = quoted(source.name, 20);
        const Node status = call.arguments.front();
        Draft draft;
        draft.at = node;
        draft.title = fittingTitle({"A bad request is answered as an internal error after " + name});
        draft.steps = {{"client", "sends a value that " + name + " refuses", source.node},
                       {"handler", "answers `INTERNAL`, as if the server were broken", status}};
        draft.outcome =
            "The client retries what can't succeed, and alerts on internal errors fire for bad input.";
        draft.facts = {"resolved: each error of " + name + " becomes `Status::internal`"};
        const std::string code(status.text());
        const std::size_t at = code.find("Status::internal");
        if (at != std::string::npos) {
            const std::uint32_t begin = status.bytes().begin + static_cast<std::uint32_t>(at) + 8;
            draft.edits.push_back({{begin, begin + 8}, "invalid_argument"});
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
