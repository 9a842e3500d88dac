// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/edits.h"
#include "review/rules/phrases.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

/// A value that is kept for what its end does: `let _permit = …`, `let guard = OnDrop::new(…)`.
struct Kept {
    Node let;
    rust::Call made;
};

bool isLock(const rust::Call &made)
{
    return isOneOf(made.name,
                   {"lock",       "read",        "write",           "try_lock", "try_read", "try_write",
                    "borrow",     "borrow_mut",  "upgradable_read", "lock_arc", "read_arc", "write_arc",
                    "lock_owned", "read_owned",  "write_owned",     "load",     "pin",      "span",
                    "init",       "with_default"});
}

std::vector<Kept> keptIn(const rust::Function &function)
{
    std::vector<Kept> found;
    for (const Node &let : function.body.descendants("let_declaration")) {
        Node pattern = let.field("pattern");
        if (pattern.is("mut_pattern"))
            pattern = pattern.namedChildren().back();
        const rust::Call made = rust::toCall(rust::stripAdapters(let.field("value")));
        if (!pattern.is("identifier") || !made || isLock(made))
            continue;
        const std::string_view name = pattern.text();
        const std::string text = compact(made.node.text().substr(0, made.node.text().find('(')));
        const bool isNamedSo =
            mentions(name,
                     {"guard", "permit", "defer", "cleanup", "on_drop", "on_exit", "keepalive", "bomb"}) ||
            mentions(text, {"guard", "defer", "dropper", "on_drop", "ondrop", "onexit", "abortondrop",
                            "scopeguard", "acquire", "inflight", "in_flight", "in_progress"});
        const bool isKeptOnly =
            name.size() > 1 && name.starts_with('_') &&
            mentions(text, {"guard", "register", "enter", "track", "start", "begin", "hold", "acquire",
                            "pause", "timer", "new", "increment", "inc"});
        if (isNamedSo || isKeptOnly)
            found.push_back({let, made});
    }
    return found;
}

void checkBindings(const RewrittenFunction &function, Reporter &reporter)
{
    const std::vector<Kept> before = keptIn(*function.base);
    if (before.empty() || keptIn(*function.head).size() >= before.size())
        return;
    const Edits edits(function);
    for (const Kept &kept : before) {
        const Edit *edit = edits.ofBase(kept.let);
        const auto still = [&](const rust::Call &call) {
            return call.name == kept.made.name && (call.path == kept.made.path || call.isMethod());
        };
        if (!edit || edits.addedIn(*edit) > edits.removedIn(*edit) + 4 || callsAny(*function.head, still))
            continue;
        Draft draft;
        draft.at = edits.placeInHead(kept.let);
        const std::string made = quoted(kept.made.node.text(), 36);
        draft.title = fittingTitle({made + " is no longer kept in `" + function.head->path() + '`',
                                    made + " is no longer kept", "A guard is gone"});
        draft.steps = {{"before this change", "keeps a value for what its end does", kept.let},
                       {"now", "ends on each path, by `?`, panic or cancellation too, without it", draft.at}};
        draft.outcome =
            "What the value gave back at its end stays taken, or what it kept others from can happen now.";
        draft.evidence = {kept.let};
        draft.facts = {
            "resolved: the value is bound before the change, and made nowhere in the function after it",
            "assumed: its end has an effect"};
        reporter.report(std::move(draft));
        return;
    }
}

const rust::Impl *dropOf(std::string_view type, const rust::File &file)
{
    for (const rust::Impl &impl : file.impls()) {
        if (impl.traitName == "Drop" && impl.typeName == type)
            return &impl;
    }
    return nullptr;
}

bool isItem(const Node &node)
{
    return node.isAny({"impl_item", "struct_item", "function_item", "enum_item", "trait_item", "mod_item"});
}

/// The item of the head that begins as this one of the base does; null if none.
Node sameItem(const Node &baseItem, const rust::File &head)
{
    const auto firstLine = [](const Node &item) {
        return compact(item.text().substr(0, item.text().find('\n')));
    };
    for (const Node &item : head.root().namedChildren()) {
        if (item.kind() == baseItem.kind() && firstLine(item) == firstLine(baseItem))
            return item;
    }
    return {};
}

/// Where the item stood that was taken out: at the item that followed it, else at the end of the one before.
Node nearItem(const Node &baseItem, const rust::File &head, const Node &otherwise)
{
    for (Node after = baseItem.nextNamedSibling(); after; after = after.nextNamedSibling()) {
        if (!isItem(after))
            continue;
        if (const Node now = sameItem(after, head))
            return now.field("name") ? now.field("name") : now.field("type");
        break;
    }
    Node before = baseItem.previousNamedSibling();
    while (before && !isItem(before))
        before = before.previousNamedSibling();
    Node place = before ? sameItem(before, head) : Node();
    while (place && place.lines().size() > 1 && !place.namedChildren().empty())
        place = place.namedChildren().back();
    return place ? place : otherwise;
}

void checkDrops(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Impl &impl : input.base->impls()) {
        if (impl.traitName != "Drop" || dropOf(impl.typeName, input.file) || input.base->isTest(impl.node))
            continue;
        const rust::Struct *still = input.file.structNamed(impl.typeName);
        if (!still || mentions(impl.node.text(), {"debug_assert", "panic!", "println", "log::"}))
            continue;
        const auto calls = rust::callsIn(impl.node);
        if (calls.empty())
            continue;
        Draft draft;
        draft.at = nearItem(impl.node, input.file, still->node.field("name"));
        draft.title = fittingTitle({"`" + impl.typeName + "` no longer cleans up when it is dropped"});
        draft.steps = {{"before this change",
                        "gives back what it has at its end: " + quoted(calls.front().node.text()),
                        calls.front().node},
                       {"now", "ends without it", still->node.field("name")}};
        draft.outcome =
            "Whoever drops the value on an early return, a panic or a cancellation leaves behind what it "
            "held.";
        draft.evidence = {impl.node};
        draft.facts = {"resolved: the type stands on both sides, `Drop` only before the change",
                       "assumed: no field of it does the same"};
        reporter.report(std::move(draft));
    }
}

} // namespace

void check_guard_object_gone(const RuleInput &input, Reporter &reporter)
{
    if (!input.base)
        return;
    checkDrops(input, reporter);
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) <= 20)
            checkBindings(function, reporter);
    }
}

} // namespace review::rules
