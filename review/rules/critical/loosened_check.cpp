// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/changed_parts.h"
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

/// The parts that a condition joins with `&&` or `||`, without parentheses around them.
void addParts(const Node &condition, std::string_view sign, std::vector<Node> &parts)
{
    Node bare = condition;
    while (bare.is("parenthesized_expression"))
        bare = bare.firstNamedChild();
    if (bare.is("binary_expression") && bare.field("operator").text() == sign) {
        addParts(bare.field("left"), sign, parts);
        addParts(bare.field("right"), sign, parts);
    } else if (bare.is("let_chain") && sign == "&&") {
        for (const Node &part : bare.namedChildren())
            addParts(part, sign, parts);
    } else if (bare) {
        parts.push_back(bare);
    }
}

std::vector<Node> partsOf(const Node &condition, std::string_view sign)
{
    std::vector<Node> parts;
    addParts(condition, sign, parts);
    return parts;
}

/// The one part that the base's condition has besides those of the head's; null unless all others are the
/// same.
Node lostPart(const Node &base, const Node &head, std::string_view sign)
{
    const std::vector<Node> before = partsOf(base, sign);
    std::vector<std::string> after;
    for (const Node &part : partsOf(head, sign))
        after.push_back(compact(part.text()));
    if (before.size() != after.size() + 1)
        return {};
    Node lost;
    for (const Node &part : before) {
        const auto same = std::find(after.begin(), after.end(), compact(part.text()));
        if (same != after.end())
            after.erase(same);
        else if (lost)
            return {};
        else
            lost = part;
    }
    return after.empty() ? lost : Node();
}

/// The comparison of the head that lets one value more through than the base's did: `>` for `>=` where the
/// condition turns away, `<=` for `<` where it lets through.
Node looserComparison(const Node &base, const Node &head, bool turnsAway)
{
    const std::vector<Node> before = base.is("binary_expression") ? std::vector{base} : std::vector<Node>();
    std::vector<Node> old = base.descendants("binary_expression");
    std::vector<Node> now = head.descendants("binary_expression");
    old.insert(old.begin(), before.begin(), before.end());
    if (head.is("binary_expression"))
        now.insert(now.begin(), head);
    if (old.size() != now.size())
        return {};
    for (std::size_t i = 0; i < now.size(); ++i) {
        const std::string_view from = old[i].field("operator").text();
        const std::string_view to = now[i].field("operator").text();
        if (from == to || compact(old[i].field("left").text()) != compact(now[i].field("left").text()) ||
            compact(old[i].field("right").text()) != compact(now[i].field("right").text()))
            continue;
        const bool isLess = (from == ">=" && to == ">") || (from == "<=" && to == "<");
        const bool isMore = (from == ">" && to == ">=") || (from == "<" && to == "<=");
        return (turnsAway ? isLess : isMore) ? now[i] : Node();
    }
    return {};
}

void reportCondition(const Node &at, const Node &before, const std::string &title, const std::string &what,
                     double confidence, Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({title, "A condition lets more through than before"});
    draft.steps = {{"before this change", "asks " + quoted(before.text(), 60), before},
                   {"now", "asks " + quoted(at.text(), 60), at}};
    draft.outcome = what;
    draft.evidence = {before};
    draft.facts = {"resolved: apart from this the condition and what depends on it are the same",
                   "assumed: nothing else keeps these values out"};
    draft.confidence = confidence;
    reporter.report(std::move(draft));
}

/// The `if` or `while` of the base around the same code.
Node counterpart(const Node &branch, const rust::Function &base)
{
    const std::string body =
        compact(branch.field(branch.is("if_expression") ? "consequence" : "body").text());
    Node found;
    for (const Node &other : base.body.descendants(branch.kind())) {
        if (compact(other.field(other.is("if_expression") ? "consequence" : "body").text()) != body)
            continue;
        if (found)
            return {};
        found = other;
    }
    return found;
}

