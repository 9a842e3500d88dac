// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The method that gives a counted entry back by hand; null if the type does that in `drop`, or not at all.
const rust::Function *releaseOf(const rust::Type &type, const RuleInput &input)
{
    const std::string name(type.name());
    if (name.empty() || !input.model.methods(name, "drop").empty())
        return nullptr;
    for (const char *method : {"release", "unpin", "unref", "release_with_pin"}) {
        for (const rust::Function *function : input.model.methods(name, method)) {
            const bool bySelf = !function->parameters.empty() &&
                                compact(function->parameters.front().pattern.text()) == "self";
            if (bySelf)
                return function;
        }
    }
    return nullptr;
}

/// The entry is given back, handed on or returned by this use.
bool consumes(const Node &use, const rust::Function &release)
{
    const Node parent = use.parent();
    if (parent.is("field_expression")) {
        const Call call = rust::toCall(parent.parent());
        return call.isMethod() && (call.name == release.name || call.name.starts_with("release") ||
                                   call.name.starts_with("into_"));
    }
    return parent.isAny({"arguments", "return_expression", "field_initializer", "assignment_expression",
                         "let_declaration", "break_expression", "block", "tuple_expression"});
}

/// Some path from the binding to the end of `scope` meets none of the uses that give the entry back.
bool canSkip(const Node &scope, const std::vector<Node> &consuming)
{
    const auto within = [&](const Node &node) {
        return std::any_of(consuming.begin(), consuming.end(),
                           [&](const Node &use) { return use.isInside(node); });
    };
    for (const Node &statement : scope.namedChildren()) {
        if (!within(statement))
            continue;
        Node inner = statement;
        while (inner.is("expression_statement"))
            inner = inner.firstNamedChild();
        if (!inner.is("if_expression"))
            return false;
        if (within(inner.field("condition")))
            return false;
        const Node otherwise = inner.field("alternative");
        if (otherwise && within(otherwise) && within(inner.field("consequence")))
            return false;
    }
    return true;
}

void checkBinding(const Node &name, const Node &scope, const Node &loop, const RuleInput &input,
                  Reporter &reporter)
{
    std::vector<Node> uses = rust::usesOf(name.text(), scope);
    if (uses.empty())
        return;
    const rust::Type type = input.model.infer(uses.front(), input.file);
    const rust::Function *release = type.path.starts_with('&') ? nullptr : releaseOf(type, input);
    if (!release)
        return;
    std::erase_if(uses, [&](const Node &use) { return !consumes(use, *release); });
    if (uses.empty() || !canSkip(scope, uses))
        return;
    Draft draft;
    draft.at = scope.parent().is("if_expression") ? scope.parent() : name;
    draft.title =
        fittingTitle({"`" + std::string(name.text()) + "` is not released when the loop goes round again",
                      "A counted entry is not released before the next round"});
    draft.steps = {{"thread", "acquires " + quoted(name.text()) + ", which counts a reference", name},
                   {"thread", "goes round the loop again without giving it back", loop}};
    draft.outcome = "The count never reaches zero: the entry is never freed, once for each lost race.";
    draft.evidence = {release->node};
    draft.facts = {"resolved: `" + std::string(type.name()) + "` has `" + release->name + "` and no `Drop`",
                   "resolved: only some paths release or return " + quoted(name.text())};
    reporter.report(std::move(draft));
}

} // namespace

void check_refcount_loop_leak(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("loop") && !tree.contains("while"))
        return;
    if (!tree.contains("release") && !tree.contains("unpin") && !tree.contains("unref") &&
        !tree.contains("decrement"))
        return;
    for (const Node &condition : input.file.root().descendants("let_condition")) {
        const Node choice = condition.parent();
        const Node loop = choice.is("if_expression") ? rust::loopAround(choice) : Node();
        if (!loop || !loop.isAny({"loop_expression", "while_expression"}) || input.file.isTest(choice))
            continue;
        for (const Node &name : rust::boundNames(condition.field("pattern")))
            checkBinding(name, choice.field("consequence"), loop, input, reporter);
    }
}

} // namespace review::rules
