// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/collections.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The sequence that a call goes through from the start: `v.contains(x)`, `v.iter().any(..)`; null for
/// others.
Node searched(const Call &call, const RuleInput &input)
{
    if (!call.isMethod())
        return {};
    Node sequence = call.receiver;
    if (call.name != "contains" && call.name != "retain" && call.name != "remove") {
        const Call iter = rust::toCall(call.receiver);
        if (!iter.isMethod() || !isOneOf(iter.name, {"iter", "iter_mut"}) || !iter.arguments.empty())
            return {};
        sequence = iter.receiver;
    }
    if (call.name == "remove" && (call.arguments.size() != 1 ||
                                  call.arguments.front().text().find("position") == std::string_view::npos))
        return {};
    return rust::placeText(sequence).empty() || containerOf(sequence, input) != Container::Sequence
               ? Node()
               : sequence;
}

/// The loop or closure makes the sequence longer: it is as long as what the loop runs over.
Node growthIn(const Node &loop, const std::string &place)
{
    for (const Call &call : callsNamed({"push", "extend", "push_back", "insert"}, loop)) {
        if (call.isMethod() && rust::placeText(call.receiver) == place)
            return call.node;
    }
    return {};
}

/// What a loop or an adapter's closure runs over, without `iter()` and the like.
std::string runsOver(const Node &loop)
{
    Node value =
        loop.is("for_expression") ? loop.field("value") : rust::toCall(loop.parent().parent()).receiver;
    while (true) {
        if (value.is("reference_expression"))
            value = value.field("value");
        else if (const Call call = rust::toCall(value); call.isMethod())
            value = call.receiver;
        else
            return rust::placeText(value);
    }
}

/// The branch that searches is left for good right after, so that it happens once.
bool happensOnce(const Node &search, const Node &loop)
{
    for (Node at = search; at && at != loop; at = at.parent()) {
        if (at.is("block") && rust::diverges(at) && at.parent().is("if_expression") && at.parent() != loop)
            return at.text().find("continue") == std::string_view::npos;
    }
    return false;
}

bool isShort(const Node &sequence, const RuleInput &input)
{
    const rust::Type inferred = input.model.infer(sequence, input.file);
    const rust::Type &type = inferred.peeled();
    // Arrays of literals, and `[u8]` or text, which are searched by a word at a time.
    return isOneOf(type.name(), {"SmallVec", "ArrayVec"}) ||
           (!type.args.empty() && isOneOf(type.args.front().peeled().name(), {"u8", "char"})) ||
           mentions(sequence.text(), {"const", "allowed", "reserved", "extension", "suffix", "prefix"}) ||
           (sequence.text().find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos);
}

} // namespace

void check_linear_search_in_loop(const RuleInput &input, Reporter &reporter)
{
    for (const Call &call :
         callsNamed({"contains", "any", "position", "find", "retain", "remove"}, input.file)) {
        const Node loop = repeatedBy(call.node);
        if (!loop || loop.is("loop_expression") || loop.is("while_expression"))
            continue;
        const Node sequence = searched(call, input);
        if (!sequence || isMadeInside(sequence, loop) || isShort(sequence, input) ||
            happensOnce(call.node, loop))
            continue;
        const std::string place = rust::placeText(sequence);
        const Node growth = growthIn(loop, place);
        const std::string over = runsOver(loop);
        const bool itself = !over.empty() && over == place;
        const rust::Function *function = input.file.functionAt(call.node);
        if (!function || mentions(function->name,
                                  {"config", "parse_arg", "setup", "new", "build", "init", "debug", "valid"}))
            continue;
        const std::string shown = quoted(place, 24);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({shown + " is searched from the start for each element",
                                    "A sequence is searched from the start for each element"});
        draft.steps = {{"loop", "takes the next element", loop},
                       {"loop", "goes through " + shown + " with " + quoted(call.name, 16), call.node}};
        draft.outcome = "The work grows with the product of both lengths.";
        draft.facts = {"resolved: " + shown + " is a sequence that lives outside of the loop"};
        if (growth) {
            draft.facts.push_back("resolved: the loop itself makes it longer");
            draft.evidence = {growth};
        } else if (itself) {
            draft.facts.push_back("resolved: the loop runs over the same sequence");
        } else {
            draft.facts.push_back("assumed: it can grow long");
            draft.confidence = 0.6;
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
