// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

/// Ends what a pair of calls began, whatever the path: a transaction, a raw ownership, a registration.
bool endsSomething(const rust::Call &call)
{
    return isOneOf(call.name, {"commit", "rollback", "deregister", "unregister", "detach", "forget",
                               "from_raw", "release", "destroy", "cleanup", "free", "from_raw_fd"}) ||
           isOneOf(call.path, {"libc::close", "unistd::close", "nix::unistd::close"}) ||
           call.name.ends_with("_destroy") || call.name.ends_with("_free") ||
           call.name.starts_with("rollback_") || call.name.starts_with("release_") ||
           call.name.starts_with("destroy_") || call.name.starts_with("free_");
}

/// Counts only where something has failed: collections are emptied for many reasons.
bool undoes(const rust::Call &call)
{
    if (isOneOf(call.path, {"process::abort", "std::process::abort"}) || call.path.ends_with("take") ||
        (call.name == "take" && !call.arguments.empty()))
        return false; // ends all; mem::take moves on what is there; an iterator's takes a number
    return isOneOf(call.name,
                   {"remove", "close", "delete", "cancel", "abort", "pop", "take", "shutdown", "decrement",
                    "fetch_sub", "remove_file", "remove_dir_all", "truncate", "clear", "disconnect"}) ||
           call.name.starts_with("remove_") || call.name.starts_with("delete_") ||
           call.name.starts_with("clean");
}

/// On a path that has failed: in `Err(…) =>`, `if let Err`, `if x.is_err()`, `map_err(|…|)`, or in a block
/// that ends with an error.
bool isOnFailingPath(const rust::Node &call)
{
    for (rust::Node node = call; node && !node.is("function_item"); node = node.parent()) {
        if (node.is("match_arm") && node.field("pattern").text().starts_with("Err"))
            return true;
        if (node.is("closure_expression") && isOneOf(rust::toCall(node.parent().parent()).name,
                                                     {"map_err", "or_else", "inspect_err", "unwrap_or_else"}))
            return true;
        if (node.is("block") && node.parent().is("if_expression")) {
            const rust::Node condition = node.parent().field("condition");
            if (mentions(condition.text(), {"err", "is_none", "fail", "!", "== -1", "is_null", "< 0"}))
                return true;
        }
        if (node.is("block") && node.parent().is("else_clause") &&
            mentions(node.parent().parent().field("condition").text(), {"ok", "some"}))
            return true;
    }
    return false;
}

bool isWanted(const rust::Call &call)
{
    return endsSomething(call) || (undoes(call) && isOnFailingPath(call.node));
}

} // namespace

void check_dropped_cleanup(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const RemovedCall &removed : removedCalls(function, isWanted, input)) {
            const bool failing = isOnFailingPath(removed.call.node);
            Draft draft = draftOfGone(removed, function, "A clean-up is gone", "cleans up");
            draft.steps = {{"before this change",
                            failing ? "gives back what it took when the work fails" : "ends what it began",
                            removed.call.node},
                           {"now", "leaves it as it is", removed.near}};
            draft.outcome = "What was taken stays taken: each such call leaves one more behind, or one that "
                            "is never finished.";
            draft.confidence =
                failing || isOneOf(removed.call.name, {"commit", "rollback", "forget"}) ? 1.0 : 0.8;
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
