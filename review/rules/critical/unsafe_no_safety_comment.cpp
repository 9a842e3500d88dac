// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;

bool hasSafetySection(std::string_view docs)
{
    return mentions(docs, {"# safety", "safety:"});
}

/// What in a block needs a reason, with what has to hold; at most four.
std::string obligationsOf(const Node &block)
{
    std::vector<std::string> found;
    const auto add = [&](const std::string &text) {
        if (std::find(found.begin(), found.end(), text) == found.end() && found.size() < 4)
            found.push_back(text);
    };
    for (const Node &node : block.descendants()) {
        if (node.is("unary_expression") && node.text().starts_with('*')) {
            add(quoted(node.text(), 40) + ": the pointer is valid, aligned and not aliased");
            continue;
        }
        const rust::Call call = rust::toCall(node);
        if (isOneOf(call.name, {"from_raw_parts", "from_raw_parts_mut"}))
            add(quoted(node.text(), 40) + ": the pointer is not null and valid for the whole length");
        else if (isOneOf(call.name, {"from_ptr"}))
            add(quoted(node.text(), 40) + ": the pointer is not null and the text ends with a zero byte");
        else if (isOneOf(call.name, {"from_raw"}))
            add(quoted(node.text(), 40) + ": it came from `into_raw` and is taken back once");
        else if (call.name.ends_with("unchecked") || call.name.ends_with("unchecked_mut"))
            add(quoted(node.text(), 40) + ": what the checked form would check holds here");
        else if (isOneOf(call.name, {"transmute", "assume_init", "set_len", "zeroed"}))
            add(quoted(node.text(), 40) + ": the bytes are a valid value of the type");
    }
    std::string text;
    for (const std::string &obligation : found)
        text += "- " + obligation + "\n";
    return text;
}

void reportBlock(const Node &block, Reporter &reporter)
{
    Draft draft;
    draft.at = block;
    draft.title = "This `unsafe` block does not say why it is sound";
    draft.steps = {{"author", "relies on something that the code around the block guarantees today", block},
                   {"next author", "changes that code and finds nothing here that says so", block}};
    draft.outcome = "The block breaks its rules in a build that compiles without a warning.";
    draft.facts = {"resolved: no `SAFETY:` comment stands above the block or first in it"};
    const std::string obligations = obligationsOf(block);
    if (!obligations.empty())
        draft.why = "The comment has to say why each of these holds:\n\n" + obligations +
                    "\nWithout it the next change can't know what the block rests on.";
    reporter.report(std::move(draft));
}

void checkBlocks(const RuleInput &input, Reporter &reporter)
{
    std::uint32_t lastLine = ~0u;
    for (const Node &block : input.file.root().descendants("unsafe_block")) {
        // One line is one statement to a reader.
        const std::uint32_t line = block.lines().begin;
        const rust::Function *function = input.file.functionAt(block);
        const bool covered = function && hasSafetySection(function->docs) && function->isUnsafe;
        if (line == lastLine || covered || input.file.isTest(block) || block.ancestor({"unsafe_block"}) ||
            rust::hasSafetyComment(block))
            continue;
        lastLine = line;
        reportBlock(block, reporter);
    }
}

/// Restricted visibility, or a type that others do not see, leaves the contract among colleagues.
bool isPublicApi(const rust::Function &function)
{
    return function.isPublic && function.traitName.empty() &&
           function.node.text().find("pub(") > function.node.text().find("fn");
}

} // namespace

void check_unsafe_no_safety_comment(const RuleInput &input, Reporter &reporter)
{
    checkBlocks(input, reporter);
    for (const rust::Impl &impl : input.file.impls()) {
        if (!impl.isUnsafe || input.file.isTest(impl.node) || rust::hasSafetyComment(impl.node))
            continue;
        Draft draft;
        draft.at = impl.node;
        draft.title = fittingTitle(
            {"`unsafe impl " + impl.traitName + " for " + impl.typeName + "` does not say why it is sound",
             "This `unsafe impl` does not say why it is sound"});
        draft.steps = {
            {"author", "promises what the compiler can't check", impl.node},
            {"next author", "changes a field and does not know what the promise rests on", impl.node}};
        draft.outcome = "The promise becomes false in a build that compiles without a warning.";
        draft.facts = {"resolved: no `SAFETY:` comment stands above the impl"};
        reporter.report(std::move(draft));
    }
    for (const rust::Function &function : input.file.functions()) {
        if (!function.isUnsafe || !isPublicApi(function) || hasSafetySection(function.docs))
            continue;
        Draft draft;
        draft.at = function.node;
        draft.title =
            fittingTitle({"`unsafe fn " + function.name + "` does not say what its callers must guarantee",
                          "This `unsafe fn` does not say what its callers must guarantee"});
        draft.steps = {
            {"caller", "looks in the documentation for what to guarantee and finds nothing", function.node},
            {"caller", "calls it in a state that the author did not have in mind", function.node}};
        draft.outcome = "The behaviour is undefined, and both sides believe that they did their part.";
        draft.facts = {"resolved: its documentation has no `# Safety` section"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
