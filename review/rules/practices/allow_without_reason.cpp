// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"

#include <array>

namespace review::rules {
namespace {

using rust::Node;

/// Lints whose silence hides a defect, not a matter of taste.
constexpr std::array<std::string_view, 23> weighty{"unsafe_op_in_unsafe_fn",
                                                   "static_mut_refs",
                                                   "unused_must_use",
                                                   "let_underscore_lock",
                                                   "invalid_reference_casting",
                                                   "improper_ctypes",
                                                   "improper_ctypes_definitions",
                                                   "unconditional_recursion",
                                                   "arithmetic_overflow",
                                                   "unconditional_panic",
                                                   "invalid_value",
                                                   "dangling_pointers_from_temporaries",
                                                   "clippy::await_holding_lock",
                                                   "clippy::await_holding_refcell_ref",
                                                   "clippy::let_underscore_lock",
                                                   "clippy::let_underscore_must_use",

                                                   "clippy::not_unsafe_ptr_arg_deref",
                                                   "clippy::cast_ref_to_mut",
                                                   "clippy::uninit_vec",
                                                   "clippy::mut_from_ref",
                                                   "clippy::non_send_fields_in_send_ty",
                                                   "clippy::cast_ptr_alignment",
                                                   "clippy::correctness"};

/// The weighty lint that the attribute switches off; empty if there is none.
std::string_view silenced(std::string_view attribute)
{
    for (const std::string_view lint : weighty) {
        const std::size_t at = attribute.find(lint);
        if (at == std::string_view::npos)
            continue;
        const char after = at + lint.size() < attribute.size() ? attribute[at + lint.size()] : ')';
        const char before = at > 0 ? attribute[at - 1] : '(';
        const auto ends = [](char c) { return c == ',' || c == ')' || c == '(' || c == ' ' || c == '\n'; };
        if (ends(after) && ends(before))
            return lint;
    }
    return {};
}

/// A comment stands on the line above, behind the attribute, or right below.
bool isExplained(const Node &attribute)
{
    const auto isComment = [](const Node &node) {
        return node.isAny({"line_comment", "block_comment"}) && !node.text().starts_with("///") &&
               !node.text().starts_with("//!");
    };
    const Node above = attribute.previousNamedSibling();
    if (isComment(above) && above.lines().end + 1 >= attribute.lines().begin)
        return true;
    for (Node docs = above; docs.isAny({"line_comment", "block_comment", "attribute_item"});
         docs = docs.previousNamedSibling()) {
        if (docs.text().find("# Safety") != std::string_view::npos)
            return true;
    }
    // Docs may stand below it as well.
    for (Node below = attribute.nextNamedSibling();
         below.isAny({"line_comment", "block_comment", "attribute_item"}); below = below.nextNamedSibling()) {
        if (below.text().find("# Safety") != std::string_view::npos)
            return true;
    }
    const std::string_view text = attribute.tree()->text();
    if (mentions(attribute.nextNamedSibling().text().substr(0, 600), {"clippy", "safety"}))
        return true; // a remark inside the item speaks of the lint
    const std::string_view rest = text.substr(attribute.bytes().end);
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (line.find("//") != std::string_view::npos)
        return true;
    for (const Node &sibling : attribute.parent().children()) {
        if (isComment(sibling) && sibling.lines().begin >= attribute.lines().begin &&
            sibling.lines().begin <= attribute.lines().end + 1)
            return true;
    }
    return false;
}

} // namespace

void check_allow_without_reason(const RuleInput &input, Reporter &reporter)
{
    if (!hasAny(input.file, {"allow("}) || input.file.isTestFile())
        return;
    for (const std::string_view kind : {"attribute_item", "inner_attribute_item"}) {
        for (const Node &attribute : input.file.root().descendants(kind)) {
            const std::string text = compact(attribute.text());
            if (!text.starts_with("#[allow(") && !text.starts_with("#![allow("))
                continue;
            const std::string_view lint = silenced(attribute.text());
            if (lint.empty() || text.find("reason=") != std::string::npos || input.file.isTest(attribute) ||
                isExplained(attribute))
                continue;
            const bool whole = kind == "inner_attribute_item";
            Draft draft;
            draft.at = attribute;
            draft.title = fittingTitle(
                {quoted(lint, 40) + " is silenced without a reason", "A lint is silenced without a reason"});
            draft.steps = {{"author",
                            "switches off " + quoted(lint, 44) + (whole ? " for all that is in here" : ""),
                            attribute},
                           {"next change", "breaks what the lint guards, and no one is told", attribute}};
            draft.outcome = "Whether the warning was false or only in the way, nobody can tell later.";
            draft.facts = {"resolved: neither `reason = \"…\"` nor a comment stands by it"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
