// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_wording.h"
#include "review/rules/relocks.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <string>

namespace review::rules {

namespace {

/// The second acquisition is a temporary that the guard at hand can stand in for:
/// `self.index.lock().unwrap().len()` becomes `index.len()`.
bool replaceByGuard(const Relock &relock, const std::vector<rust::Guard> &guards, Draft &draft)
{
    if (relock.callee || relock.guard.mode != rust::GuardMode::Exclusive)
        return false;
    for (const rust::Guard &second : guards) {
        if (second.call != relock.at)
            continue;
        const bool isUsedInPlace =
            second.variable.empty() && second.expression.parent().is("field_expression");
        const bool mayWrite = relock.guard.binding.text().find("mut ") != std::string_view::npos;
        if (!isUsedInPlace || !(mayWrite || second.mode == rust::GuardMode::Shared))
            return false;
        draft.edits.push_back({second.expression.bytes(), relock.guard.variable});
        return true;
    }
    return false;
}

/// The guard is not used any more where the lock is taken again, so it can go before.
void dropBefore(const Relock &relock, Draft &draft)
{
    const rust::Guard &guard = relock.guard;
    const rust::Node statement = rust::statementOf(relock.at);
    const rust::Node block = rust::blockOf(guard.binding);
    if (!statement || !block || rust::blockOf(statement) != block || !guard.binding.is("let_declaration"))
        return;
    const std::uint32_t start = statement.bytes().begin;
    for (const rust::Node &use : rust::usesOf(guard.variable, block)) {
        if (use.bytes().begin >= start)
            return;
    }
    draft.edits.push_back({{start, start}, "drop(" + guard.variable + ");\n" + indentOf(statement)});
}

} // namespace

void check_double_lock(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        for (const Relock &relock : relocksIn(body, input)) {
            if (relock.guard.variable.empty())
                continue;
            Draft draft = describeRelock(relock, input.file);
            draft.title = quoted(relock.guard.lock.receiver, 28) + " is locked again while " +
                          quoted(relock.guard.variable, 16) +
                          (relock.certain ? " holds it" : " may still hold it");
            if (relock.certain && !replaceByGuard(relock, input.locks.guards(body, input.file), draft))
                dropBefore(relock, draft);
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
