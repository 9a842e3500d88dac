// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_wording.h"
#include "review/rules/relocks.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace review::rules {

namespace {

/// Methods whose result does not borrow from what they are called on, so that it can outlive the guard.
constexpr std::array<std::string_view, 18> ownedResults{
    "cloned",       "copied",    "clone",    "to_owned", "to_vec",  "to_string",
    "pop",          "pop_front", "pop_back", "remove",   "take",    "is_empty",
    "contains_key", "contains",  "len",      "insert",   "replace", "try_recv"};

std::string_view constructOf(const rust::Node &binding)
{
    if (binding.is("match_expression"))
        return "match";
    if (binding.is("if_expression"))
        return "if let";
    if (binding.is("while_expression"))
        return "while let";
    if (binding.is("for_expression"))
        return "for";
    return {};
}

/// The value that is looked at; null for a chain of conditions.
rust::Node scrutineeOf(const rust::Node &binding)
{
    if (binding.is("match_expression"))
        return binding.field("value");
    const rust::Node condition = binding.field("condition");
    return condition.is("let_condition") ? condition.field("value") : rust::Node();
}

bool outlivesGuard(const rust::Node &scrutinee, const rust::Node &acquisition)
{
    const rust::Call last = rust::toCall(rust::stripAdapters(scrutinee));
    if (!last)
        return false;
    if (std::find(ownedResults.begin(), ownedResults.end(), last.name) != ownedResults.end())
        return true;
    // The guard is only an argument of an async call, whose output is known when it is done.
    return rust::isAwaited(last.node) && !acquisition.isInside(last.receiver);
}

std::string freeName(const rust::Node &body)
{
    for (const char *name : {"found", "value", "current"}) {
        if (rust::usesOf(name, body).empty() && body.text().find(name) == std::string_view::npos)
            return name;
    }
    return {};
}

void addHoist(const rust::Guard &guard, Draft &draft)
{
    const rust::Node scrutinee = scrutineeOf(guard.binding);
    const rust::Node statement = rust::statementOf(guard.binding);
    if (!scrutinee || !statement || !outlivesGuard(scrutinee, guard.call))
        return;
    if (guard.binding.is("while_expression")) {
        const rust::Node body = guard.binding.field("body");
        const rust::Node pattern = guard.binding.field("condition").field("pattern");
        const std::string indent = indentOf(guard.binding) + "    ";
        draft.edits.push_back({{guard.binding.bytes().begin, body.bytes().begin + 1},
                               "loop {\n" + indent + "let " + std::string(pattern.text()) + " = " +
                                   std::string(scrutinee.text()) + " else {\n" + indent + "    break;\n" +
                                   indent + "};"});
        return;
    }
    const std::string name = freeName(rust::bodyOf(guard.binding));
    if (name.empty() || guard.binding.ancestor({"match_arm"}).isInside(statement))
        return;
    const std::uint32_t start = statement.bytes().begin;
    draft.edits.push_back(
        {{start, start},
         "let " + name + " = " + std::string(scrutinee.text()) + ";\n" + indentOf(statement)});
    draft.edits.push_back({scrutinee.bytes(), name});
}

} // namespace

void check_guard_temp_relock(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        for (const Relock &relock : relocksIn(body, input)) {
            if (!relock.guard.variable.empty())
                continue;
            Draft draft = describeRelock(relock, input.file);
            const std::string_view construct = constructOf(relock.guard.binding);
            draft.title = quoted(relock.guard.lock.receiver, 28) + " is locked again while ";
            draft.title += construct.empty() ? "a temporary still holds it"
                                             : "the `" + std::string(construct) + "` head still holds it";
            draft.facts.push_back(editionFact(input.file));
            if (!construct.empty() && !input.file.editionKnown() && construct == "if let")
                draft.confidence *= 0.8;
            addHoist(relock.guard, draft);
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
