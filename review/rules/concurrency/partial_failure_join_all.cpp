// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The call changes something on another machine.
bool changesRemote(const Call &call)
{
    const bool writes =
        isOneOf(call.name, {"put", "write", "append", "insert", "delete", "remove", "update", "upsert",
                            "commit", "prepare", "apply", "replicate", "propose", "create", "set", "execute",
                            "transfer", "drop_shard", "create_shard"}) ||
        call.name.starts_with("write_") || call.name.starts_with("update_") ||
        call.name.starts_with("create_") || call.name.starts_with("delete_") ||
        call.name.starts_with("commit_") || call.name.starts_with("put_") ||
        call.name.starts_with("append_") || call.name.starts_with("apply_");
    return call.isMethod() && writes &&
           mentions(call.receiver.text(), {"peer", "replica", "shard", "node", "client", "member", "store",
                                           "server", "region", "partition", "participant", "follower"}) &&
           !mentions(call.receiver.text(), {"object_store", "restore", "datastore"});
}

/// What `try_join_all` runs: the closure of its argument, or of what fills its variable.
Node changeIn(const Node &argument)
{
    Node made = argument;
    if (const Node initialiser = rust::initialiserOf(rust::stripAdapters(argument)))
        made = initialiser;
    const std::string head = compact(made.text());
    if (!mentions(head, {"peers", "replicas", "shards", "nodes", "members", "servers", "regions",
                         "partitions", "participants", "followers", "stores", "clients"}))
        return {};
    for (const Call &call : rust::callsIn(made)) {
        if (changesRemote(call))
            return call.node;
    }
    return {};
}

/// The function undoes, records or tries again what failed half-way.
bool compensates(std::string_view text)
{
    return mentions(text, {"rollback", "roll_back", "undo", "revert", "compensat", "abort", "retry",
                           "cleanup", "clean_up", "mark_failed", "idempot", "two_phase", "prepare"});
}

} // namespace

void check_partial_failure_join_all(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("try_join_all"))
        return;
    for (const Call &call : callsNamed({"try_join_all"}, input.file)) {
        const rust::Function *function = input.file.functionAt(call.node);
        if (call.isMethod() || call.arguments.size() != 1 || !function ||
            isTestOrTool(call.node, input.file) || compensates(function->node.text()))
            continue;
        const Node change = changeIn(call.arguments.front());
        if (!change)
            continue;
        const std::string name = quoted(rust::toCall(change).name, 24);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({"One failed " + name + " leaves the others done or cut off",
                                    "One failed change leaves the others done or cut off"});
        draft.steps = {
            {"task", "sends " + name + " to all machines at once", change},
            {"machine 1", "has done it; machine 2 refuses", change},
            {"task", "returns the first error and drops the futures that are still on their way", call.node}};
        draft.outcome =
            "Some machines have the change and some do not, and the caller learns of one error only.";
        draft.facts = {"resolved: `try_join_all` drops the other futures at the first error",
                       "resolved: this function neither undoes nor records what was done"};
        draft.evidence = {change};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
