// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/remarks.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>

namespace review::rules {

namespace {

/// The acquisition that a `let _ = …` throws away at once; null if it is none for sure.
const rust::Guard *discardedGuard(const rust::Node &declaration, const RuleInput &input)
{
    using enum rust::LockFamily;
    const rust::Call call = rust::toCall(rust::stripAdapters(declaration.field("value")));
    if (!call || call.name.starts_with("try_"))
        return nullptr;
    const auto &guards = input.locks.guards(rust::bodyOf(declaration), input.file);
    const auto found = std::find_if(guards.begin(), guards.end(),
                                    [&](const rust::Guard &guard) { return guard.call == call.node; });
    if (found == guards.end() || found->tries || found->lock.family == None ||
        found->lock.family == Unknown || found->lock.family == RefCell)
        return nullptr;
    return &*found;
}

/// Keeping the guard must not make a later acquisition of the same lock wait for it.
bool isLockedLater(const rust::Guard &guard, const rust::Node &declaration, const RuleInput &input)
{
    const auto &guards = input.locks.guards(rust::bodyOf(declaration), input.file);
    return std::any_of(guards.begin(), guards.end(), [&](const rust::Guard &other) {
        return other.call.bytes().begin > declaration.bytes().end && other.lock.key == guard.lock.key;
    });
}

} // namespace

void check_let_underscore_lock(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("let _ ="))
        return;
    for (const rust::Node &declaration : input.file.root().descendants("let_declaration")) {
        const rust::Node pattern = declaration.field("pattern");
        if (pattern.text() != "_")
            continue;
        const rust::Guard *guard = discardedGuard(declaration, input);
        // `{ let _ = x.lock(); }` waits until the others are done, and guards nothing.
        if (!guard || declaration.parent().namedChildren().size() == 1)
            continue;
        const std::string name = quoted(guard->lock.receiver, 40);
        const std::string actor = actorOf(declaration, input.file);
        Draft draft;
        draft.at = declaration;
        draft.title = "`let _` unlocks " + quoted(guard->lock.receiver, 28) + " at once";
        draft.steps = {{actor + " A",
                        lockingVerb(guard->lock, guard->mode) + ' ' + name +
                            "; `_` binds nothing, so the guard is dropped at the end of this statement",
                        declaration},
                       {actor + " B", "locks " + name + " meanwhile", declaration},
                       {actor + " A", "goes on as if it held the lock", declaration}};
        draft.outcome = "What follows runs unprotected, side by side with every other user of " + name + '.';
        draft.facts = {lockFact(guard->lock),
                       "resolved: the pattern is `_`, not a name that starts with `_`"};
        draft.confidence = guard->lock.assumed ? 0.7 : 1;
        // Waiting once for all who hold the lock now is what an end may want.
        const rust::Function *function = input.file.functionAt(declaration);
        const bool saysSo = mentions(remarkOn(declaration) + remarkOn(declaration.previousNamedSibling()),
                                     {"wait", "complete", "until", "finish", "prove"});
        if (function && guard->mode == rust::GuardMode::Exclusive &&
            (saysSo ||
             mentions(function->name, {"shutdown", "stop", "close", "drain", "wait", "barrier", "finish"}))) {
            draft.facts.push_back("assumed: this does not only wait until the others are done");
            draft.confidence = 0.6;
        }
        if (!isLockedLater(*guard, declaration, input)) {
            draft.edits.push_back({pattern.bytes(), "_guard"});
            draft.applicability = Applicability::Machine;
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
