// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The method that is called on the place, or empty.
std::string_view methodOn(const Node &mention)
{
    Node node = mention;
    if (node.parent().is("reference_expression"))
        return {};
    const Node field = node.parent();
    if (!field.is("field_expression") || node.fieldName() != "value")
        return {};
    Node call = field.parent();
    if (call.is("generic_function"))
        call = call.parent();
    return call.is("call_expression") ? field.field("field").text() : std::string_view();
}

bool reserves(const Node &node, const std::string &place)
{
    if (node.is("let_declaration")) {
        Node pattern = node.field("pattern");
        if (pattern.is("mut_pattern"))
            pattern = pattern.firstNamedChild();
        return pattern.text() == place &&
               rust::toCall(rust::stripAdapters(node.field("value"))).name == "with_capacity";
    }
    if (node.is("assignment_expression"))
        return rust::toCall(node.field("right")).name == "with_capacity" &&
               rust::placeText(node.field("left")) == place;
    const Call call = rust::toCall(node);
    return call.isMethod() && isOneOf(call.name, {"reserve", "reserve_exact", "try_reserve"}) &&
           rust::placeText(call.receiver) == place;
}

/// What happened to the vector before its length was raised.
struct Before {
    Node room; ///< where memory was reserved, last
    bool written = false;
};

Before before(const Call &call, const std::string &place)
{
    Before found;
    const Node body = rust::bodyOf(call.node);
    for (const Node node : body.descendants()) {
        if (node.index() >= call.node.index())
            break;
        if (reserves(node, place)) {
            found = {node, false};
            continue;
        }
        if (!found.room || node.isInside(found.room) || !node.isAny({"identifier", "field_expression"}))
            continue;
        if (rust::placeText(node) == place &&
            !isOneOf(methodOn(node), {"len", "capacity", "clear", "is_empty", "set_len"}))
            found.written = true;
    }
    return found;
}

/// A copy or a store writes to what the node mentions.
bool isWritten(const Node &mention)
{
    if (isOneOf(methodOn(mention), {"as_mut_ptr", "as_ptr", "get_unchecked_mut", "copy_from_slice", "fill"}))
        return true;
    const Node statement = rust::statementOf(mention);
    for (Node node = mention.parent(); node && node != statement; node = node.parent()) {
        if (isOneOf(rust::toCall(node).name, {"copy_from_slice", "clone_from_slice", "copy_nonoverlapping",
                                              "fill", "write_unaligned"}))
            return true;
    }
    return false;
}

/// The first thing done with the vector afterwards is to fill it: the gap is short.
bool isFilledByPointer(const Call &call, const std::string &place)
{
    const Node body = rust::bodyOf(call.node);
    for (const Node node : body.descendants()) {
        if (node.index() <= call.node.index() || node.isInside(call.node))
            continue;
        if (node.isAny({"identifier", "field_expression"}) && rust::placeText(node) == place &&
            !isOneOf(methodOn(node), {"len", "capacity"}))
            return isWritten(node);
    }
    return false;
}

/// What the function returns says what the elements are.
bool isOfMaybeUninit(const Call &call, const RuleInput &input)
{
    const rust::Function *function = input.file.functionAt(call.node);
    return function && mentions(function->returnType.text(), {"maybeuninit"});
}

/// `unsafe { v.set_len(n) }` becomes `v.resize(n, 0)` where the elements are bytes.
void resizeInstead(const Call &call, const std::string &place, Draft &draft)
{
    const Node block = call.node.ancestor({"unsafe_block"});
    const std::string code = compact(block.text());
    const std::string own = "unsafe{" + compact(call.node.text());
    if (code != own + "}" && code != own + ";}")
        return;
    const std::string_view rest = std::string_view(block.tree()->text()).substr(block.bytes().end);
    const bool ended = block.parent().text().ends_with(';') || rest.starts_with(';');
    draft.edits.push_back({block.bytes(), place + ".resize(" + std::string(call.arguments[0].text()) +
                                              ", 0)" + (ended ? "" : ";")});
}

