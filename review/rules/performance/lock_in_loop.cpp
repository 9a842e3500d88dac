// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"
#include "review/rust/patterns.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Guard;
using rust::Node;

/// The node is a statement of the loop's body itself, so that each round runs it.
bool isInEachRound(const Node &call, const Node &loop)
{
    const Node block = rust::blockOf(call);
    return block == loop.field("body") &&
           !call.ancestor({"if_expression", "match_expression", "closure_expression", "block"})
                .isAny({"if_expression", "match_expression", "closure_expression"});
}

/// A round does little but this: no wait, no call that takes long, few statements. Then the lock is most of
/// its cost.
bool isShort(const Node &loop)
{
    const Node body = loop.field("body");
    const bool waits = anyIn(body, [](const Node &node) {
        return node.isAny({"await_expression", "for_expression", "while_expression", "loop_expression",
                           "closure_expression", "async_block"});
    });
    return !waits && body.namedChildren().size() <= 4 && rust::callsIn(body).size() <= 10 &&
           !mentions(body.text(), {"send", "sleep", "spawn", "write_all", "read_exact", "sync", "flush",
                                   "join", "drop(", "callback", "notify", "yield", "recv", "fs::", "file"});
}

} // namespace

void check_lock_in_loop(const RuleInput &input, Reporter &reporter)
{
    for (const Node &body : input.locks.bodies(input.file)) {
        if (body.text().find("for ") == std::string_view::npos || isTestOrTool(body, input.file))
            continue;
        const std::vector<Guard> &guards = input.locks.guards(body, input.file);
        for (const Guard &guard : guards) {
            const Node loop = rust::loopAround(guard.call);
            if (!loop.is("for_expression") ||
                !isOneOf(rust::toCall(guard.call).name, {"lock", "read", "write"}) || !isOfKnownLock(guard) ||
                guard.lock.assumed || guard.tries || !guard.lock.fixed ||
                !(guard.lock.receiver.starts_with("self.") || !guard.lock.root) ||
                !isInEachRound(guard.call, loop) || !isShort(loop))
                continue;
            // One more lock held over the loop, or two in a round, make the order matter.
            const bool alone = std::ranges::none_of(guards, [&](const Guard &other) {
                return other.call != guard.call &&
                       (other.maybeHeldAt(guard.call) || other.call.isInside(loop.field("body")));
            });
            if (!alone || (guard.lock.root && guard.lock.root.isInside(loop)))
                continue;
            const std::string name = quoted(guard.lock.receiver, 26);
            Draft draft;
            draft.at = guard.call;
            draft.title = fittingTitle({name + " is locked again in each round of the loop",
                                        "A lock is taken again in each round of a loop"});
            draft.steps = {
                {actorOf(guard.call, input.file),
                 "goes round the loop for each of " + quoted(loop.field("value").text()), loop},
                {actorOf(guard.call, input.file), "locks and unlocks " + name + " each time", guard.call},
                {"others", "come in between two rounds and see it half done", guard.call}};
            draft.outcome =
                "The lock costs more than the work, and with others at it each round may have to wait.";
            draft.facts = {lockFact(guard.lock), "resolved: a round does nothing that waits",
                           "assumed: the loop has enough rounds to matter"};
            draft.evidence = {loop};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
