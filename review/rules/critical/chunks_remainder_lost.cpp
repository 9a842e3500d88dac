// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/checks.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <string>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The function knows that nothing is left over, or what to do with it.
bool caresForRest(std::string_view text, const std::string &size)
{
    return hasAny(text, {"remainder", ".take(", "as_chunks", "is_multiple_of", "div_ceil", "next_multiple_of",
                         "align"}) ||
           hasAny(text, {"% ", "& 0x", "/ ", "checked_rem"}) ||
           text.find("* " + size) != std::string_view::npos ||
           text.find("% " + size) != std::string_view::npos;
}

/// The slice has a length that was made for it: an array, a slice of a fixed range, a constant's bytes.
bool hasFixedLength(const Node &slice, const RuleInput &input)
{
    const rust::Type type = input.model.infer(slice, input.file);
    const rust::Type &peeled = type.peeled();
    return (peeled.path == "[]" && peeled.args.size() > 1) || slice.is("index_expression") ||
           slice.text().find("..") != std::string_view::npos;
}

/// The parameter that holds bytes, whose length its caller chose.
bool isParameter(const Node &slice, const RuleInput &input)
{
    const Node root = slice.is("identifier") ? rust::bindingOf(slice) : Node();
    if (!root.is("parameter"))
        return false;
    const std::string type = compact(root.field("type").text());
    return hasAny(type, {"[u8]", "Vec<u8>", "Bytes"}) && !input.file.isTest(slice);
}

} // namespace

void check_chunks_remainder_lost(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("chunks_exact"))
        return;
    for (const Call &call : callsNamed({"chunks_exact", "chunks_exact_mut"}, input.file)) {
        const rust::Function *function = input.file.functionAt(call.node);
        if (!call.isMethod() || call.arguments.size() != 1 || !function ||
            isTestOrTool(call.node, input.file))
            continue;
        const Node size = call.arguments.front();
        const std::string sizeText = compact(size.text());
        if (sizeText == "1" || !(isConstant(size) || sizeText.find("size_of") != std::string::npos) ||
            !isParameter(call.receiver, input) || hasFixedLength(call.receiver, input) ||
            caresForRest(function->body.text(), sizeText) ||
            isCheckedBefore(call.node, {std::string(call.receiver.text())}))
            continue;
        const std::string name = quoted(call.receiver.text(), 20);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({"The last bytes of " + name + " are dropped without a word",
                                    "The last bytes are dropped without a word"});
        draft.steps = {{"caller",
                        "hands over bytes whose number is no multiple of " + quoted(size.text(), 30),
                        call.receiver},
                       {quoted(function->name, 30), "goes through whole chunks only", call.node}};
        draft.outcome =
            "What is left over is neither used nor reported: a truncated file or message counts as whole.";
        draft.facts = {"resolved: nothing looks at the length or at `remainder()`",
                       "assumed: callers may hand over any number of bytes"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
