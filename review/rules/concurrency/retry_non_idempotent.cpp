// SPDX-License-Identifier: GPL-3.0-or-later
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

/// A helper that runs what it is given again when it fails.
bool retries(const Call &call)
{
    return isOneOf(call.name, {"retry", "retry_with", "with_retry", "with_retries", "retry_async",
                               "retry_notify", "retry_if", "retry_with_backoff", "call_with_retry",
                               "run_with_retry", "do_with_retry", "execute_with_retry"}) ||
           call.path.ends_with("Retry::spawn") || call.path.ends_with("RetryIf::spawn");
}

/// Done twice it has twice the effect.
bool addsUp(const Call &call)
{
    const bool adds =
        isOneOf(call.name,
                {"increment", "incr",         "incr_by",      "increment_by", "decrement", "decr",
                 "append",    "enqueue",      "publish",      "charge",       "transfer",  "deposit",
                 "withdraw",  "credit",       "debit",        "add_balance",  "lpush",     "rpush",
                 "xadd",      "send_message", "create_order", "send_email",   "pay",       "push_message"});
    return call.isMethod() && adds && rust::isAwaited(call.node);
}

/// The request carries what lets the other side notice a repetition, or a condition.
bool isRecognised(std::string_view text)
{
    return mentions(text, {"idempot", "request_id", "req_id", "txn_id", "message_id", "msg_id", "dedup",
                           "nonce", "seq", "offset", "epoch", "expected", "if_match", "condition", "version",
                           "token", "log_id", "uuid", "producer_id"});
}

} // namespace

void check_retry_non_idempotent(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("retry") && !tree.contains("Retry"))
        return;
    for (const Call &call : rust::callsIn(input.file.root())) {
        if (!retries(call) || isTestOrTool(call.node, input.file))
            continue;
        for (const Node &argument : call.arguments) {
            if (!argument.isAny({"closure_expression", "async_block"}) || isRecognised(argument.text()))
                continue;
            for (const Call &inner : rust::callsIn(argument)) {
                if (!addsUp(inner))
                    continue;
                const std::string name = quoted(inner.name, 24);
                Draft draft;
                draft.at = inner.node;
                draft.title = fittingTitle({name + " is tried again, and may be done twice"});
                draft.steps = {{"client", "sends " + name, inner.node},
                               {"server", "does it, and its answer is lost", inner.node},
                               {"client", "takes the timeout for a failure and sends it again", call.node}};
                draft.outcome = "The effect is there twice: an entry, an amount, a message too many.";
                draft.facts = {"resolved: " + quoted(call.name, 30) +
                                   " runs its closure again after an error",
                               "resolved: no id and no condition goes with the request",
                               "assumed: the other side does not notice repetitions by itself"};
                draft.evidence = {call.node};
                reporter.report(std::move(draft));
                break;
            }
        }
    }
}

} // namespace review::rules
