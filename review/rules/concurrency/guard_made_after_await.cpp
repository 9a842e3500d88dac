// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/cancellation.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A type of the repository whose destructor gives something back.
bool isGuardType(const std::string &name, const rust::Model &model)
{
    if (name.empty() || name[0] < 'A' || name[0] > 'Z')
        return false;
    const auto drops = model.methods(name, "drop");
    return std::any_of(drops.begin(), drops.end(),
                       [](const rust::Function *function) { return function->traitName == "Drop"; });
}

/// "Guard" of `Guard::new(..)` and `Guard { .. }`.
std::string madeType(const Node &node)
{
    if (node.is("struct_expression")) {
        const std::string name = compact(node.field("name").text());
        return name.substr(0, name.find('<'));
    }
    const Call call = rust::toCall(node);
    if (call.isMethod() || !isOneOf(call.name, {"new", "from", "create"}))
        return {};
    const std::size_t end = call.path.rfind("::");
    const std::string owner = end == std::string::npos ? std::string() : call.path.substr(0, end);
    const std::size_t begin = owner.rfind("::");
    return begin == std::string::npos ? owner : owner.substr(begin + 2);
}

/// The awaited call gives nothing back, so what it acquired lives elsewhere: `….await?;`.
bool dropsResult(const Node &pause)
{
    const Node whole = rust::withAdapters(pause);
    return whole.parent().is("expression_statement") && whole.parent().text().ends_with(';');
}

/// By its words the statement acquires something that has to be given back.
bool acquires(const Node &statement)
{
    // A future of this process gives back by itself what it acquired; a message to another one does not.
    const bool remote =
        mentions(statement.text(), {"query", "execute", "send", "request", "call", "client", "conn", "rpc",
                                    "sql", "publish", "command", "cmd", "etcd", "redis"});
    const bool gives = !remote || mentions(statement.text(), {"unlock", "release", "rollback"});
    return !gives &&
           mentions(statement.text(), {"lock", "acquire", "reserve", "register", "begin", "lease",
                                       "subscribe", "start", "increment", "join", "attach", "claim", "pin"});
}

/// By its name, or that of the function, the type holds what was acquired.
bool holds(const std::string &type, const rust::Function &function)
{
    return mentions(type, {"guard", "lock", "lease", "permit", "slot", "token", "reserv", "subscription",
                           "registration", "transaction", "claim", "ticket", "pin"}) ||
           mentions(function.name, {"acquire", "lock", "lease", "reserve", "begin", "claim"});
}

/// Another value with a destructor is made before the await: it covers what this one comes too late for.
bool isCovered(const Node &pause, const rust::Function &function, const RuleInput &input)
{
    return anyIn(function.body, [&](const Node &node) {
        if (node.index() >= pause.index() || !node.isAny({"struct_expression", "call_expression"}))
            return false;
        const std::string type = madeType(node);
        return isGuardType(type, input.model);
    });
}

struct Hit {
    Node pause;
    Node statement;
};

Hit acquisitionBefore(const Node &made, const std::vector<Node> &pauses)
{
    Hit hit;
    for (const Node &pause : pauses) {
        if (pause.index() >= made.index() || !dropsResult(pause) || !rust::canReach(pause, made))
            continue;
        const Node statement = rust::withAdapters(pause).parent();
        if (acquires(statement))
            hit = {pause, statement};
    }
    return hit;
}

void check(const rust::Function &function, const RuleInput &input, Reporter &reporter)
{
    const std::vector<Node> pauses = rust::awaitPoints(function.body);
    if (pauses.empty())
        return;
    for (const Node node : function.body.descendants()) {
        if (!node.isAny({"call_expression", "struct_expression"}))
            continue;
        const std::string type = madeType(node);
        if (type.empty() || !holds(type == "Self" ? function.selfType : type, function) ||
            !isGuardType(type == "Self" ? function.selfType : type, input.model) ||
            !rust::runsIn(node, function.body))
            continue;
        const Hit hit = acquisitionBefore(node, pauses);
        if (!hit.pause || isCovered(hit.pause, function, input))
            continue;
        Draft draft;
        draft.at = hit.statement;
        draft.title = fittingTitle({"`" + type + "` is made only after the await that acquires",
                                    "The guard is made only after the await that acquires"});
        draft.steps = {
            {"task", "sends the acquisition and awaits the answer", hit.pause},
            {"other side", "has granted it", hit.statement},
            {"task", "is dropped at the await, before " + quoted(node.text(), 32) + " is made", node}};
        draft.outcome =
            "No destructor gives back what was granted: it stays taken until the session or process ends.";
        draft.facts = {"resolved: `" + type + "` has a destructor",
                       "resolved: the awaited call gives back no value that would release by itself",
                       "assumed: the call acquires what the guard releases"};
        draft.evidence = {node};
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_guard_made_after_await(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (function.isAsync && function.body && !function.isTest)
            check(function, input, reporter);
    }
}

} // namespace review::rules
