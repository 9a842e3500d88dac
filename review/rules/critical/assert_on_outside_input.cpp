// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/checks.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rules/value_flow.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The value was made of bytes or text that the function decodes.
bool dependsOnInput(const Node &node, const std::vector<Node> &inputs)
{
    return dependsOn(node, [&](const Node &at) {
        return at.is("identifier") &&
               std::find(inputs.begin(), inputs.end(), rust::bindingOf(at)) != inputs.end();
    });
}

/// The `match` on a decoded value in whose arm the macro stands, or the `if` that asks about one.
Node branchOn(const Node &macro, const std::vector<Node> &inputs)
{
    for (Node node = macro; node && !node.is("function_item"); node = node.parent()) {
        if (node.is("closure_expression"))
            return {};
        if (node.is("match_arm") && !node.field("pattern").text().starts_with("None")) {
            const Node match = node.parent().parent();
            return dependsOnInput(match.field("value"), inputs) ? match : Node();
        }
        if (node.is("if_expression") && !macro.isInside(node.field("condition")))
            return dependsOnInput(node.field("condition"), inputs) ? node : Node();
    }
    return {};
}

/// The first argument: what is asserted.
Node conditionOf(const Node &macro)
{
    for (const Node &child : macro.namedChildren()) {
        if (child.is("macro_arguments"))
            return child.firstNamedChild();
    }
    return {};
}

/// A contract that is written down, or a check of debug builds only.
bool isDeclared(const Node &macro, const rust::Function &function)
{
    // No input is as long as the largest number.
    if (function.docs.find("# Panics") != std::string::npos ||
        macro.text().find("::MAX") != std::string_view::npos)
        return true;
    for (Node at = macro; at && at != function.body; at = at.parent()) {
        const Node before = at.previousNamedSibling();
        if (before.is("attribute_item") && before.text().find("debug_assertions") != std::string_view::npos)
            return true;
    }
    return false;
}

/// The version, the magic number or the tag that a decoder meets first: another one is no mistake of its own.
/// Lengths it has worked out itself are invariants.
bool asksForFormat(const Node &condition)
{
    const std::string_view text = condition.parent().text();
    return !mentions(text, {"len", "remaining", "size"}) && anyIn(condition.parent(), [](const Node &node) {
        return node.isAny({"identifier", "scoped_identifier"}) && isConstant(node);
    });
}

Draft makeDraft(const Node &macro, const Node &branch, const rust::Function &function)
{
    const std::string name(rust::macroName(macro));
    const std::string code = quoted(macro.text(), 30);
    Draft draft;
    draft.at = macro;
    draft.title =
        fittingTitle({"`" + name + "!` in " + quoted(function.name, 20) + " panics on what it decodes",
                      "`" + name + "!` panics on what is decoded"});
    draft.steps = {{"input", "holds a value that the format does not have", branch},
                   {"decoder", "panics at " + code, macro}};
    draft.outcome = "A malformed message or file is no error but the end of the thread or task.";
    draft.evidence = {branch};
    draft.facts = {"resolved: " +
                   quoted(branch.is("match_expression") ? branch.field("value").text() : branch.text(), 40) +
                   " depends on what " + quoted(function.name, 26) + " is given"};
    draft.confidence = function.returnsResult() ? 1 : 0.75;
    // The author says that no input leads here: mostly the grammar or a check before it sees to that.
    if (name == "unreachable") {
        draft.facts.push_back("assumed: what leads here was not refused before");
        draft.confidence = 0.7;
    } else if (name == "assert") {
        draft.facts.push_back("assumed: this is no invariant that the code before it has established");
        draft.confidence *= 0.75;
    } else if (branch.is("if_expression") && mentions(branch.field("condition").text(), {".len()"})) {
        draft.facts.push_back("assumed: such a record is not taken for damaged beyond repair");
        draft.confidence *= 0.7;
    } else if (name.starts_with("assert") && !asksForFormat(branch)) {
        draft.facts.push_back("assumed: the code before it has not made sure of this");
        draft.confidence *= 0.7;
    }
    // The text tells the operator what to do: it was thought of, and wanted.
    if (mentions(macro.text(), {"no longer supported", "please ", "to continue"})) {
        draft.facts.push_back("assumed: the end of the program is not what its author wants here");
        draft.confidence *= 0.7;
    }
    return draft;
}

} // namespace

void check_assert_on_outside_input(const RuleInput &input, Reporter &reporter)
{
    if (isTool(input.file))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (!function.body || function.isTest || function.traitName.ends_with("Read") || !isDecoder(function))
            continue;
        const bool reads = function.name == "read" || function.name.starts_with("read_");
        std::vector<Node> inputs = inputsOf(function);
        // The name of what is read is no input that is decoded.
        if (reads)
            std::erase_if(inputs, [](const Node &parameter) {
                return parameter.field("type").text().ends_with("str");
            });
        for (const Node node : function.body.descendants()) {
            const std::string_view name = rust::macroName(node);
            if (isOneOf(name, {"assert", "assert_eq", "assert_ne"})) {
                const Node condition = conditionOf(node);
                if (condition && !isConstant(condition) && dependsOnInput(condition, inputs) &&
                    !isDeclared(node, function))
                    reporter.report(makeDraft(node, condition, function));
            } else if (isOneOf(name, {"panic", "unreachable", "todo", "unimplemented"})) {
                if (const Node branch = branchOn(node, inputs))
                    reporter.report(makeDraft(node, branch, function));
            }
        }
    }
}

} // namespace review::rules
