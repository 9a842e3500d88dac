// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Function;
using rust::Node;

/// "avx2" of `#[target_feature(enable = "avx2")]`; empty if there is none.
std::string wantedFeature(const Function &function)
{
    for (const std::string &attribute : function.attributes) {
        if (!attribute.starts_with("target_feature"))
            continue;
        const std::size_t open = attribute.find('"');
        const std::size_t close = attribute.find('"', open + 1);
        if (close != std::string::npos)
            return attribute.substr(open + 1, close - open - 1);
    }
    return {};
}

/// The text asks what the processor can do, or is compiled only where it is known.
bool asks(std::string_view text)
{
    return mentions(text,
                    {"detected", "target_feature", "cpuid", "cpu_feature", "has_", "supports", "simd_level",
                     "available", "cpufeatures", "new_unchecked", "is_supported", "getauxval"});
}

/// A function, its item and what stands around it say nothing about the processor.
bool isBlind(const Function &function)
{
    if (asks(function.node.text()) || function.isUnsafe || function.isTest)
        return false;
    for (const std::string &attribute : function.attributes) {
        if (asks(attribute))
            return false;
    }
    for (Node around = function.node; around; around = around.parent()) {
        if (!around.isAny({"impl_item", "mod_item", "function_item"}))
            continue;
        for (Node above = around.previousNamedSibling();
             above.isAny({"attribute_item", "line_comment", "block_comment"});
             above = above.previousNamedSibling()) {
            if (above.is("attribute_item") && asks(above.text()))
                return false;
        }
    }
    return true;
}

/// The module above chooses by what the processor has: `avx2.rs` beside or below a file that asks.
bool isChosenAbove(const Function &caller, const RuleInput &input)
{
    const std::string &path = input.file.path();
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    const std::string above = folder.empty() ? folder : folder.substr(0, folder.size() - 1);
    return caller.isPublic && std::ranges::any_of(input.model.sources(), [&](const auto &other) {
               return other->path() != path &&
                      (other->path().substr(0, other->path().rfind('/') + 1) == folder ||
                       other->path() == above + ".rs") &&
                      other->contains("_feature_detected!");
           });
}

/// Nobody on the way asks: neither the caller, nor those that call it in its file.
bool nobodyAsks(const Function &caller, const RuleInput &input)
{
    if (!isBlind(caller) || isChosenAbove(caller, input))
        return false;
    return std::ranges::none_of(input.file.functions(), [&](const Function &other) {
        return &other != &caller && other.body && wantedFeature(other).empty() &&
               other.body.text().find(caller.name) != std::string_view::npos && !isBlind(other);
    });
}

} // namespace

void check_target_feature_unchecked(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("target_feature"))
        return;
    for (const Call &call : rust::callsIn(input.file.root())) {
        const Function *caller = input.file.functionAt(call.node);
        if (!caller || call.isMethod() || !call.node.ancestor({"unsafe_block"}))
            continue;
        const auto callees = input.model.callees(call.node, input.file);
        if (callees.size() != 1)
            continue;
        const std::string feature = wantedFeature(*callees.front());
        // What every processor of the architecture has needs no question.
        if (feature.empty() || isOneOf(feature, {"sse", "sse2", "neon"}) || !nobodyAsks(*caller, input))
            continue;
        Draft draft;
        draft.at = call.node;
        draft.title =
            fittingTitle({quoted(call.name) + " needs " + quoted(feature) + ", and nobody asks for it",
                          "A function is called without the processor feature it needs"});
        draft.steps = {{"compiler", "uses instructions of " + quoted(feature) + " in here",
                        callees.front()->node.field("name")},
                       {"thread", "calls it from " + quoted(caller->name) + " on any processor", call.node}};
        draft.outcome =
            "A processor without the feature stops the process with an illegal instruction; for the "
            "compiler the call is undefined behaviour.";
        draft.facts = {
            "resolved: " + quoted(callees.front()->name) + " enables " + quoted(feature),
            "resolved: neither this function nor its callers in this file ask what the processor has"};
        draft.evidence = {callees.front()->node.field("name")};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
