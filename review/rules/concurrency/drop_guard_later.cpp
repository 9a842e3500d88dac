// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

/// A type that does something when it goes.
bool hasDrop(const std::string &type, const RuleInput &input)
{
    if (mentions(type, {"guard"}))
        return true;
    for (const rust::File *file : input.model.filesWithOwner(type)) {
        for (const rust::Impl &impl : file->impls()) {
            if (impl.traitName == "Drop" && impl.typeName == type)
                return true;
        }
    }
    return false;
}

/// A value that is built: `Self { .. }`, `Lease { .. }`, `Lease::new(..)`.
struct Built {
    Node node;
    std::string type;
};

std::vector<Built> builtIn(const rust::Function &function)
{
    std::vector<Built> found;
    const auto add = [&](const Node &node, std::string type) {
        type = type.substr(0, type.find('<'));
        if (const std::size_t colon = type.rfind("::"); colon != std::string::npos)
            type.erase(0, colon + 2);
        if (type == "Self")
            type = function.selfType.substr(0, function.selfType.find('<'));
        if (!type.empty())
            found.push_back({node, std::move(type)});
    };
    for (const Node &value : function.body.descendants("struct_expression"))
        add(value, compact(value.field("name").text()));
    for (const rust::Call &call : rust::callsIn(function.body)) {
        const std::size_t colon = call.path.rfind("::");
        if (!call.isMethod() && colon != std::string::npos &&
            (call.name.starts_with("new") || isOneOf(call.name, {"guard", "arm", "create"})))
            add(call.node, call.path.substr(0, colon));
    }
    return found;
}

/// The awaits of the function that are over before the value is built, those of nested bodies included.
std::vector<Node> awaitsBefore(const rust::Function &function, const Node &value)
{
    std::vector<Node> awaits;
    for (const Node &await : function.body.descendants("await_expression")) {
        if (await.bytes().end <= value.bytes().begin)
            awaits.push_back(await);
    }
    return awaits;
}

const Built *only(const std::vector<Built> &built, const std::string &type)
{
    const Built *found = nullptr;
    for (const Built &each : built) {
        if (each.type != type)
            continue;
        if (found)
            return nullptr;
        found = &each;
    }
    return found;
}

/// The name of what is awaited at the end: "begin" of `db.begin(x).await`; empty for other futures.
std::string_view awaitedName(const Node &await)
{
    return rust::toCall(await.firstNamedChild()).name;
}

void report(const Built &now, const Built &old, const Node &await, Reporter &reporter)
{
    Draft draft;
    draft.at = now.node;
    draft.title = fittingTitle({"`" + now.type + "` is now built only after " + quoted(await.text(), 26),
                                "A value that cleans up is now built only after an await"});
    draft.steps = {{"before this change", "had the value that cleans up before it waited", old.node},
                   {"this task", "asks, and awaits the answer", await},
                   {"the caller", "drops the future there: what was asked for may have been done", await},
                   {"now", "has nothing yet whose destructor takes it back", now.node}};
    draft.outcome = "A lock, a transaction or a slot stays taken, and nobody holds it.";
    draft.evidence = {await, old.node};
    draft.facts = {"resolved: `" + now.type + "` does something when it is dropped",
                   "resolved: it was built before this await, or by the awaited future itself",
                   "assumed: what is awaited takes something that has to be given back"};
    reporter.report(std::move(draft));
}

} // namespace

void check_drop_guard_later(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (function.head->body.descendants("await_expression").empty())
            continue;
        const std::vector<Built> before = builtIn(*function.base);
        const std::vector<Built> after = builtIn(*function.head);
        for (const Built &now : after) {
            const Built *old = only(before, now.type);
            if (!old || !only(after, now.type))
                continue;
            const auto awaits = awaitsBefore(*function.head, now.node);
            const auto oldAwaits = awaitsBefore(*function.base, old->node);
            const auto calls = [&](const Node &await) {
                const std::string_view name = awaitedName(await);
                const auto isNamed = [&](const rust::Call &call) { return call.name == name; };
                return !name.empty() && callsAny(*function.base, isNamed) &&
                       std::none_of(oldAwaits.begin(), oldAwaits.end(),
                                    [&](const Node &other) { return awaitedName(other) == name; });
            };
            const auto moved = std::find_if(awaits.begin(), awaits.end(), calls);
            if (moved == awaits.end() || !hasDrop(now.type, input))
                continue;
            report(now, *old, *moved, reporter);
            break;
        }
    }
}

} // namespace review::rules
