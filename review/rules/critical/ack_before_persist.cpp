// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/durability.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A message that tells somebody of success: `tx.send(Ok(..))`, `reply.vote_granted()`.
bool isAcknowledgement(const Call &call)
{
    if (!call.isMethod())
        return false;
    const std::string target = compact(call.receiver.text());
    const bool answers = mentions(target, {"reply", "resp", "ack", "responder", "callback", "done", "oneshot",
                                           "result_tx", "waiter"}) ||
                         isOneOf(target, {"tx", "cb", "self.tx", "sender"});
    if (!answers ||
        !isOneOf(call.name, {"send", "reply", "respond", "complete", "invoke", "notify", "success", "ack"}))
        return false;
    if (call.arguments.empty())
        return isOneOf(call.name, {"complete", "success", "ack", "notify"});
    const std::string value = compact(call.arguments.front().text());
    return !mentions(value, {"err", "fail", "reject", "false", "cancel"}) &&
           (value.starts_with("Ok(") ||
            mentions(value, {"response", "resp", "reply", "granted", "true", "success", "ack"}));
}

/// Makes the state that was acknowledged durable.
bool isPersist(const Call &call)
{
    if (isOneOf(call.name, {"sync_all", "sync_data", "fsync", "flush_wal", "save_vote", "save_hard_state",
                            "persist", "persist_vote", "persist_state", "save_state", "append_entries_to_log",
                            "persist_hard_state", "write_hard_state", "save_term", "persist_term",
                            "write_opt", "commit_sync", "save_raft_state"}))
        return true;
    return call.isMethod() && isOneOf(call.name, {"append", "commit", "flush", "sync", "write"}) &&
           mentions(rust::placeText(call.receiver),
                    {"wal", "journal", "log_store", "raft_log", "storage", "engine", "batch", "txn"});
}

} // namespace

void check_ack_before_persist(const RuleInput &input, Reporter &reporter)
{
    for (const Call &ack :
         callsNamed({"send", "reply", "respond", "complete", "invoke", "success", "ack"}, input.file)) {
        if (!isAcknowledgement(ack))
            continue;
        const rust::Function *function = input.file.functionAt(ack.node);
        const Node body = rust::bodyOf(ack.node);
        if (!function || !body || mentions(function->name, {"shutdown", "stop", "close", "drop"}))
            continue;
        for (const Call &persist : rust::callsIn(body)) {
            if (persist.node.index() <= ack.node.index() || persist.node.isInside(ack.node) ||
                !isPersist(persist) || !rust::runsIn(persist.node, body) ||
                !rust::dominates(ack.node, persist.node) ||
                rust::loopAround(ack.node) != rust::loopAround(persist.node))
                continue;
            const std::string reply = quoted(compact(ack.receiver.text()) + "." + std::string(ack.name), 28);
            const std::string store = quoted(persist.name, 24);
            Draft draft;
            draft.at = ack.node;
            draft.title = fittingTitle({reply + " answers before " + store + " has made it durable",
                                        "The answer is sent before " + store + " has made it durable"});
            draft.steps = {{"node", "answers with " + reply, ack.node},
                           {"peer", "counts the answer, or tells a client of success", ack.node},
                           {"node", "crashes before " + store + " returns", persist.node}};
            draft.outcome =
                "After the restart the node does not know what it has promised: it may vote twice, or an "
                "acknowledged write is gone.";
            draft.facts = {"resolved: the answer comes before " + store + " on every path of `" +
                               function->path() + "`",
                           "assumed: the answer tells of what " + store + " stores"};
            draft.evidence = {persist.node};
            reporter.report(std::move(draft));
            break;
        }
    }
}

} // namespace review::rules
