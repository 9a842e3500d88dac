// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/remarks.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <optional>
#include <set>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

struct Cut {
    Node node, operand, at;
};

/// Panics when `at` is beyond the end of `operand`.
std::optional<Cut> cutAt(const Node &node)
{
    if (node.is("index_expression")) {
        const std::vector<Node> parts = node.namedChildren();
        return parts.size() == 2 ? std::optional(Cut{node, parts[0], parts[1]}) : std::nullopt;
    }
    const Call call = rust::toCall(node);
    const bool cuts = call.isMethod() && call.arguments.size() == 1 &&
                      isOneOf(call.name, {"split_at", "split_at_mut", "split_to", "split_off",
                                          "copy_to_bytes", "swap_remove", "drain", "slice"});
    return cuts ? std::optional(Cut{node, call.receiver, call.arguments.front()}) : std::nullopt;
}

/// The number that a bound of the cut is.
OutsideNumber outsideIn(const Node &at)
{
    if (!at.is("range_expression"))
        return outsideNumber(at);
    OutsideNumber number;
    for (const Node &bound : at.namedChildren()) {
        if (!number)
            number = outsideNumber(bound);
    }
    return number;
}

/// Tables with an entry for every value of a byte, and maps, which have keys.
bool coversAll(const Cut &cut, const OutsideNumber &number, const RuleInput &input)
{
    const bool table = number.bits == 8 && isConstant(rust::stripAdapters(cut.operand));
    const bool map = mentions(input.model.infer(cut.operand, input.file).peeled().name(), {"map", "slab"});
    return table || map || cut.at.is("reference_expression");
}

/// The buffer was made as long as the number says.
bool wasSizedBy(const Cut &cut, const std::vector<std::string> &places)
{
    const std::string buffer = rust::placeText(cut.operand);
    const Node made = cut.operand.is("identifier") ? rust::initialiserOf(cut.operand) : Node();
    if (made && mentionsPlace(made.text(), places))
        return true;
    for (const Node node : cut.node.ancestor({"function_item"}).field("body").descendants()) {
        const Call call = rust::toCall(node);
        const bool sizes =
            isOneOf(call.name, {"resize", "set_len", "reserve", "truncate", "take", "fill_buf"}) &&
            node.index() < cut.node.index() && rust::placeText(call.receiver) == buffer;
        if (sizes && mentionsPlace(node.text(), places))
            return true;
    }
    return false;
}

/// `let (value, used) = read_varint(bytes)?`: how much was read of the bytes is at most what they are.
bool countsWhatWasRead(const Node &at)
{
    for (const Node &name : at.is("identifier") ? std::vector<Node>{at} : at.descendants("identifier")) {
        const Node binding = rust::bindingOf(name);
        const Node pattern = binding.is("let_declaration") ? binding.field("pattern") : binding;
        for (const Node tuple : pattern.is("tuple_pattern") ? std::vector<Node>{pattern}
                                                            : pattern.descendants("tuple_pattern")) {
            const std::vector<Node> parts = tuple.namedChildren(); // without `_`
            const bool first = compact(tuple.text()).starts_with("(" + std::string(name.text()) + ",");
            if (!first && std::any_of(parts.begin(), parts.end(),
                                      [&](const Node &part) { return part.text() == name.text(); }))
                return true;
        }
    }
    return false;
}

/// The author refuses other lengths of the same kind, or decodes what a peer sends or a foreign file holds.
/// What this program has written itself can be trusted where nothing damages it.
double doubtOfInput(const Cut &cut, const rust::File &file)
{
    const rust::Function *function = file.functionAt(cut.node);
    const bool wire = mentions(file.path(), {"packet", "frame", "proto", "wire", "net/", "rpc", "codec",
                                             "dns", "tls", "parquet/", "message", "parser"});
    const std::string asks = rust::placeText(cut.operand) + ".len()";
    const bool refuses = function && anyIn(function->body, [&](const Node &node) {
                             return node.is("if_expression") && rust::diverges(node.field("consequence")) &&
                                    compact(node.field("condition").text()).find(asks) != std::string::npos;
                         });
    return wire || refuses ? 1 : 0.7;
}

Draft makeDraft(const Cut &cut, const OutsideNumber &number)
{
    const std::string code = quoted(cut.node.text(), 30);
    Draft draft;
    draft.at = cut.node;
    draft.title =
        fittingTitle({code + " panics on a length from outside", "A length from outside is sliced by"});
    draft.steps = {{"input", "holds a number that is larger than what follows", number.source},
                   {"decoder", "slices " + quoted(cut.operand.text(), 24) + " by it and panics", cut.node}};
    draft.outcome = "One short input ends the task that decodes it, and with it the connection or the node.";
    draft.evidence = {number.source};
    draft.facts = {"resolved: the bound is read by " + quoted(number.source.text(), 40),
                   "resolved: nothing before compares it with the length"};
    return draft;
}

} // namespace

void check_slice_by_wire_length(const RuleInput &input, Reporter &reporter)
{
    if (!readsNumbers(input.file))
        return;
    std::set<std::uint32_t> told; // sources: one slice says it for the others
    for (const std::string_view kind : {"index_expression", "call_expression"}) {
        for (const Node &node : input.file.root().descendants(kind)) {
            const auto cut = cutAt(node);
            const OutsideNumber number = cut ? outsideIn(cut->at) : OutsideNumber();
            if (!number || isTestOrTool(node, input.file) || coversAll(*cut, number, input) ||
                countsWhatWasRead(cut->at))
                continue;
            // The author says why one byte cannot be too much.
            if (number.bits == 8 && mentions(remarkOn(rust::statementOf(number.source)),
                                             {"never", "cannot", "can't", "always", "overflow"}))
                continue;
            // What was asked of the buffer before the number was read says nothing about the number.
            const std::vector<std::string> places = placesIn(cut->at, number.source);
            if (!isCheckedBefore(node, places) && !wasSizedBy(*cut, places) &&
                told.insert(number.source.index()).second) {
                Draft draft = makeDraft(*cut, number);
                draft.confidence = doubtOf(node, input.file) * doubtOfInput(*cut, input.file);
                reporter.report(std::move(draft));
            }
        }
    }
}

} // namespace review::rules
