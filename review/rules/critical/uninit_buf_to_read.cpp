// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/type_parameters.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The call that makes a slice over memory nobody wrote; null if the expression is none. Lets are followed.
Node uninitSlice(Node expression, int depth = 0)
{
    expression = rust::stripAdapters(expression);
    if (expression.is("unsafe_block"))
        expression = expression.firstNamedChild().namedChildren().empty()
                         ? Node()
                         : expression.firstNamedChild().namedChildren().back();
    if (expression.is("identifier") && depth < 3)
        return uninitSlice(rust::initialiserOf(expression), depth + 1);
    const Call call = rust::toCall(expression);
    if (call.name == "from_raw_parts_mut" && call.arguments.size() == 2) {
        const std::string from = compact(call.arguments.front().text());
        const bool spare = from.find(".as_mut_ptr().add(") != std::string::npos &&
                           from.find("len") != std::string::npos &&
                           compact(call.arguments.back().text()).find("cap") != std::string::npos;
        const bool uninit = from.find("spare_capacity_mut") != std::string::npos ||
                            from.find("MaybeUninit") != std::string::npos ||
                            from.find("chunk_mut()") != std::string::npos;
        return spare || uninit ? call.node : Node();
    }
    if (isOneOf(call.name, {"slice_assume_init_mut", "assume_init_mut"}))
        return call.node;
    return {};
}

/// The reader's code is the caller's: a type parameter, `dyn Read`, `impl Read`.
bool isForeignReader(const Call &call, const RuleInput &input)
{
    const rust::Type type = input.model.infer(call.receiver, input.file);
    const rust::Type &reader = type.peeled();
    if (isOneOf(reader.path, {"dyn", "impl"}))
        return true;
    const auto parameters = typeParametersAround(call.node);
    return std::ranges::any_of(parameters,
                               [&](const TypeParameter &parameter) { return parameter.name == reader.path; });
}

} // namespace

void check_uninit_buf_to_read(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("from_raw_parts_mut") && !tree.contains("assume_init_mut"))
        return;
    for (const Call &call : rust::callsIn(input.file.root())) {
        if (!call.isMethod() || !isOneOf(call.name, {"read", "read_exact", "read_at", "read_exact_at"}) ||
            call.arguments.empty() || input.file.isTest(call.node))
            continue;
        const Node slice = uninitSlice(call.arguments.front());
        if (!slice || !isForeignReader(call, input))
            continue;
        const std::string name = quoted(call.receiver.text(), 20);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({"The caller's " + name + " is handed memory that was never written",
                                    "A reader of the caller is handed memory that was never written"});
        draft.steps = {
            {"thread", "makes a `&mut [u8]` over memory that nobody wrote", slice},
            {"thread", "hands it to " + name + ", whose code is the caller's", call.node},
            {"reader", "looks at the buffer before it writes, or says it wrote more than it did", call.node}};
        draft.outcome = "Safe code reads uninitialised memory: undefined behaviour, or old secrets of the "
                        "process in the data.";
        draft.facts = {"resolved: the slice covers memory that is reserved and not written",
                       "resolved: the reader is of a type that the caller chooses"};
        draft.evidence = {slice};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
