// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/changed_parts.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

/// What an item promises is said in its head: the tokens before its body.
std::vector<Node> headOf(const Node &item)
{
    std::vector<Node> tokens = tokensOf(item);
    const Node body = item.field("body");
    std::erase_if(tokens, [&](const Node &token) { return body && token.isInside(body); });
    return tokens;
}

std::size_t countText(const std::vector<Node> &tokens, std::string_view text)
{
    return countOf(tokens, [&](const Node &token) { return token.text() == text; });
}

std::string textOf(const std::vector<Node> &tokens)
{
    std::string text;
    for (const Node &token : tokens)
        text += std::string(token.text()) + ' ';
    return text;
}

/// Something that the base's item asked of its users, or told the compiler, and the head's does not.
struct Loss {
    Node at;
    Node before;
    std::string title;
    std::string outcome;
    double confidence = 1.0;
};

void report(const Loss &loss, Reporter &reporter)
{
    Draft draft;
    draft.at = loss.at;
    draft.title = fittingTitle({loss.title, "A promise that unsafe code relies on is gone"});
    draft.steps = {{"before this change", "the compiler kept others out", loss.before},
                   {"now", "safe code may do what the unsafe code does not expect", loss.at}};
    draft.outcome = loss.outcome;
    draft.evidence = {loss.before};
    draft.facts = {"resolved: the item stands on both sides, and one of the two asks for less",
                   "assumed: nothing else keeps the same users out"};
    draft.confidence = loss.confidence;
    reporter.report(std::move(draft));
}

/// `T: Send`, `+ Sync`, `'static` and the like: the first that the head has fewer of, where nothing of the
/// kind took its place; empty if none.
std::string lostBound(const std::vector<Node> &base, const std::vector<Node> &head)
{
    std::string lost;
    std::size_t before = 0;
    std::size_t after = 0;
    for (const std::string_view name :
         {"Send", "Sync", "static", "Copy", "Pod", "Unpin", "NoUninit", "Sealed", "UnwindSafe", "AsBytes",
          "FromBytes", "Zeroable", "TrustedLen", "StableDeref", "CloneStableDeref", "StableAddress",
          "Immutable"}) {
        const std::size_t old = countText(base, name);
        const std::size_t now = countText(head, name);
        before += old;
        after += now;
        if (old > now && lost.empty())
            lost = name == "static" ? "'static" : std::string(name);
    }
    return after < before ? lost : std::string();
}

/// The lifetimes that the tokens name, `'_` left out.
std::vector<std::string> lifetimesOf(const std::vector<Node> &tokens)
{
    std::vector<std::string> names;
    for (const Node &token : tokens) {
        if (token.parent().is("lifetime") && token.text() != "'" && token.text() != "_")
            names.emplace_back(token.text());
    }
    return names;
}

/// What is returned lives as long as something that is borrowed for the call.
bool isTied(const rust::Function &function)
{
    const std::vector<std::string> returned =
        function.returnType ? lifetimesOf(tokensOf(function.returnType)) : std::vector<std::string>();
    std::vector<std::string> borrowed;
    for (const Node &reference : function.node.field("parameters").descendants("reference_type"))
        borrowed.emplace_back(
            lifetimesOf(tokensOf(reference)).empty() ? "" : lifetimesOf(tokensOf(reference)).front());
    for (const Node &self : function.node.field("parameters").descendants("self_parameter")) {
        const std::vector<std::string> names = lifetimesOf(tokensOf(self));
        borrowed.emplace_back(names.empty() ? "" : names.front());
    }
    return std::all_of(returned.begin(), returned.end(), [&](const std::string &name) {
        return std::find(borrowed.begin(), borrowed.end(), name) != borrowed.end();
    });
}

std::string withoutLifetimes(const std::vector<Node> &tokens)
{
    std::string text;
    for (const Node &token : tokens) {
        if (!token.parent().is("lifetime") && !isOneOf(token.text(), {"<", ">", ",", "where", ":"}))
            text += token.text();
    }
    return text;
}

