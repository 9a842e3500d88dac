// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/asked.h"
#include "review/rules/edits.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

/// Those of `left` that `right` has not as often.
std::vector<Asked> without(const std::vector<Asked> &left, const std::vector<Asked> &right)
{
    std::map<std::string, std::size_t> have;
    for (const Asked &each : right)
        ++have[each.key];
    std::vector<Asked> rest;
    for (const Asked &each : left) {
        if (std::size_t &count = have[each.key]; count > 0)
            --count;
        else
            rest.push_back(each);
    }
    return rest;
}

std::set<std::string_view> namesBelow(const Node &node)
{
    std::set<std::string_view> names;
    const auto add = [&](const Node &each) {
        if (each.isAny({"identifier", "field_identifier", "type_identifier"}) && each.text() != "self")
            names.insert(each.text());
    };
    add(node);
    for (const Node below : node.descendants())
        add(below);
    return names;
}

/// With what its own variables stand for: `let is_old = term < self.term; if is_old`.
std::set<std::string_view> namesOf(const Asked &asked)
{
    std::set<std::string_view> names = namesBelow(asked.node);
    if (const Node arm = asked.node.ancestor({"match_arm", "block"}); arm.is("match_arm"))
        names.merge(namesBelow(arm.parent().parent().field("value")));
    if (asked.isPattern)
        return names;
    if (asked.node.is("identifier"))
        names.merge(namesBelow(rust::initialiserOf(asked.node)));
    for (const Node &identifier : asked.node.descendants("identifier"))
        names.merge(namesBelow(rust::initialiserOf(identifier)));
    return names;
}

bool isAside(const Asked &asked)
{
    return mentions(asked.node.text(), {"log_enabled", "debug", "trace", "verbose", "cfg!", "metric",
                                        "feature", "enable", "test", "print", "quiet"});
}

/// What a node of a cluster, a transaction or a connection must know before it acts.
bool isState(const std::string &key)
{
    return mentions(key, {"term",    "epoch",   "version",  "leader",   "follower",   "candidate", "lease",
                          "expired", "closed",  "shut",     "stopped",  "generation", "stale",     "state",
                          "status",  "ready",   "contains", "exists",   "applied",    "commit",    "index",
                          "pending", "len()",   "is_empty", "limit",    "max",        "remaining", "capacity",
                          "learner", "voter",   "role",     "is_none",  "is_some",    "locked",    "retries",
                          "attempt", "timeout", "elapsed",  "deadline", "seen",       "duplicate"});
}

/// What asks by a `let`: `if let`, `let … else`, `match`.
std::size_t letsOf(const rust::Function &function)
{
    std::size_t count = function.body.descendants("let_condition").size() +
                        function.body.descendants("match_expression").size();
    for (const Node &let : function.body.descendants("let_declaration"))
        count += let.field("alternative") ? 1 : 0;
    return count;
}

/// Asks only whether a value is there, which a `let` may ask as well.
bool isPresence(const Asked &asked)
{
    const std::string text = compact(asked.node.text());
    if (asked.isPattern)
        return isOneOf(text.substr(0, text.find('(')), {"Some", "Ok", "Err", "None"}) ||
               text.ends_with("::Ready") || text.ends_with("::NotReady") || text.starts_with('"');
    return text.ends_with("is_some()") || text.ends_with("is_none()") || text.ends_with("is_ok()") ||
           text.ends_with("is_err()") || text.ends_with("is_empty()") || text.ends_with("is_ready()");
}

/// The head calls a function of this repository that the base did not: it may ask there.
bool asksThere(const RewrittenFunction &function, const RuleInput &input)
{
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        if (callsAny(*function.base, [&](const rust::Call &other) { return other.name == call.name; }))
            continue;
        for (const rust::Function *callee : input.model.callees(call.node, input.file)) {
            if (callee->body && !asksOf(*callee).empty())
                return true;
        }
    }
    return false;
}

/// The head still has what was asked of: a name of it stands in the function, or it is part of `self` and
/// declared somewhere.
bool hasSubject(const Asked &asked, const std::set<std::string_view> &left, const RuleInput &input)
{
    const auto names = namesOf(asked);
    if (std::any_of(names.begin(), names.end(), [&](std::string_view name) { return left.contains(name); }))
        return true;
    return asked.node.text().find("self.") != std::string_view::npos &&
           std::all_of(names.begin(), names.end(), [&](std::string_view name) {
               return input.file.tree().contains(name) ||
                      input.model.mayDeclare(rust::Declared::Function, name) ||
                      input.model.mayDeclare(rust::Declared::Field, name);
           });
}

/// A variant of the pattern that its enum does not have any more.
bool isOfGoneVariant(const Asked &asked, const RuleInput &input)
{
    const std::string text = compact(asked.node.text().substr(0, asked.node.text().find_first_of("({")));
    const std::size_t colon = text.rfind("::");
    if (!asked.isPattern || colon == std::string::npos)
        return false;
    const std::size_t before = text.rfind(':', colon - 1);
    const std::string type = text.substr(before == std::string::npos ? 0 : before + 1,
                                         colon - (before == std::string::npos ? 0 : before + 1));
    const rust::Struct *known = input.model.findEnum(type, input.file);
    return known && known->node.text().find(text.substr(colon + 2)) == std::string_view::npos;
}

