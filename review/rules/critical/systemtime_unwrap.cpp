// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <map>
#include <utility>
#include <vector>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The time is a fixed one of the past: a constant by its name, or a field that is made from one.
bool isEpoch(const Node &time, const RuleInput &input)
{
    const auto namesEpoch = [](std::string_view text) {
        return text.find("EPOCH") != std::string_view::npos;
    };
    const Node start = time.is("identifier") ? rust::initialiserOf(time) : Node();
    if (namesEpoch(time.text()) || namesEpoch(start.text()))
        return true;
    const std::string_view field = time.field("field").text();
    if (!time.is("field_expression") || !namesEpoch(input.file.tree().text()))
        return false;
    for (const Node &let : input.file.root().descendants("let_declaration")) {
        if (let.field("pattern").text() == field && namesEpoch(let.field("value").text()))
            return true;
    }
    for (const Node &made : input.file.root().descendants("field_initializer")) {
        if (made.field("field").text() == field && namesEpoch(made.field("value").text()))
            return true;
    }
    return false;
}

/// A branch around it has compared the two times.
bool isCompared(const Call &since)
{
    const std::string a = rust::placeText(since.receiver);
    const std::string b = rust::placeText(rust::stripAdapters(since.arguments.front()));
    for (Node node = since.node; node && !a.empty() && !b.empty(); node = node.parent()) {
        const Node condition = node.is("if_expression") ? node.field("condition") : Node();
        for (const Node part : condition.descendants()) {
            if (part.is("identifier") && part.text() == b.substr(0, b.find('.')) &&
                condition.text().find(a) != std::string_view::npos &&
                condition.text().find_first_of("<>") != std::string_view::npos)
                return true;
        }
    }
    return false;
}

/// The clock is read for it, here or where its variable gets its value.
bool readsClock(const Node &time)
{
    return time.text().find("now(") != std::string_view::npos ||
           rust::initialiserOf(rust::stripAdapters(time)).text().find("now(") != std::string_view::npos;
}

/// The time since a time of the wall clock, unwrapped. `Instant`'s methods return no Result.
bool unwrapsWallClock(const Call &unwrap, const RuleInput &input)
{
    const Call since = rust::toCall(unwrap.receiver);
    if (!since.isMethod())
        return false;
    if (since.name == "duration_since" && since.arguments.size() == 1)
        return !isEpoch(rust::stripAdapters(since.arguments.front()), input) && !isCompared(since);
    return since.name == "elapsed" && since.arguments.empty() && !isEpoch(since.receiver, input) &&
           input.model.infer(since.receiver, input.file).peeled().name() == "SystemTime";
}

Draft makeDraft(const Call &unwrap, const Call &since)
{
    const std::string code = quoted(since.node.text(), 34);
    Draft draft;
    draft.at = unwrap.node;
    // Times that were computed or received are in an order of their own.
    const bool measures =
        since.name == "elapsed" || readsClock(since.receiver) || readsClock(since.arguments.front());
    if (!measures) {
        draft.facts.push_back("assumed: the two times are not in order by how they are made");
        draft.confidence = 0.7;
    }
    draft.title =
        fittingTitle({code + " panics when the clock is set back", "A panic when the clock is set back"});
    draft.steps = {
        {"clock", "is set back by NTP, an administrator or a resumed virtual machine", since.receiver},
        {"code", "asks for the time since a time that is now in the future, and unwraps the error",
         unwrap.node}};
    draft.outcome = "The thread panics on one correction of the clock, on every machine that gets it.";
    draft.facts.insert(draft.facts.begin(), "resolved: " + code + " compares two times of the wall clock");
    draft.edits = {{{since.node.bytes().end, unwrap.node.bytes().end}, ".unwrap_or_default()"}};
    return draft;
}

} // namespace

void check_systemtime_unwrap(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("SystemTime"))
        return;
    std::map<std::pair<const rust::Function *, std::string>, Draft>
        drafts; // one for each start of a measurement
    std::vector<std::pair<const rust::Function *, std::string>> order;
    for (const Node &node : input.file.root().descendants("call_expression")) {
        const Call call = rust::toCall(node);
        const bool unwraps = call.isMethod() && ((call.name == "unwrap" && call.arguments.empty()) ||
                                                 (call.name == "expect" && call.arguments.size() == 1));
        if (!unwraps || !unwrapsWallClock(call, input) || isTestOrTool(node, input.file))
            continue;
        const Call since = rust::toCall(call.receiver);
        const auto key = std::pair(input.file.functionAt(node), compact(since.node.text()));
        Draft draft = makeDraft(call, since);
        if (const auto found = drafts.find(key); found != drafts.end()) {
            found->second.evidence.push_back(draft.at);
            found->second.edits.push_back(draft.edits.front());
            continue;
        }
        order.push_back(key);
        drafts.emplace(key, std::move(draft));
    }
    for (const auto &key : order)
        reporter.report(std::move(drafts.at(key)));
}

} // namespace review::rules
