// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
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

struct Subtraction {
    Node node, left, right;
    bool assigns = false; ///< `a -= b`
};

std::optional<Subtraction> subtractionAt(const Node &node)
{
    const bool assigns = node.is("compound_assignment_expr");
    if (!assigns && !node.is("binary_expression"))
        return {};
    if (node.field("operator").text() != (assigns ? "-=" : "-"))
        return {};
    return Subtraction{node, node.field("left"), node.field("right"), assigns};
}

/// A comment or a debug assertion before says why it cannot.
bool isExplained(const Subtraction &subtraction)
{
    const Node body = rust::bodyOf(subtraction.node);
    std::string_view before = body.text().substr(0, subtraction.node.bytes().begin - body.bytes().begin);
    before = before.substr(before.size() - std::min<std::size_t>(before.size(), 400));
    return mentions(before, {"debug_assert", "overflow", "underflow"});
}

/// Arithmetic on a value that may be below zero, or on no integer at all.
bool isSignedOrFloat(const Subtraction &subtraction, const RuleInput &input)
{
    const std::string_view text = subtraction.node.text();
    for (const std::string_view type : {"f32", "f64", "i64", "i32", "isize", "i128", "i16", "Duration"})
        if (text.find(type) != std::string_view::npos)
            return true;
    const rust::Type type = input.model.infer(subtraction.left, input.file);
    return type.known() && !isOneOf(type.path, {"u8", "u16", "u32", "u64", "u128", "usize"});
}

struct Verdict {
    Node source;
    std::string fact;
    std::string actor;
    double confidence = 1;
};

std::optional<Verdict> judged(const Subtraction &subtraction)
{
    if (isConstant(subtraction.left))
        return {};
    const OutsideNumber left = outsideNumber(subtraction.left);
    const OutsideNumber right = left ? left : outsideNumber(subtraction.right);
    // An unwrapped read says that the bytes were validated before.
    const bool validated = isOneOf(rust::toCall(rust::withAdapters(right.source)).name, {"unwrap", "expect"});
    // `n - n % 100` is never below zero.
    const bool rounds = subtraction.right.text().find('%') != std::string_view::npos;
    if (right && !validated && !rounds && !right.type.starts_with('i')) {
        const Node side = left ? subtraction.left : subtraction.right;
        return Verdict{right.source,
                       "resolved: " + quoted(side.text(), 30) + " is read by " +
                           quoted(right.source.text(), 40),
                       "input", 1};
    }
    return {};
}

Draft makeDraft(const Subtraction &subtraction, const Verdict &verdict)
{
    const std::string code = quoted(subtraction.node.text(), 30);
    const std::string left = quoted(subtraction.left.text(), 24);
    Draft draft;
    draft.at = subtraction.node;
    draft.title = fittingTitle({code + " underflows when " + left + " is smaller", code + " may underflow",
                                "A subtraction may underflow"});
    draft.steps = {{verdict.actor, "has " + left + " be smaller than " + quoted(subtraction.right.text(), 24),
                    verdict.source},
                   {"code",
                    "computes " + code + ": a panic in debug builds, a number near 2⁶⁴ in release builds",
                    subtraction.node}};
    draft.outcome =
        "The task panics, or goes on with a huge number as a length, an index or the end of a loop.";
    draft.evidence = {verdict.source};
    draft.facts = {verdict.fact, "resolved: nothing before compares the two"};
    draft.confidence = verdict.confidence;
    return draft;
}

} // namespace

void check_unchecked_sub(const RuleInput &input, Reporter &reporter)
{
    if (!readsNumbers(input.file))
        return;
    for (const std::string_view kind : {"binary_expression", "compound_assignment_expr"}) {
        for (const Node &node : input.file.root().descendants(kind)) {
            const auto subtraction = subtractionAt(node);
            if (!subtraction || isTestOrTool(node, input.file) ||
                node.ancestor({"const_item", "static_item", "array_type"}))
                continue;
            const auto verdict = judged(*subtraction);
            if (!verdict || isSignedOrFloat(*subtraction, input))
                continue;
            std::vector<std::string> places = placesIn(subtraction->left, verdict->source);
            for (std::string &place : placesIn(subtraction->right, verdict->source))
                places.push_back(std::move(place));
            if (isCheckedBefore(node, places))
                continue;
            Draft draft = makeDraft(*subtraction, *verdict);
            draft.confidence *= doubtOf(node, input.file) * (isExplained(*subtraction) ? 0.7 : 1);
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
