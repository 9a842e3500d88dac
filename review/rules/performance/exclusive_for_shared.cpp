// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/holds.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

std::string placeOf(const Hold &hold)
{
    return compact(hold.guard.lock.receiver);
}

std::size_t countOf(const std::vector<Hold> &holds, const Hold &like, bool isShared)
{
    return static_cast<std::size_t>(std::count_if(holds.begin(), holds.end(), [&](const Hold &hold) {
        return hold.isShared == isShared && placeOf(hold) == placeOf(like);
    }));
}

std::set<std::string_view> usesOf(const Hold &hold, const rust::Function &function)
{
    std::set<std::string_view> names;
    for (const Call &call : rust::callsIn(function.body)) {
        if (isOnGuard(call, hold))
            names.insert(call.name);
    }
    return names;
}

/// Something is assigned through the guard, or it is lent out to be changed.
bool isWrittenThrough(const Hold &hold)
{
    const Node body = rust::bodyOf(hold.guard.call);
    const auto isOf = [&](const Node &place) {
        Node root = place;
        while (root.isAny(
            {"field_expression", "unary_expression", "index_expression", "parenthesized_expression"}))
            root = root.firstNamedChild();
        return hold.guard.call.isInside(place) ||
               (!hold.guard.variable.empty() && root.text() == hold.guard.variable);
    };
    for (const std::string_view kind : {"assignment_expression", "compound_assignment_expr"}) {
        for (const Node &assignment : body.descendants(kind)) {
            if (isOf(assignment.field("left")))
                return true;
        }
    }
    for (const Node &reference : body.descendants("reference_expression")) {
        if (reference.text().starts_with("&mut") && isOf(reference.field("value")))
            return true;
    }
    return false;
}

void report(const Hold &now, const Hold &old, Reporter &reporter)
{
    const Call call = rust::toCall(now.guard.call);
    const Call was = rust::toCall(old.guard.call);
    const std::string place = "`" + placeOf(now) + "`";
    Draft draft;
    draft.at = now.guard.call;
    draft.title = fittingTitle(
        {place + " is now held alone where it was shared", "A lock is now held alone where it was shared"});
    draft.steps = {{"before this change", "shares it with other readers", old.guard.call},
                   {"now", "keeps all others out", now.guard.call},
                   {"other readers", "wait for each other, one at a time", now.guard.call}};
    draft.outcome = "Readers of " + place + " no longer run side by side.";
    draft.evidence = {old.guard.call};
    draft.facts = {"resolved: the function did the same with a shared guard before the change",
                   "assumed: no method called on the guard changes the value"};
    const Node name = call.node.field("function").field("field");
    const bool isPair =
        (call.name == "write" && was.name == "read") || (call.name == "get_mut" && was.name == "get");
    if (name && isPair)
        draft.edits.push_back({name.bytes(), std::string(was.name)});
    reporter.report(std::move(draft));
}

/// A field that several could use at the same time is now behind one mutex, or shares a cache line.
void checkFields(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Struct &now : input.file.structs()) {
        const rust::Struct *old = input.base ? input.base->structNamed(now.name) : nullptr;
        for (const rust::Field &field : old ? now.fields : std::vector<rust::Field>()) {
            const auto same =
                std::find_if(old->fields.begin(), old->fields.end(), [&](const rust::Field &other) {
                    return other.name == field.name && other.type.text() != field.type.text();
                });
            if (same == old->fields.end())
                continue;
            const std::string_view was = same->type.text();
            const std::string_view is = field.type.text();
            const bool isOne =
                mentions(is, {"mutex<"}) && !mentions(was, {"mutex<"}) &&
                mentions(was, {"rwlock<", "dashmap<", "arcswap", "atomic", "oncecell<", "oncelock<",
                               "skipmap<", "sharded", "threadlocal", "concurrent", "scc::"});
            const bool isUnpadded = mentions(was, {"cachepadded<", "cachealigned<"}) &&
                                    !mentions(is, {"cachepadded", "cachealigned"});
            if (!isOne && !isUnpadded)
                continue;
            Draft draft;
            draft.at = field.node;
            draft.title = fittingTitle({"`" + now.name + '.' + field.name + "` is now used by one at a time",
                                        "A field is now used by one at a time"});
            draft.steps = {{"before this change", "let several threads go on side by side", same->node},
                           {"now",
                            isOne ? "lets one in, and all others wait"
                                  : "shares its cache line with what stands beside it",
                            field.node}};
            draft.outcome = "Threads that only read, or work on different entries, hold each other up.";
            draft.evidence = {same->node};
            draft.facts = {"resolved: the type was " + quoted(was, 40) + " and is " + quoted(is, 40),
                           "assumed: several threads use it often"};
            draft.confidence = 0.9;
            reporter.report(std::move(draft));
        }
    }
}

} // namespace

void check_exclusive_for_shared(const RuleInput &input, Reporter &reporter)
{
    checkFields(input, reporter);
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        const std::vector<Hold> now = holdsIn(*function.head, input.file, input.model);
        if (std::all_of(now.begin(), now.end(), [](const Hold &hold) { return hold.isShared; }))
            continue;
        const std::vector<Hold> before = holdsIn(*function.base, *input.base, input.model);
        for (const Hold &hold : now) {
            const auto old = std::find_if(before.begin(), before.end(), [&](const Hold &other) {
                return other.isShared && placeOf(other) == placeOf(hold);
            });
            if (hold.isShared || hold.guard.tries || placeOf(hold).empty() || old == before.end() ||
                countOf(now, hold, true) >= countOf(before, hold, true) ||
                countOf(now, hold, false) <= countOf(before, hold, false) || isWrittenThrough(hold))
                continue;
            const auto uses = usesOf(hold, *function.head);
            const auto oldUses = usesOf(*old, *function.base);
            if (std::includes(oldUses.begin(), oldUses.end(), uses.begin(), uses.end())) {
                report(hold, *old, reporter);
                break;
            }
        }
    }
}

} // namespace review::rules
