// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/outside.h"
#include "review/rules/panics.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;

/// The panic that a caller brings about with what it passes: a plain assertion or an explicit panic, which
/// its author meant.
Node meantPanic(const rust::Function &function)
{
    for (const Panic &panic : panicsIn(function.body)) {
        if (panic.kind != Panic::Kind::Macro ||
            !isOneOf(panic.name, {"panic", "assert", "assert_eq", "assert_ne"}))
            continue;
        const Node condition = panic.node.ancestor({"if_expression", "function_item"}).field("condition");
        const bool ofArguments =
            std::ranges::any_of(function.parameters, [&](const rust::Parameter &parameter) {
                return !parameter.name.empty() && parameter.name != "self" &&
                       (!rust::usesOf(parameter.name, panic.node).empty() ||
                        (condition && !rust::usesOf(parameter.name, condition).empty()));
            });
        if (ofArguments)
            return panic.node;
    }
    return {};
}

/// The crate documents when its functions panic: it says so at two others in this file.
bool isCustom(const rust::File &file)
{
    const auto count = std::ranges::count_if(file.functions(), [](const rust::Function &function) {
        return function.docs.find("# Panics") != std::string::npos;
    });
    return count >= 2;
}

} // namespace

void check_pub_api_docs(const RuleInput &input, Reporter &reporter)
{
    if (!hasAny(input.file, {"# Panics"}) || isTool(input.file) || !isCustom(input.file))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (!function.isPublic || !function.body || function.isTest || function.docs.empty() ||
            mentions(function.docs,
                     {"panic", "must", "has to", "have to", "require", "only if", "at least"}) ||
            !function.traitName.empty())
            continue;
        const Node panic = meantPanic(function);
        if (!panic)
            continue;
        const Node name = function.node.field("name");
        Draft draft;
        draft.at = name;
        draft.title = fittingTitle({quoted(function.path(), 34) + " panics, and its docs do not say when",
                                    "A public function panics, and its docs do not say when"});
        draft.steps = {{"caller", "reads the docs, which say nothing of a panic", name},
                       {"caller", "passes what the function refuses", panic}};
        draft.outcome = "The caller's thread panics over a rule that stands in the body only.";
        draft.facts = {"resolved: the assertion depends on an argument",
                       "resolved: other functions of this file have a section `# Panics`"};
        draft.evidence = {panic};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