struct Loss {
    Asked before;
    Node now; ///< the part that asks something else in its place; null where it is gone
};

/// The same comparison, of which one side is another one that the base knows too.
bool asksAnother(const Asked &before, const Asked &after, const std::string &baseText,
                 const std::string &headText)
{
    if (!before.node.is("binary_expression") || !after.node.is("binary_expression"))
        return false;
    const auto side = [](const Asked &asked, const char *name) {
        return compact(asked.node.field(name).text());
    };
    const bool sameLeft = side(before, "left") == side(after, "left");
    const bool sameRight = side(before, "right") == side(after, "right");
    const bool sameSign = before.node.field("operator").text() == after.node.field("operator").text();
    const std::string_view was0 = before.node.field("operator").text();
    const std::string_view is0 = after.node.field("operator").text();
    if (sameLeft &&
        sameRight) // in an `if` or `while` which one lets more through is `loosened-check`'s to say
        return (is0 == "==" && was0 != "==" && was0 != "!=") ||
               (!after.node.parent().isAny({"if_expression", "while_expression"}) &&
                ((was0 == ">" && is0 == ">=") || (was0 == "<" && is0 == "<=")));
    if (sameLeft == sameRight || !sameSign)
        return false;
    const std::string was = side(before, sameLeft ? "right" : "left");
    const std::string is = side(after, sameLeft ? "right" : "left");
    const auto isPlain = [](const std::string &text) { return text.size() > 2 && text.size() < 60; };
    return isPlain(was) && isPlain(is) && countIn(baseText, is) > 0 && countIn(headText, was) > 0;
}

Loss lossOf(const RewrittenFunction &function, const Edits &edits, const RuleInput &input)
{
    const std::vector<Asked> base = asksOf(*function.base);
    const std::vector<Asked> head = asksOf(*function.head);
    const std::vector<Asked> lost = without(base, head);
    const std::vector<Asked> added = without(head, base);
    if (lost.empty() || lost.size() > 3)
        return {};
    const std::string baseText = compact(input.base->tree().text());
    const std::string headText = compact(input.file.tree().text());
    if (lost.size() == 1 && added.size() == 1)
        return asksAnother(lost.front(), added.front(), baseText, headText)
                   ? Loss{lost.front(), added.front().node}
                   : Loss();
    if (!added.empty() || asksThere(function, input))
        return {};
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        if (edits.ofHead(call.node) && !function.baseCalls->has(call) &&
            (call.name.starts_with("is_") || call.name.starts_with("has_") || call.name.starts_with("check")))
            return {}; // asked in another form
    }
    const bool hasMoreLets = letsOf(*function.head) > letsOf(*function.base);
    const std::set<std::string_view> left = namesBelow(function.head->node);
    Loss best;
    for (const Asked &each : lost) {
        const Edit *edit = edits.ofBase(each.node);
        if (!edit || isAside(each) || (isPresence(each) && (each.isPattern || hasMoreLets)) ||
            edits.addedIn(*edit) > edits.removedIn(*edit) + 2)
            continue;
        const std::string text = compact(each.node.text());
        if (countIn(headText, text) >= countIn(baseText, text))
            continue; // asked elsewhere in the file now
        if (!hasSubject(each, left, input) || isOfGoneVariant(each, input))
            continue; // what it asked of is gone as well
        if (!best.before.node || (isState(each.key) && !isState(best.before.key)))
            best.before = each;
    }
    return best;
}

void report(const Loss &loss, const RewrittenFunction &function, const Edits &edits, Reporter &reporter)
{
    const Node &before = loss.before.node;
    Draft draft;
    draft.at = loss.now ? loss.now : edits.placeInHead(before);
    const std::string what = quoted(before.text(), 36);
    draft.title = loss.now ? fittingTitle({quoted(loss.now.text(), 24) + " is asked in place of " + what,
                                           "A condition asks another value than before"})
                           : fittingTitle({"`" + function.head->path() + "` no longer asks " + what,
                                           "No longer asks " + what, "A condition is gone"});
    draft.steps = {
        {"before this change", "decides by " + quoted(before.text(), 60), before},
        {"now", loss.now ? "decides by " + quoted(loss.now.text(), 60) : "does not ask", draft.at}};
    draft.outcome = "What the condition kept apart takes the same path: an old message, a second attempt, a "
                    "value beyond a bound.";
    draft.evidence = {before};
    draft.facts = {loss.now
                       ? "resolved: one side of the comparison is another value, and both are in use"
                       : "resolved: nothing in the function asks this any more, and nothing new is asked",
                   "assumed: the two cases still have to be told apart"};
    draft.confidence = isState(loss.before.key) ? 1.0 : 0.8;
    reporter.report(std::move(draft));
}

} // namespace

void check_asks_less(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t manyLines = 15;
    constexpr std::size_t manyFunctions = 2;
    std::vector<std::pair<RewrittenFunction, Loss>> found;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        const Edits edits(function);
        if (edits.added() > manyLines || edits.removed() > 2 * manyLines)
            continue; // written anew rather than changed
        if (const Loss loss = lossOf(function, edits, input); loss.before.node)
            found.emplace_back(function, loss);
    }
    if (found.size() > manyFunctions)
        return; // something that many functions asked for is gone, on purpose
    for (const auto &[function, loss] : found)
        report(loss, function, Edits(function), reporter);
}

} // namespace review::rules
