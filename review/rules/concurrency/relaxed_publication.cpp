// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/atomics.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/remarks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

bool isExclusive(const rust::Function *function)
{
    if (!function)
        return true;
    const auto owns = [](const rust::Parameter &parameter) {
        const std::string_view text = parameter.type ? parameter.type.text() : parameter.pattern.text();
        // Whoever has the lock's guard has seen everything that was done under the lock.
        if (text.find("Guard") != std::string_view::npos)
            return true;
        return parameter.name == "self" &&
               (text.find("mut") != std::string_view::npos || text.find('&') == std::string_view::npos);
    };
    return function->name == "drop" || function->name == "new" ||
           std::any_of(function->parameters.begin(), function->parameters.end(), owns);
}

/// A fence or a stronger access between the two orders them: one that acquires for reading the data, one that
/// releases for publishing it.
bool isFenced(const rust::Node &body, std::uint32_t from, std::uint32_t to, bool publishes)
{
    const auto calls = rust::callsIn(body);
    return std::any_of(calls.begin(), calls.end(), [&](const rust::Call &call) {
        const std::uint32_t at = call.node.bytes().begin;
        if (at <= from || at >= to)
            return false;
        const AtomicAccess access = atomicAccess(call);
        if (access.place.empty())
            return call.name.find("fence") != std::string_view::npos;
        return publishes ? access.releases() && access.kind != AtomicAccess::Kind::Load
                         : access.acquires() && access.kind != AtomicAccess::Kind::Store;
    });
}

/// What an `UnsafeCell`, or memory behind a pointer, gets written there: `*self.value.get() = …`,
/// `(*slot.get()).write(…)`, `ptr::write(…)`.
bool writesCell(const rust::Node &node)
{
    if (node.is("assignment_expression")) {
        const std::string left = compact(node.field("left").text());
        return left.starts_with('*') && left.find(".get()") != std::string::npos;
    }
    const rust::Call call = rust::toCall(node);
    if (!call)
        return false;
    if (!call.isMethod())
        return call.path.ends_with("ptr::write");
    const std::string on = compact(call.receiver.text());
    return call.name == "write" && call.arguments.size() == 1 && on.find(".get()") != std::string::npos;
}

bool readsCell(const rust::Node &node)
{
    if (node.is("unary_expression") && node.text().starts_with('*'))
        return compact(node.text()).find(".get()") != std::string::npos;
    const rust::Call call = rust::toCall(node);
    return call.isMethod() &&
           (isOneOf(call.name, {"assume_init_ref", "assume_init_read", "assume_init"}) ||
            (isOneOf(call.name, {"read", "as_ref"}) && compact(call.receiver.text()).ends_with(".get()")));
}

/// The pointer that a relaxed load gives is followed, at once or through its variable.
rust::Node followedAfter(const AtomicAccess &load, const rust::Node &body)
{
    rust::Node value = load.call.node;
    while (value.parent().is("parenthesized_expression"))
        value = value.parent();
    const rust::Node parent = value.parent();
    if (parent.is("unary_expression") && parent.text().starts_with('*'))
        return parent;
    const rust::Call method = rust::toCall(parent.parent());
    if (method.receiver == value && isOneOf(method.name, {"as_ref", "as_mut"}))
        return parent.parent();
    if (!parent.is("let_declaration") || !parent.field("pattern").is("identifier"))
        return {};
    for (const rust::Node &use : rust::usesOf(parent.field("pattern").text(), body)) {
        if (use.bytes().begin < parent.bytes().end || rust::bindingOf(use) != parent)
            continue;
        const rust::Node around = use.parent();
        const rust::Call asked = rust::toCall(around.parent());
        const bool follows = (around.is("unary_expression") && around.text().starts_with('*')) ||
                             (asked.receiver == use && isOneOf(asked.name, {"as_ref", "as_mut"}));
        if (follows)
            return use;
    }
    return {};
}

/// `Ordering::Relaxed` becomes `Ordering::Acquire`, in the way it is written.
void reorder(const rust::Node &ordering, std::string_view name, Draft &draft)
{
    const std::string_view written = ordering.text();
    const std::size_t colon = written.rfind(':');
    if (colon != std::string_view::npos)
        draft.edits.push_back(
            {ordering.bytes(), std::string(written.substr(0, colon + 1)) + std::string(name)});
}

