// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/cancellation.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A copy of shared state in a local: `let n = self.state.lock().await.term;`.
struct Copy {
    Node declaration;
    std::string variable;
    Node source; ///< the read inside the initialiser
    std::string place;
};

bool isLockCall(const Call &call)
{
    return call.isMethod() && call.arguments.empty() && isOneOf(call.name, {"lock", "read", "write"});
}

/// The field behind a lock or an atomic that an expression reads and copies out of it.
std::string readPlace(const Node &value, const rust::Function &function, Node &source)
{
    const Node stripped = rust::stripAdapters(value);
    Call call = rust::toCall(stripped);
    if (call.name == "load" && call.arguments.size() == 1) {
        source = stripped;
        return sharedPlace(call.receiver, function);
    }
    Node place = value;
    if (isOneOf(call.name, {"clone", "copied", "to_owned"}))
        place = call.receiver;
    if (place.is("unary_expression") && place.text().starts_with('*'))
        place = place.firstNamedChild();
    if (!place.is("field_expression") && place == value)
        return {};
    const auto calls = rust::callsIn(place);
    const auto lock = std::find_if(calls.begin(), calls.end(), isLockCall);
    if (lock == calls.end())
        return {};
    source = lock->node;
    return sharedPlace(place, function);
}

std::optional<Copy> copyOf(const Node &declaration, const rust::Function &function)
{
    const Node pattern = declaration.field("pattern");
    const Node name = pattern.is("mut_pattern") ? pattern.firstNamedChild() : pattern;
    Copy copy{declaration, std::string(name.text()), {}, {}};
    if (!name.is("identifier") || !declaration.field("value"))
        return std::nullopt;
    copy.place = readPlace(declaration.field("value"), function, copy.source);
    return copy.place.empty() ? std::nullopt : std::optional(copy);
}

/// The local or what is computed from it.
bool comesFrom(const Node &expression, const Copy &copy, int depth = 0)
{
    return anyIn(expression, [&](const Node &node) {
        if (!node.is("identifier") || rust::isNoRead(node))
            return false;
        const Node binding = rust::bindingOf(node);
        if (binding == copy.declaration)
            return node.text() == copy.variable;
        // What was awaited is an answer, not a computation.
        const Node value = binding.is("let_declaration") ? binding.field("value") : Node();
        return value && depth < 4 && !node.isInside(value) && value.descendants("await_expression").empty() &&
               comesFrom(value, copy, depth + 1);
    });
}

/// The statement stores a value made from the copy into the place it came from.
bool writesBack(const Node &node, const Copy &copy, const rust::Function &function)
{
    if (node.is("assignment_expression"))
        return sharedPlace(node.field("left"), function) == copy.place &&
               comesFrom(node.field("right"), copy);
    const Call call = rust::toCall(node);
    return call.name == "store" && call.arguments.size() == 2 &&
           sharedPlace(call.receiver, function) == copy.place && comesFrom(call.arguments.front(), copy);
}

/// Under the second lock the state is compared with the copy, or a newer value is asked for.
bool checksAgain(const Node &from, const Node &to, const Copy &copy)
{
    const Node body = rust::bodyOf(to);
    return anyIn(body, [&](const Node &node) {
        return node.index() > from.index() && node.index() < to.index() &&
               node.isAny({"if_expression", "match_expression", "while_expression"}) && to.isInside(node) &&
               mentions(node.field(node.is("match_expression") ? "value" : "condition").text(),
                        {copy.variable});
    });
}

void check(const rust::Function &function, const RuleInput &, Reporter &reporter)
{
    const std::vector<Node> pauses = rust::awaitPoints(function.body);
    if (pauses.empty())
        return;
    for (const Node &declaration : function.body.descendants("let_declaration")) {
        const auto copy =
            rust::runsIn(declaration, function.body) ? copyOf(declaration, function) : std::nullopt;
        if (!copy)
            continue;
        for (const Node node : function.body.descendants()) {
            if (node.index() < declaration.index() || node.isInside(declaration) ||
                !node.isAny({"assignment_expression", "call_expression"}) ||
                !writesBack(node, *copy, function))
                continue;
            const auto pause = std::find_if(pauses.begin(), pauses.end(), [&](const Node &at) {
                return at.index() > declaration.index() && !at.isInside(declaration) &&
                       at.index() < node.index() && rust::statementOf(at) != rust::statementOf(node) &&
                       !isLockCall(rust::toCall(at.firstNamedChild())) && rust::canReach(at, node);
            });
            if (pause == pauses.end() || checksAgain(*pause, node, *copy))
                continue;
            const std::string place = quoted(copy->place, 26);
            Draft draft;
            draft.at = node;
            draft.title = fittingTitle({place + " is written from a copy that an await has made stale",
                                        "Shared state is written from a copy that an await made stale"});
            draft.steps = {{"task A", "copies " + place + " to " + quoted(copy->variable), copy->source},
                           {"task A", "awaits without the lock", *pause},
                           {"task B", "does the same and writes its own new value", *pause},
                           {"task A", "writes a value made from its old copy", node}};
            draft.outcome = "B's change is lost.";
            draft.facts = {"resolved: both places name `" + copy->place + "`",
                           "resolved: between the copy and the write nothing compares it again",
                           "assumed: two tasks run `" + function.path() + "` at a time"};
            draft.evidence = {copy->source, *pause};
            // Through other variables the value may no longer be the copy's.
            const Node written =
                node.is("assignment_expression") ? node.field("right") : node.field("arguments");
            const bool direct = anyIn(written, [&](const Node &at) {
                return at.is("identifier") && at.text() == copy->variable && !rust::isNoRead(at);
            });
            draft.confidence = direct ? 1.0 : 0.85;
            reporter.report(std::move(draft));
            return;
        }
    }
}

} // namespace

void check_stale_value_after_await(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (function.isAsync && function.body && !function.isTest)
            check(function, input, reporter);
    }
}

} // namespace review::rules