void checkConditions(const RewrittenFunction &function, Reporter &reporter)
{
    const std::string now = compact(function.head->body.text());
    for (const char *kind : {"if_expression", "while_expression"}) {
        for (const Node &branch : function.head->body.descendants(kind)) {
            const Node other = counterpart(branch, *function.base);
            const Node condition = branch.field("condition");
            const Node before = other.field("condition");
            if (!before || compact(before.text()) == compact(condition.text()))
                continue;
            const bool turnsAway = branch.is("if_expression") && rust::diverges(branch.field("consequence"));
            const bool hasElse = bool(branch.field("alternative")); // both ways are taken: neither is looser
            if (const Node looser = hasElse ? Node() : looserComparison(before, condition, turnsAway)) {
                reportCondition(
                    looser, before, quoted(looser.text(), 40) + " lets one value more through",
                    "The value at the border takes the path that was closed to it: an index equal "
                    "to the length, a limit reached.",
                    1.0, reporter);
                continue;
            }
            const Node lost = lostPart(before, condition, turnsAway ? "||" : "&&");
            if (lost && now.find(compact(lost.text())) == std::string::npos)
                reportCondition(condition, before, "The condition no longer asks " + quoted(lost.text(), 36),
                                "What the missing part kept out takes the same path as all the rest.", 1.0,
                                reporter);
        }
    }
}

bool cuts(const rust::Call &call)
{
    return isOneOf(call.name, {"min", "clamp"}) && !call.arguments.empty() &&
           (call.isMethod() || mentions(call.path, {"cmp::min", "min"}));
}

/// Where the head uses as a length, an end or a count what the base had cut to a bound.
Node usedUncut(const rust::Call &cut, const RewrittenFunction &function)
{
    std::vector<std::string> names;
    if (cut.isMethod())
        names.push_back(compact(cut.receiver.text()));
    for (const Node &argument : cut.arguments)
        names.push_back(compact(argument.text()));
    const Node let = cut.node.parent();
    if (let.is("let_declaration") && let.field("pattern").is("identifier"))
        names.push_back(compact(let.field("pattern").text()));
    const auto isNamed = [&](const Node &node) {
        return std::find(names.begin(), names.end(), compact(node.text())) != names.end();
    };
    for (const Node &range : function.head->body.descendants("range_expression")) {
        for (const Node &end : range.namedChildren()) {
            if (isNamed(end) && !end.is("integer_literal"))
                return range;
        }
    }
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        if (isOneOf(call.name,
                    {"with_capacity", "reserve", "resize", "take", "split_to", "split_at", "advance",
                     "truncate", "set_len", "from_raw_parts", "skip", "sleep", "drain"}) &&
            std::any_of(call.arguments.begin(), call.arguments.end(), isNamed))
            return call.node;
    }
    return {};
}

void checkBounds(const RewrittenFunction &function, const RuleInput &input, Reporter &reporter)
{
    for (const RemovedCall &removed : removedCalls(function, cuts, input)) {
        const Node at = usedUncut(removed.call, function);
        if (!at)
            continue;
        Draft draft;
        draft.at = at;
        draft.title = fittingTitle(
            {quoted(at.text(), 24) + " is no longer cut to " + quoted(removed.call.node.text(), 24),
             "A length is no longer cut to its bound"});
        draft.steps = {{"before this change", "takes the smaller of two values", removed.call.node},
                       {"now", "takes the one that may be too large", at}};
        draft.outcome =
            "A value beyond the bound reaches past the end, or takes as much as somebody asks for.";
        draft.evidence = {removed.call.node};
        draft.facts = {"resolved: the bound stood here before the change and is nowhere in the function now",
                       "assumed: the value can be larger than the bound"};
        draft.confidence = 1.0;
        reporter.report(std::move(draft));
    }
}

/// `debug_assert!(…)` where `assert!(…)` was.
void checkAssertions(const RewrittenFunction &function, Reporter &reporter)
{
    const auto isMacro = [](const Node &token, std::string_view start) {
        return token.is("identifier") && token.fieldName() == "macro" && token.text().starts_with(start);
    };
    for (const ChangedPart &part : changedParts(function)) {
        const Node now = firstMore(part, [&](const Node &token) { return isMacro(token, "debug_assert"); });
        const auto before = std::find_if(part.lost.begin(), part.lost.end(),
                                         [&](const Node &token) { return isMacro(token, "assert"); });
        if (!now || before == part.lost.end() ||
            now.parent().text().find(before->text()) == std::string_view::npos)
            continue;
        reportCondition(
            now.parent(), before->parent(), quoted(now.parent().text(), 36) + " is gone in a release build",
            "A release build no longer asks: what the assertion kept out reaches the code after it.", 1.0,
            reporter);
    }
}

} // namespace

void check_loosened_check(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        checkConditions(function, reporter);
        checkBounds(function, input, reporter);
        checkAssertions(function, reporter);
    }
}

} // namespace review::rules