void checkStore(const AtomicAccess &store, const rust::Node &body, Reporter &reporter)
{
    rust::Node write;
    for (const rust::Node node : body.descendants()) {
        if (node.bytes().begin >= store.call.node.bytes().begin)
            break;
        if (writesCell(node) && rust::bodyOf(node) == body)
            write = node;
    }
    const std::string_view value = store.call.arguments.front().text();
    if (!write || value == "false" || value == "0" || !rust::canReach(write, store.call.node) ||
        isFenced(body, write.bytes().end, store.call.node.bytes().begin, true))
        return;
    const std::string place = quoted(store.place, 28);
    Draft draft;
    draft.at = store.call.node;
    draft.title = fittingTitle(
        {place + " publishes data with a Relaxed store", "Data is published with a Relaxed store"});
    draft.steps = {
        {"thread 1", "writes the data", write},
        {"thread 1", "sets " + place + " with `Relaxed`, which nothing keeps behind the data",
         store.call.node},
        {"thread 2", "sees " + place + " set and reads the data before it arrives", store.call.node}};
    draft.outcome =
        "Thread 2 reads data that is not written yet: a data race, which ARM and POWER show first.";
    draft.evidence = {write};
    draft.facts = {"resolved: memory behind a cell or pointer is written before the store",
                   "resolved: the store is `Relaxed` and no fence stands before it",
                   "assumed: another thread reads the data when it sees the new value"};
    reorder(store.call.arguments.back(), "Release", draft);
    reporter.report(std::move(draft));
}

void checkLoad(const AtomicAccess &load, const rust::Node &body, const RuleInput &input, Reporter &reporter)
{
    rust::Node use = followedAfter(load, body);
    const rust::Node branch =
        load.call.node.ancestor({"if_expression", "while_expression", "let_declaration", "block"});
    if (!use && branch.is("if_expression") && load.call.node.isInside(branch.field("condition"))) {
        for (const rust::Node node : branch.field("consequence").descendants()) {
            if (readsCell(node)) {
                use = node;
                break;
            }
        }
    }
    if (!use || isFenced(body, load.call.node.bytes().end, use.bytes().begin, false))
        return;
    const rust::Type type = input.model.infer(load.call.receiver, input.file).peeled();
    const bool isPointer = type.name() == "AtomicPtr";
    if (type.known() && !isPointer && !readsCell(use))
        return;
    const std::string place = quoted(load.place, 28);
    Draft draft;
    draft.at = load.call.node;
    draft.title = fittingTitle(
        {place + " is loaded Relaxed before its data is read", "Data is read after a Relaxed load"});
    draft.steps = {{"thread 1", "writes the data and then stores to " + place, load.call.node},
                   {"thread 2", "loads the new value with `Relaxed`", load.call.node},
                   {"thread 2", "reads the data, of which nothing says that it has arrived", use}};
    draft.outcome =
        "Thread 2 reads data that is not written yet: a data race, which ARM and POWER show first.";
    draft.evidence = {use};
    draft.facts = {"resolved: the load is `Relaxed` and nothing acquires before the data is read",
                   "assumed: another thread fills the data while this one runs"};
    draft.confidence = type.known() ? 1 : 0.8;
    reorder(load.call.arguments.back(), "Acquire", draft);
    reporter.report(std::move(draft));
}

} // namespace

void check_relaxed_publication(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("Relaxed") || !tree.contains("unsafe"))
        return;
    for (const AtomicAccess &access : atomicAccessesIn(input.file.root())) {
        const rust::Node body = rust::bodyOf(access.call.node);
        const rust::Function *function = input.file.functionAt(body);
        if (access.ordering != "Relaxed" || !body || isExclusive(function))
            continue;
        // The author says why, or that only one thread comes here.
        const std::string remark = remarkOn(rust::statementOf(access.call.node));
        if (mentions(remark, {"relaxed", "same thread"}) ||
            (function && mentions(function->docs, {"thread-safe", "thread safe", "single thread"})))
            continue;
        if (access.kind == AtomicAccess::Kind::Store)
            checkStore(access, body, reporter);
        else if (access.kind == AtomicAccess::Kind::Load)
            checkLoad(access, body, input, reporter);
    }
}

} // namespace review::rules
