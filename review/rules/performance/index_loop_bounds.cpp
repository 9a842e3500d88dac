// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <set>
#include <vector>

namespace review::rules {
namespace {

using rust::Node;

/// The slices that are read or written at `name` itself; empty when the name serves for anything else.
std::set<std::string> slicesAt(std::string_view name, const Node &body)
{
    std::set<std::string> slices;
    for (const Node &use : rust::usesOf(name, body)) {
        const Node indexed = use.parent();
        const auto parts = indexed.is("index_expression") ? indexed.namedChildren() : std::vector<Node>();
        const std::string slice =
            parts.size() == 2 && parts.back() == use ? rust::placeText(parts.front()) : std::string();
        if (slice.empty())
            return {};
        slices.insert(slice);
    }
    return slices;
}

/// The body is arithmetic: sums, products, differences; no call but plain numbers' own.
bool isArithmetic(const Node &body)
{
    bool computes = false;
    for (const Node &node : body.descendants()) {
        if (node.is("call_expression")) {
            const rust::Call call = rust::toCall(node);
            if (!call.isMethod() ||
                !(call.name.starts_with("wrapping_") || call.name.starts_with("saturating_") ||
                  isOneOf(call.name,
                          {"abs", "mul_add", "powi", "sqrt", "min", "max", "abs_diff", "count_ones"})))
                return false;
            computes = true;
        }
        if (node.isAny({"if_expression", "match_expression", "while_expression", "for_expression",
                        "loop_expression", "macro_invocation", "await_expression", "unsafe_block"}))
            return false;
        computes = computes || node.is("compound_assignment_expr") ||
                   (node.is("binary_expression") &&
                    isOneOf(node.field("operator").text(), {"*", "+", "-", "^", "&", "|"}));
    }
    return computes;
}

/// The number of rounds is a constant, so that the compiler knows it where the lengths are known.
bool isFixed(const Node &end)
{
    const std::string_view text = end.text();
    const bool upper = std::ranges::none_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
    return end.is("integer_literal") || upper || text.find("::") != std::string_view::npos;
}

/// The lengths were compared or the slices cut before, so that the compiler knows the bounds.
bool isBounded(const Node &loop, const std::set<std::string> &slices)
{
    const Node body = rust::bodyOf(loop);
    const std::string_view before = body.text().substr(0, loop.bytes().begin - body.bytes().begin);
    return hasAny(before, {"assert", "split_at", "chunks_exact", "as_chunks"}) ||
           std::ranges::any_of(slices, [&](const std::string &slice) {
               return before.find(slice + "[..") != std::string_view::npos;
           });
}

} // namespace

void check_index_loop_bounds(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains(" in 0..") || isTool(input.file))
        return;
    for (const Node &loop : input.file.root().descendants("for_expression")) {
        const Node range = loop.field("value");
        const Node pattern = loop.field("pattern");
        const Node body = loop.field("body");
        if (!range.is("range_expression") || !range.text().starts_with("0..") || !pattern.is("identifier") ||
            input.file.isTest(loop) || body.namedChildren().size() > 4 || !isArithmetic(body))
            continue;
        const std::set<std::string> slices = slicesAt(pattern.text(), body);
        // A constant bound over arrays is unrolled and checked when it is compiled.
        const Node end = range.namedChildren().empty() ? Node() : range.namedChildren().back();
        if (slices.size() < 2 || isFixed(end) || isBounded(loop, slices))
            continue;
        const std::string one = quoted(*slices.begin(), 16);
        const std::string other = quoted(*slices.rbegin(), 16);
        Draft draft;
        draft.at = loop;
        draft.title = fittingTitle({one + " and " + other + " are checked for their bounds in each round",
                                    "Slices are checked for their bounds in each round"});
        draft.steps = {
            {"thread", "compares " + quoted(pattern.text()) + " with the length of each slice, in each round",
             loop},
            {"compiler", "may not compute several rounds at once, as any of them may panic", body}};
        draft.outcome =
            "A loop that vector instructions would do several times as fast runs element by element.";
        draft.facts = {"resolved: " + quoted(pattern.text()) + " is used as an index only",
                       "resolved: nothing says before the loop that the slices are long enough"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