void compareFunctions(const rust::Function &base, const rust::Function &head, Reporter &reporter)
{
    const std::vector<Node> old = headOf(base.node);
    const std::vector<Node> now = headOf(head.node);
    if (textOf(old) == textOf(now))
        return;
    const Node at = head.node.field("name");
    const Node before = base.node.field("name");
    const bool hasUnsafe = head.isUnsafe || !head.body.descendants("unsafe_block").empty();
    if (base.isUnsafe && !head.isUnsafe && (hasUnsafe || !head.body)) {
        report({at, before, "`" + head.path() + "` is no longer `unsafe`",
                "Callers who know nothing of its conditions can call it, from safe code."},
               reporter);
        return;
    }
    const auto asked = [](std::vector<Node> tokens, const Node &returned) {
        std::erase_if(tokens, [&](const Node &token) { return returned && token.isInside(returned); });
        return tokens; // what is returned is given, not asked for
    };
    if (const std::string bound = lostBound(asked(old, base.returnType), asked(now, head.returnType));
        !bound.empty() && (hasUnsafe || bound == "Send" || bound == "Sync" || bound == "'static")) {
        report(
            {at, before, "`" + head.path() + "` no longer asks for `" + bound + "`",
             "A type without it can be used here: a value that must stay on its thread, or that ends before "
             "its user does."},
            reporter);
        return;
    }
    if (isTied(base) && !isTied(head) && withoutLifetimes(old) == withoutLifetimes(now) &&
        (hasUnsafe || mentions(base.selfType, {"guard", "iter", "ref", "raw", "ptr", "handle", "entry"}))) {
        report({at, before, "`" + head.path() + "` returns what outlives its borrow",
                "What it returns may be used after what it points into is gone."},
               reporter);
        return;
    }
    if (hasUnsafe && !base.parameters.empty() && !head.parameters.empty()) {
        const std::string self = compact(base.parameters.front().pattern.parent().text());
        const std::string other = compact(head.parameters.front().pattern.parent().text());
        const bool was = compact(textOf(old)).find("&mutself") != std::string::npos;
        const bool is = compact(textOf(now)).find("&mutself") != std::string::npos;
        if (was && !is && compact(textOf(now)).find("&self") != std::string::npos)
            report({at, before, "`" + head.path() + "` takes `&self` where it took `&mut self`",
                    "Several callers can be in its unsafe code at once, or hold what it returned before."},
                   reporter);
    }
}

std::map<std::string, const rust::Function *> functionsOf(const rust::File &file)
{
    std::map<std::string, const rust::Function *> functions;
    for (const rust::Function &function : file.functions()) {
        const auto [entry, isNew] =
            functions.try_emplace(function.traitName + ' ' + function.path(), &function);
        if (!isNew)
            entry->second = nullptr;
    }
    return functions;
}

std::map<std::string, const rust::Impl *> implsOf(const rust::File &file)
{
    std::map<std::string, const rust::Impl *> impls;
    for (const rust::Impl &impl : file.impls()) {
        const auto [entry, isNew] = impls.try_emplace(impl.traitName + ' ' + impl.typeName, &impl);
        if (!isNew)
            entry->second = nullptr;
    }
    return impls;
}

void compareImpls(const RuleInput &input, Reporter &reporter)
{
    const auto head = implsOf(input.file);
    for (const auto &[key, before] : implsOf(*input.base)) {
        if (!before || before->traitName.empty())
            continue;
        const auto found = head.find(key);
        const rust::Struct *owner = input.file.structNamed(before->typeName);
        if (found == head.end()) {
            if (owner && before->traitName == "Drop" && input.base->structNamed(before->typeName))
                report({owner->node.field("name"), before->node,
                        "`" + before->typeName + "` no longer has a `Drop`",
                        "What it gave back when it went out of scope, on a panic too, stays as it is.", 0.9},
                       reporter);
            else if (owner && isOneOf(before->traitName, {"Send", "Sync"}) &&
                     before->node.text().find('!') != std::string_view::npos)
                report({owner->node.field("name"), before->node,
                        "`" + before->typeName + "` no longer refuses `" + before->traitName + "`",
                        "Other threads can get what must stay on one."},
                       reporter);
            continue;
        }
        if (!found->second)
            continue;
        const std::vector<Node> old = headOf(before->node);
        const std::vector<Node> now = headOf(found->second->node);
        if (textOf(old) == textOf(now) || (!before->isUnsafe && !found->second->isUnsafe))
            continue;
        if (const std::string bound = lostBound(old, now); !bound.empty())
            report({found->second->node, before->node,
                    "`" + before->traitName + "` for `" + before->typeName + "` no longer asks for `" +
                        bound + "`",
                    "Safe code can share or send a value that must stay on its thread."},
                   reporter);
    }
    const auto base = implsOf(*input.base);
    for (const auto &[key, impl] : head) {
        if (impl && impl->isUnsafe && isOneOf(impl->traitName, {"Send", "Sync"}) && !base.contains(key) &&
            input.base->structNamed(impl->typeName) && impl->node.text().find('!') == std::string_view::npos)
            report({impl->node, input.base->structNamed(impl->typeName)->node,
                    "`" + impl->typeName + "` is `" + impl->traitName + "` now by nothing but a promise",
                    "What kept it on one thread is no longer asked.", 0.9},
                   reporter);
    }
}

