// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/collections.h"
#include "review/rules/phrases.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The method tells something about its receiver and keeps no part of it.
bool onlyTells(const Call &next)
{
    return isOneOf(next.name,
                   {"is_some", "is_none", "is_ok", "is_err", "len", "is_empty", "contains", "contains_key",
                    "starts_with", "ends_with", "exists", "is_dir", "is_file", "count"});
}

/// `self` of `if let Some(list) = self.lists.get(key)`: the original borrows from it.
std::string lenderOf(const Node &original)
{
    Node place = rust::stripAdapters(original);
    while (place.is("field_expression"))
        place = place.field("value");
    Node value = place.is("identifier") ? valueOf(rust::bindingOf(place)) : Node();
    while (rust::toCall(value).isMethod())
        value = rust::stripAdapters(rust::toCall(value).receiver);
    const std::string text = value ? rust::placeText(value) : std::string();
    return text.substr(0, text.find('.'));
}

/// The original is only read, if at all, between two positions of the body, so that it could be used itself.
bool staysUntouched(const Node &original, std::size_t after, std::size_t last)
{
    std::string root = rust::placeText(original);
    root = root.substr(0, root.find('.'));
    const Node body = rust::bodyOf(original);
    if (root.empty() || !body)
        return false;
    const std::string lender = lenderOf(original);
    for (const Node node : body.descendants()) {
        if (node.index() <= after || node.index() > last || !node.isAny({"identifier", "self"}) ||
            (node.text() != root && node.text() != lender))
            continue;
        Node at = node;
        while (at.parent().is("field_expression") && at.parent().field("value") == at)
            at = at.parent();
        const Call method = rust::toCall(at.parent());
        const bool reads = !method && !at.parent().isAny({"assignment_expression", "compound_assignment_expr",
                                                          "reference_expression", "arguments", "token_tree"});
        if (!reads && !(method.isMethod() && isReadingMethod(method.name)))
            return false;
    }
    return true;
}

std::size_t endOf(const Node &node)
{
    return node.index() + node.descendants().size();
}

/// The copy lives as long as the loop that runs over it, or as the statement.
bool isIteratedUntouched(const Node &value, const Call &next)
{
    if (!isOneOf(next.name, {"iter", "keys", "values", "chars", "bytes", "as_str", "first", "last", "get"}))
        return false;
    Node holder = rust::statementOf(value);
    for (Node at = value; at && at != holder; at = at.parent()) {
        if (at.parent().is("for_expression") && at.fieldName() == "value")
            holder = at.parent();
    }
    return !holder.is("let_declaration") && rust::toCall(value).isMethod() &&
           staysUntouched(rust::toCall(value).receiver, endOf(value), endOf(holder));
}

/// What is done with the copy at once, in words; empty when it may be needed.
std::string useOf(const Node &value)
{
    const Node parent = value.parent();
    if (parent.is("binary_expression") &&
        isOneOf(parent.field("operator").text(), {"==", "!=", "<", ">", "<=", ">="}))
        return "compared";
    const Call next = rust::toCall(parent.parent());
    if (!next.isMethod() || next.receiver != value)
        return {};
    if (onlyTells(next))
        return "asked for `" + std::string(next.name) + "`";
    return isIteratedUntouched(value, next) ? "read by `" + std::string(next.name) + "`" : std::string();
}

/// `lock.read().clone().len()` would hold the lock longer without the copy.
bool isGuarded(const Node &receiver)
{
    return rust::toCall(rust::stripAdapters(receiver)).isMethod();
}

/// `let copy = x.clone();` whose uses all ask: how, in words; empty when one of them needs the copy.
std::string useOfVariable(const Call &clone)
{
    const Node binding = clone.node.parent();
    const Node pattern = binding.field("pattern");
    const Node body = rust::bodyOf(clone.node);
    if (!binding.is("let_declaration") || !pattern.is("identifier") || !body)
        return {};
    std::string how;
    Node last;
    for (const Node &use : rust::usesOf(pattern.text(), body)) {
        if (rust::bindingOf(use) != binding)
            continue;
        const std::string one = useOf(use);
        if (one.empty() || rust::loopAround(use) != rust::loopAround(binding))
            return {};
        how = how.empty() ? one : how;
        last = use;
    }
    // Names in closures, macros and format strings are not seen as uses.
    const std::string_view text = body.text();
    std::size_t count = 0;
    for (std::size_t at = text.find(pattern.text()); at != std::string_view::npos;
         at = text.find(pattern.text(), at + 1))
        ++count;
    const std::size_t seen = rust::usesOf(pattern.text(), body).size();
    if (how.empty() || count > seen + 1 || !staysUntouched(clone.receiver, endOf(binding), last.index()))
        return {};
    return how;
}

} // namespace

void check_clone_only_read(const RuleInput &input, Reporter &reporter)
{
    for (const Call &clone : callsNamed({"clone", "to_vec"}, input.file)) {
        if (!clone.isMethod() || !clone.arguments.empty() || isGuarded(clone.receiver))
            continue;
        std::string use = useOf(clone.node);
        const bool direct = !use.empty();
        if (!direct)
            use = useOfVariable(clone);
        if (use.empty())
            continue;
        const rust::Type type = input.model.infer(clone.receiver, input.file);
        const bool tested =
            use.find("`is_some`") != std::string::npos || use.find("`is_none`") != std::string::npos;
        const bool copies =
            clone.name == "clone" ? copiesHeap(type) : containerOf(type) == Container::Sequence;
        if ((!copies && !(tested && clone.name == "clone")) || type.assumed ||
            (use == "compared" && clone.name != "clone"))
            continue;
        const std::string place = quoted(clone.receiver.text(), 24);
        Draft draft;
        draft.at = clone.node;
        draft.title =
            fittingTitle({place + " is copied only to be " + use, "A copy is made only to be " + use});
        draft.steps = {{"caller", "copies the whole of " + place, clone.node},
                       {"caller", "has the copy " + use + " and drops it", clone.node.parent()}};
        draft.outcome = "An allocation and a copy for each call, with nothing to show for it.";
        draft.facts = {copies ? "resolved: " + place + " is a `" + std::string(type.peeled().name()) +
                                    "`, whose copy allocates"
                              : "assumed: the value in " + place + " is not free to copy",
                       "resolved: the copy is only " + use};
        if (direct && use != "compared") {
            draft.edits.push_back({{clone.receiver.bytes().end, clone.node.bytes().end}, ""});
            draft.applicability = Applicability::Machine;
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
