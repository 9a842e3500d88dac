// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/edits.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

/// Takes out, ends or empties what would stay otherwise.
bool takesAway(const rust::Call &call)
{
    return isOneOf(call.name,
                   {"remove",      "remove_entry", "swap_remove", "clear",       "close",         "shutdown",
                    "disconnect",  "truncate",     "unlock",      "abort",       "abort_all",     "cancel",
                    "evict",       "expire",       "reset",       "unsubscribe", "stop",          "join",
                    "retain",      "gc",           "purge",       "drain",       "prune",         "reap",
                    "advance",     "compact",      "kill",        "disarm",      "drop_in_place", "leave",
                    "remove_file", "set_len",      "dec",         "sub"}) ||
           call.name.ends_with("_unlock") || call.name.starts_with("remove_") ||
           call.name.starts_with("unregister") || call.name.starts_with("evict_") ||
           call.name.starts_with("clear_") || call.name.starts_with("reset_") ||
           call.name.starts_with("expire_") || call.name.starts_with("cancel_") ||
           call.name.starts_with("invalidate") ||
           (call.name == "take" && call.arguments.empty() && call.isMethod());
}

/// Brings to somebody else what this function has: to a disk, a peer, a waiting task.
bool handsOn(const rust::Call &call)
{
    return isOneOf(call.name, {"flush", "update", "persist", "save", "commit", "write_all", "finish", "put",
                               "append", "ack", "acknowledge", "poll_flush", "set_nodelay", "arm", "resend",
                               "renew", "sync", "truncate"}) ||
           call.name.starts_with("persist_") || call.name.starts_with("save_") ||
           call.name.starts_with("flush_") || call.name.starts_with("store_") ||
           call.name.starts_with("write_");
}

/// `drop(connection);` of a name: what it holds is given back here rather than at the end.
bool endsEarly(const rust::Call &call)
{
    return isOneOf(call.path, {"drop", "mem::drop", "std::mem::drop"}) && call.arguments.size() == 1 &&
           call.arguments.front().isAny({"identifier", "field_expression"});
}

bool isWanted(const rust::Call &call)
{
    if (endsEarly(call))
        return isStatement(call);
    if (!call.isMethod() || (!takesAway(call) && !handsOn(call)))
        return false;
    const rust::Node parent = rust::withAdapters(call.node).parent();
    return isStatement(call) || (parent.is("let_condition") && handsOn(call));
}

/// `self.open -= 1;`, `self.io = None;`: a field that is counted or set, as a statement of its own.
std::vector<rust::Node> setsOf(const rust::Function &function)
{
    std::vector<rust::Node> sets;
    for (const char *kind : {"assignment_expression", "compound_assignment_expr"}) {
        for (const rust::Node &set : function.body.descendants(kind)) {
            const rust::Node left = set.field("left");
            if (set.parent().is("expression_statement") &&
                (left.is("field_expression") || left.is("unary_expression")))
                sets.push_back(set);
        }
    }
    return sets;
}

/// A field that is not set or counted any more, where hardly anything else was changed.
void reportSets(const RewrittenFunction &function, const RuleInput &input, Reporter &reporter)
{
    const std::vector<rust::Node> before = setsOf(*function.base);
    const std::vector<rust::Node> after = setsOf(*function.head);
    if (before.size() <= after.size())
        return;
    const Edits edits(function);
    if (edits.added() > 2 || edits.removed() > 6)
        return;
    const std::string baseText = compact(input.base->tree().text());
    const std::string headText = compact(input.file.tree().text());
    for (const rust::Node &set : before) {
        const std::string place = compact(set.field("left").text());
        const std::string field = place.substr(place.rfind('.') + 1);
        const auto sameField = [&](const rust::Node &other) {
            return compact(other.field("left").text()) == place;
        };
        if (!edits.ofBase(set) || std::any_of(after.begin(), after.end(), sameField) ||
            (headText.find('.' + field) == std::string::npos &&
             !input.model.mayDeclare(rust::Declared::Field, field)) ||
            countIn(headText, compact(set.text())) >= countIn(baseText, compact(set.text())))
            continue;
        Draft draft;
        draft.at = edits.placeInHead(set);
        draft.title = fittingTitle({quoted(set.text(), 36) + " is gone from `" + function.head->path() + '`',
                                    quoted(set.text(), 50) + " is gone", "A field is no longer set"});
        draft.steps = {{"before this change", "keeps the field in step", set},
                       {"now", "leaves it as it was", draft.at}};
        draft.outcome =
            "Whoever reads the field later decides by a value of before: a count that never falls, a state "
            "that is over.";
        draft.evidence = {set};
        draft.facts = {"resolved: the field is set here before the change and not after it, and still in use",
                       "assumed: no call sets it in its place"};
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_step_gone(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t fewLines = 4;
    constexpr std::size_t manyLines = 20;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) > manyLines)
            continue; // written anew rather than shortened
        reportSets(function, input, reporter);
        const std::vector<RemovedCall> gone = removedCalls(function, isWanted, input);
        if (gone.empty())
            continue;
        const Edits edits(function);
        for (const RemovedCall &removed : gone) {
            const Edit *edit = edits.ofBase(removed.call.node);
            if (!edit || edits.addedIn(*edit) > fewLines)
                continue; // other lines took its place
            const auto isSameStep = [&](const rust::Call &call) {
                return call.name == removed.call.name && !function.baseCalls->has(call);
            };
            if (callsAny(*function.head, isSameStep))
                continue; // written in another form: `Lock::unlock(&file)`
            const bool away = takesAway(removed.call) || endsEarly(removed.call);
            Draft draft =
                draftOfGone(removed, function, "A step is gone", away ? "takes it away" : "hands it on");
            draft.steps = {{"before this change",
                            away ? "takes away what is done with" : "hands on what it has",
                            removed.call.node},
                           {"now", away ? "leaves it" : "keeps it", removed.near}};
            draft.outcome = away ? "What stays is found again, waits, or adds up with every call."
                                 : "Whoever relies on it never gets it, or gets it only after the next call.";
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