/// It may point into another field, and has to go before that one.
bool isDependent(const rust::Field &field)
{
    const std::string_view type = field.type.text();
    return type.find('\'') != std::string_view::npos || type.find('&') != std::string_view::npos ||
           mentions(type, {"guard", "*mut", "*const", "nonnull", "manuallydrop", "iter", "handle", "cursor"});
}

/// A field that may point into others stood before one that it now stands behind: fields are dropped in the
/// order in which they are declared.
const rust::Field *droppedLater(const rust::Struct &base, const rust::Struct &head)
{
    const auto placeIn = [](const rust::Struct &item, std::string_view name) {
        const auto at = std::find_if(item.fields.begin(), item.fields.end(),
                                     [&](const rust::Field &field) { return field.name == name; });
        return at - item.fields.begin();
    };
    const auto has = [](const rust::Struct &item, std::string_view name) {
        return std::any_of(item.fields.begin(), item.fields.end(),
                           [&](const rust::Field &field) { return field.name == name; });
    };
    for (const rust::Field &field : head.fields) {
        if (!isDependent(field) || !has(base, field.name))
            continue;
        for (const rust::Field &other : head.fields) {
            if (has(base, other.name) && !isDependent(other) &&
                placeIn(base, field.name) < placeIn(base, other.name) &&
                placeIn(head, field.name) > placeIn(head, other.name))
                return &field;
        }
    }
    return nullptr;
}

std::string attributesOf(const rust::Struct &item)
{
    std::string text;
    for (const std::string &attribute : item.attributes)
        text += attribute + ' ';
    return text;
}

bool isRaw(const rust::Struct &item)
{
    return std::any_of(item.fields.begin(), item.fields.end(), [](const rust::Field &field) {
        return mentions(field.type.text(), {"*mut", "*const", "nonnull", "ffi", "manuallydrop", "c_void",
                                            "maybeuninit", "transmute", "guard"});
    });
}

/// What made the field's bytes, sharing or place free of the usual rules, and is gone.
std::string_view lostWrapper(const std::string &type, const std::string &now)
{
    for (const std::string_view wrapper : {"UnsafeCell", "MaybeUninit", "Pin", "NonNull", "ManuallyDrop"}) {
        const std::string opened = std::string(wrapper) + "<";
        if (countIn(type, opened) > countIn(now, opened) && now.find("Atomic") == std::string::npos)
            return wrapper;
    }
    return {};
}

void compareFields(const rust::Struct &base, const rust::Struct &head, Reporter &reporter)
{
    for (const rust::Field &field : base.fields) {
        const auto same = std::find_if(head.fields.begin(), head.fields.end(),
                                       [&](const rust::Field &other) { return other.name == field.name; });
        const std::string type = compact(field.type.text());
        const bool isMarker = type.find("PhantomData") != std::string::npos || type == "PhantomPinned";
        if (same == head.fields.end()) {
            if (isMarker)
                report({head.node.field("name"), field.node,
                        "`" + head.name + "` lost its marker " + quoted(type, 30),
                        "The compiler decides without it what is `Send`, what is dropped, and how long it "
                        "lives.",
                        0.9},
                       reporter);
            continue;
        }
        const std::string now = compact(same->type.text());
        if (now == type)
            continue;
        const std::string bound = lostBound(tokensOf(field.type), tokensOf(same->type));
        if (isMarker && now.find("Phantom") != std::string::npos && now.size() < type.size())
            report({same->node, field.node, "The marker of `" + head.name + "` was " + quoted(type, 36),
                    "The compiler decides by it what is `Send`, what is dropped, and how long it lives."},
                   reporter);
        else if ((bound == "Send" || bound == "Sync" || bound == "'static") &&
                 type.find("dyn") != std::string::npos && now.find("dyn") != std::string::npos)
            report({same->node, field.node,
                    "`" + head.name + "." + field.name + "` no longer asks for `" + bound + "`",
                    "A value that must stay on its thread, or that ends too early, can be put there."},
                   reporter);
        else if (type.starts_with("ManuallyDrop<") && now == type.substr(13, type.size() - 14))
            report(
                {same->node, field.node, "`" + head.name + "." + field.name + "` is dropped by itself now",
                 "It goes in the order of the fields, not where the code dropped it: twice, or after what it "
                 "points into."},
                reporter);
        else if (const std::string_view wrapper = lostWrapper(type, now); !wrapper.empty())
            report({same->node, field.node,
                    "`" + head.name + "." + field.name + "` is no longer in `" + std::string(wrapper) + "`",
                    "What the compiler allowed for the wrapper only, it now takes for ruled out: bytes not "
                    "written, values changed behind a reference, values that move."},
                   reporter);
    }
}