/// A later call of the function reads into it: `reader.read_exact(&mut buffer[..size])`.
bool isLentToReader(const Call &call, const std::string &place)
{
    const Node function = call.node.ancestor({"function_item"});
    return anyIn(function.field("body"), [&](const Node &node) {
        const Call later = rust::toCall(node);
        return later && node.index() > call.node.index() &&
               (later.name.starts_with("read") || later.name.starts_with("poll_read") ||
                later.name.starts_with("recv")) &&
               std::any_of(later.arguments.begin(), later.arguments.end(), [&](const Node &argument) {
                   return argument.text().find(place) != std::string_view::npos;
               });
    });
}

void checkCall(const Call &call, const RuleInput &input, Reporter &reporter)
{
    const std::string place = rust::placeText(call.receiver);
    const std::string length = compact(call.arguments.front().text());
    if (place.empty() || place == "self" || length == "0")
        return;
    const Before history = before(call, place);
    if (!history.room || history.written || !rust::canReach(history.room, call.node))
        return;
    const rust::Type type = input.model.infer(call.receiver, input.file);
    const rust::Type &vector = type.peeled();
    const std::string statement(rust::statementOf(history.room).text());
    if (statement.find("MaybeUninit") != std::string::npos ||
        (!vector.args.empty() && vector.args.front().name() == "MaybeUninit") || isOfMaybeUninit(call, input))
        return;
    // The lint was switched off where the memory is reserved.
    const Node reserved = rust::statementOf(history.room);
    if (reserved.previousNamedSibling().is("attribute_item") &&
        mentions(reserved.previousNamedSibling().text(), {"uninit_vec"}))
        return;
    Draft draft;
    draft.at = call.node;
    draft.title = fittingTitle({quoted(call.node.text(), 36) + " counts elements that were never written",
                                "`set_len` counts elements that were never written"});
    draft.steps = {{"thread", "reserves memory, whose content is whatever was there", history.room},
                   {"thread", "says that the elements exist, before any is written", call.node}};
    draft.outcome = "A read, a panic or an early return before the write uses values that do not exist: "
                    "undefined behaviour, or old memory of the process in the data.";
    draft.evidence = {history.room};
    draft.facts = {"resolved: nothing writes to " + quoted(place) + " between the two"};
    if (isFilledByPointer(call, place)) {
        draft.confidence = 0.6;
        draft.facts.push_back("assumed: what comes next does not fill all of it");
    }
    if (rust::blockOf(call.node).text().find("initialize") != std::string_view::npos ||
        rust::blockOf(call.node).text().find("prepare_uninit") != std::string_view::npos) {
        draft.confidence = 0.5;
        draft.facts.push_back("assumed: the reader leaves the buffer as it is");
    }
    // What is lent to a reader shows it memory that nobody has written, whatever it is.
    if (!isLentToReader(call, place)) {
        draft.confidence *= 0.65;
        draft.facts.push_back("assumed: what comes next does not fill all of it");
    }
    const bool bytes = (vector.name() == "Vec" && !vector.args.empty() && vector.args.front().is("u8")) ||
                       vector.name() == "BytesMut";
    if (bytes)
        resizeInstead(call, place, draft);
    // The element type comes from where the vector goes, and this file has such a place.
    const rust::Tree &tree = input.file.tree();
    if (tree.contains("[MaybeUninit<") || tree.contains("Vec<MaybeUninit<"))
        draft.confidence *= 0.65;
    reporter.report(std::move(draft));
}

/// `let old = v.len(); … v.set_len(old)`: back to what was written.
bool goesBack(const Call &call)
{
    const Call made = rust::toCall(rust::initialiserOf(call.arguments.front()));
    return made.isMethod() && made.name == "len" &&
           rust::placeText(made.receiver) == rust::placeText(call.receiver);
}

} // namespace

void check_set_len_uninit(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("set_len("))
        return;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (call.isMethod() && call.name == "set_len" && call.arguments.size() == 1 && !goesBack(call) &&
            !input.file.isTest(node))
            checkCall(call, input, reporter);
    }
}

} // namespace review::rules
