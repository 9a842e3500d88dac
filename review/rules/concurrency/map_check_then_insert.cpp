// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_wording.h"
#include "review/rules/node_search.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// Maps that several threads change through `&self`, so that two calls are two steps.
bool isConcurrentMap(const rust::Node &receiver, const RuleInput &input)
{
    const rust::Type type = input.model.infer(receiver, input.file).peeled();
    const bool scc =
        type.path.starts_with("scc::") && isOneOf(type.name(), {"HashMap", "HashIndex", "TreeIndex"});
    return scc || isOneOf(type.name(), {"DashMap", "DashSet", "SkipMap", "SkipSet"});
}

/// The question in a condition: `map.contains_key(k)`, `map.get(k).is_none()`.
rust::Call questionIn(const rust::Node &condition)
{
    for (const rust::Call &call : rust::callsIn(condition)) {
        if (call.isMethod() && isOneOf(call.name, {"contains_key", "contains", "get"}))
            return call;
    }
    return {};
}

std::string keyOf(const rust::Call &call)
{
    std::string text = call.arguments.empty() ? "" : compact(call.arguments.front().text());
    while (text.starts_with('&') || text.starts_with('*'))
        text.erase(0, 1);
    for (const std::string_view tail : {".clone()", ".to_string()", ".to_owned()", ".into()"}) {
        if (text.ends_with(tail))
            text.resize(text.size() - tail.size());
    }
    return text;
}

/// The insertion that follows the answer "not there", in a branch or after one that leaves.
rust::Call insertionAfter(const rust::Node &branch, const rust::Call &question)
{
    const rust::Node taken = branch.field("consequence");
    const std::string condition = compact(branch.field("condition").text());
    const bool absent = condition.find('!') != std::string::npos ||
                        condition.find("is_none()") != std::string::npos || condition.starts_with("letNone");
    std::vector<rust::Node> places{absent ? taken : branch.field("alternative")};
    if (rust::diverges(taken))
        places = {rust::blockOf(branch)};
    for (const rust::Node &place : places) {
        for (const rust::Call &call : rust::callsIn(place)) {
            const bool isHere = call.isMethod() && call.name == "insert" && !call.arguments.empty() &&
                                rust::placeText(call.receiver) == rust::placeText(question.receiver) &&
                                call.node.bytes().begin > branch.field("condition").bytes().end &&
                                rust::bodyOf(call.node) == rust::bodyOf(branch);
            if (isHere && keyOf(call) == keyOf(question))
                return call;
        }
    }
    return {};
}

bool isOnlyHere(const rust::Call &question, const RuleInput &input)
{
    const rust::Node receiver = question.receiver;
    if (receiver.is("identifier"))
        return rust::bindingOf(receiver).is("let_declaration");
    const rust::Function *function = input.file.functionAt(receiver);
    return function && receiver.text().starts_with("self.") &&
           std::any_of(function->parameters.begin(), function->parameters.end(),
                       [](const rust::Parameter &parameter) {
                           return parameter.name == "self" &&
                                  parameter.pattern.text().find("mut") != std::string_view::npos;
                       });
}

} // namespace

void check_map_check_then_insert(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("Dash") && !tree.contains("Skip") && !tree.contains("scc::"))
        return;
    for (const rust::Node &branch : input.file.root().descendants("if_expression")) {
        const rust::Call question = questionIn(branch.field("condition"));
        const rust::Call insertion = question ? insertionAfter(branch, question) : rust::Call();
        if (!insertion || !isConcurrentMap(question.receiver, input) || isOnlyHere(question, input) ||
            !rust::withAdapters(insertion.node).parent().is("expression_statement"))
            continue;
        const std::string map = quoted(question.receiver.text(), 30);
        const std::string actor = actorOf(branch, input.file);
        Draft draft;
        draft.at = insertion.node;
        draft.title = fittingTitle({map + " is asked and then filled in two steps",
                                    "A concurrent map is asked and then filled in two steps"});
        draft.steps = {{actor + " 1", "asks " + map + ": the key is not there", question.node},
                       {actor + " 2", "asks too, gets the same answer and inserts", question.node},
                       {actor + " 1", "inserts and replaces what the other one put there", insertion.node}};
        draft.outcome =
            "The first value is lost while someone may already use it; each call locks by itself, the "
            "two together do not.";
        draft.evidence = {question.node};
        draft.facts = {"resolved: " + map + " is a concurrent map", "resolved: both calls use the same key",
                       "assumed: several threads come here with the same key"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