void compareStructs(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Struct &base : input.base->structs()) {
        const rust::Struct *head = input.file.structNamed(base.name);
        if (!head || head->node.text() == base.node.text() || input.file.isTest(head->node)) {
            if (!head || attributesOf(*head) == attributesOf(base) || input.file.isTest(head->node))
                continue;
        }
        compareFields(base, *head, reporter);
        const std::string old = attributesOf(base);
        const std::string now = attributesOf(*head);
        for (const std::string_view layout : {"repr(C", "repr(transparent", "repr(align"}) {
            if (old.find(layout) != std::string::npos && now.find(layout) == std::string::npos)
                report({head->node.field("name"), base.node.field("name"),
                        "`" + base.name + "` no longer has the layout `" + std::string(layout) + "`",
                        "Code that reads it by its bytes, foreign code above all, finds other fields there."},
                       reporter);
        }
        for (const std::string_view derived : {"Clone", "Copy"}) {
            if (isRaw(base) && !contains(old, derived) && contains(now, derived) &&
                old.find("derive") != std::string::npos)
                report({head->node.field("name"), base.node.field("name"),
                        "`" + base.name + "` can be copied now, and its pointers with it",
                        "Two values own what was made once: it is freed twice, or used after it is gone."},
                       reporter);
        }
        if (const rust::Field *field = droppedLater(base, *head))
            report({field->node, base.node.field("name"),
                    "`" + base.name + "." + field->name + "` is dropped after another field now",
                    "Fields go in the order in which they are declared: one may be gone while another still "
                    "points into it."},
                   reporter);
    }
}

/// Functions of `extern "C" { … }` by name.
std::map<std::string, Node> foreignOf(const rust::File &file)
{
    std::map<std::string, Node> functions;
    for (const Node &block : file.root().descendants("foreign_mod_item")) {
        if (block.text().substr(0, block.text().find('{')).find("\"Rust\"") != std::string_view::npos)
            continue; // a bridge's own side, which the compiler does compare
        for (const Node &function : block.descendants("function_signature_item"))
            functions[std::string(function.field("name").text())] = function;
    }
    return functions;
}

/// What a declaration says of the other side's types.
constexpr const char *foreignWords[] = {"c_",     "size_t", "usize", "Option<", "*mut",
                                        "*const", "extern", "u64",   "i64"};

void compareForeign(const RuleInput &input, Reporter &reporter)
{
    const auto head = foreignOf(input.file);
    if (head.empty())
        return;
    for (const auto &[name, before] : foreignOf(*input.base)) {
        const auto now = head.find(name);
        if (now == head.end())
            continue;
        const std::string old = compact(before.field("return_type").text());
        const std::string is = compact(now->second.field("return_type").text());
        const auto typesOf = [](const Node &function) {
            std::string text;
            for (const Node &parameter : function.field("parameters").namedChildren())
                text += compact(parameter.field("type").text()) + ',';
            return text;
        };
        if (old != is || typesOf(before) != typesOf(now->second))
            report({now->second, before,
                    "The foreign function `" + name + "` is declared otherwise than before",
                    "Nothing compares a declaration with the other side's header: arguments of another size "
                    "or kind "
                    "are read as something else."},
                   reporter);
    }
}

} // namespace

void check_lost_bound(const RuleInput &input, Reporter &reporter)
{
    if (!input.base || input.file.isTestFile() || !input.base->tree().contains("unsafe"))
        return;
    const auto head = functionsOf(input.file);
    for (const auto &[path, before] : functionsOf(*input.base)) {
        const auto now = head.find(path);
        if (before && now != head.end() && now->second && !now->second->isTest)
            compareFunctions(*before, *now->second, reporter);
    }
    compareImpls(input, reporter);
    compareStructs(input, reporter);
    compareForeign(input, reporter);
}

} // namespace review::rules
