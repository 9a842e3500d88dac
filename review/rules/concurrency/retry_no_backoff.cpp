// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/failing_arms.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A call of another machine, or of what may be away for a while, by its name.
bool isRemote(const Call &call, const RuleInput &input)
{
    if (mentions(call.name,
                 {"connect", "subscribe", "request", "fetch", "download", "upload", "handshake", "dial",
                  "register", "publish", "replicate", "propose", "accept", "join_cluster", "heartbeat"}))
        return !mentions(call.name, {"disconnect", "is_connected"});
    if (!isOneOf(call.name, {"execute", "query", "call", "send", "post", "put", "get", "commit", "ping",
                             "append", "open", "apply", "write_all", "acquire"}))
        return false;
    // A name that collections have as well: an async function of this repository, or an awaited one of a
    // client.
    return rust::isAwaited(call.node) && call.isMethod() &&
           (mentions(call.receiver.text(),
                     {"client", "conn", "rpc", "http", "remote", "stub", "session", "storage"}) ||
            (!input.model.callees(call.node, input.file).empty()));
}

/// Something in the loop waits, or bounds the number of its rounds, or gives each round other work.
bool isPaced(const Node &loop)
{
    return mentions(loop.text(),
                    {"sleep",   "delay",     "tick",       "backoff",  "back_off",    "interval",  "recv",
                     ".next(",  ".next::<",  "changed(",   "notified", "select!",     "yield_now", "wait(",
                     "wait_",   "waiting",   "pause",      "park",     "attempt",     "retries",   " tries",
                     "retry",   "pop(",      "pop_front",  "timeout",  "timer",       "throttle",  "ready!",
                     "poll",    ".read(",    "::read(",    "read_u8",  "limit",       "permit",    "deadline",
                     "elapsed", "ratelimit", "wouldblock", "retain(",  "interrupted", "next_",     ".remove(",
                     "stop",    "shutdown",  "cancel"});
}

/// A function of this repository that is called there pauses by itself: the one that is tried, or the one
/// that the error is handed to.
bool pausesInside(const Node &place, const RuleInput &input)
{
    return anyIn(place, [&](const Node &node) {
        const auto callees = node.is("call_expression") ? input.model.callees(node, input.file)
                                                        : std::vector<const rust::Function *>();
        return std::any_of(callees.begin(), callees.end(), [](const rust::Function *callee) {
            return mentions(callee->body.text(), {"sleep", "backoff", "back_off", "interval"});
        });
    });
}

/// Each round has something else to ask for: `while let Some(next) = source.next().await`, `while let
/// Some(batch) = grab()` before `send(batch)`, or an argument that the round sets anew.
bool hasOtherWork(const Node &loop, const Node &call)
{
    const Node condition = loop.field("condition");
    const bool binds = condition.is("let_condition") && !call.isInside(condition);
    if (binds && !condition.descendants("await_expression").empty())
        return true;
    std::vector<Node> names;
    for (const Node &argument : rust::toCall(call).arguments) {
        const Node value = rust::stripAdapters(argument);
        for (const Node &name :
             value.is("identifier") ? std::vector<Node>{value} : value.descendants("identifier"))
            names.push_back(name);
    }
    return std::any_of(names.begin(), names.end(), [&](const Node &name) {
        if (binds && rust::boundName(condition.field("pattern"), name.text()))
            return true;
        const Node binding = rust::bindingOf(name);
        return binding && !binding.isInside(loop) && anyIn(loop, [&](const Node &node) {
                   return node.is("assignment_expression") && node.field("left").text() == name.text();
               });
    });
}

void reportSpin(const FailingArm &arm, const Node &loop, const RuleInput &input, Reporter &reporter)
{
    const std::string name = quoted(arm.call.name, 28);
    const bool accepts = arm.call.name == "accept";
    Draft draft;
    draft.at = arm.call.node;
    draft.title = fittingTitle({name + " is tried again at once, for ever, while it fails",
                                "A failing call is tried again at once, for ever"});
    draft.steps = {{"task", "calls " + name + ", which fails at once", arm.call.node},
                   {"task",
                    accepts ? "goes on with the loop; out of file descriptors, the next one fails too"
                            : "goes on with the loop without a pause",
                    arm.handler ? arm.handler : arm.call.node}};
    draft.outcome =
        accepts ? "The loop takes a whole processor and fills the log until descriptors are free again."
                : "The loop takes a whole processor and floods the peer just when it is in trouble.";
    draft.facts = {"resolved: nothing in the loop at line " + std::to_string(loop.lines().begin + 1) +
                       " waits, counts attempts or leaves on an error",
                   "assumed: " + name + " fails for longer than a moment"};
    draft.confidence = arm.guarded ? 0.8 : 1.0;
    if (input.model.callees(arm.call.node, input.file).empty() && !accepts)
        draft.confidence *= 0.95;
    reporter.report(std::move(draft));
}

/// `let reply = match ask().await { Ok(reply) => reply, Err(_) => Reply::refusal() }`: the round goes on.
bool givesSubstitute(const FailingArm &arm)
{
    const Node match = arm.handler.ancestor({"match_expression"});
    return match && arm.handler.parent().is("match_arm") && match.parent().is("let_declaration") &&
           !rust::diverges(arm.handler);
}

void checkLoop(const Node &loop, const RuleInput &input, Reporter &reporter)
{
    if (isPaced(loop))
        return;
    for (const Node &node : loop.descendants("call_expression")) {
        const Call call = rust::toCall(node);
        if (rust::loopAround(node) != loop || !isRemote(call, input))
            continue;
        // `tls.accept(connection)`: the next round has another connection to ask for.
        if (call.name == "accept" && !call.arguments.empty())
            continue;
        // `Ok(Some((peer, handshake)))`: a listener that says by itself when it is over, and opens no
        // descriptor for a connection.
        const Node match = node.ancestor({"match_expression"});
        if (call.name == "accept" && node.isInside(match.field("value")) &&
            mentions(compact(match.field("body").text()).substr(0, 12), {"ok(some("}))
            continue;
        const bool blocks = isOneOf(call.name, {"accept", "connect"});
        const Node awaited = node.parent();
        if (!blocks && !awaited.is("await_expression") && !awaited.is("field_expression"))
            continue;
        const auto arm = failingArm(call);
        if (!arm || !arm->staysInLoop || givesSubstitute(*arm) ||
            (arm->pattern && compact(arm->pattern.text()) == "None") ||
            (arm->guarded && !arm->handler.descendants("try_expression").empty()))
            continue;
        if (hasOtherWork(loop, node) || pausesInside(node, input) ||
            (arm->handler && pausesInside(arm->handler, input)))
            continue;
        reportSpin(*arm, loop, input, reporter);
        return;
    }
}

std::optional<double> numberOf(const Node &expression)
{
    if (!expression.isAny({"float_literal", "integer_literal"}))
        return std::nullopt;
    double value = 0;
    const std::string_view text = expression.text();
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() ? std::optional(value) : std::nullopt;
}

/// The number an expression is for certain: a literal, a constant, or a parameter for which every call gives
/// the same constant.
std::optional<double> constantOf(const Node &expression, const rust::File &file, const RuleInput &input,
                                 int depth)
{
    if (const auto number = numberOf(expression))
        return number;
    if (!expression.is("identifier") || depth > 2)
        return std::nullopt;
    const std::string name(expression.text());
    const Node binding = rust::bindingOf(expression);
    if (binding.is("let_declaration"))
        return constantOf(binding.field("value"), file, input, depth + 1);
    if (!binding) {
        for (const Node &item : file.root().descendants("const_item")) {
            if (item.field("name").text() == name)
                return numberOf(item.field("value"));
        }
        return std::nullopt;
    }
    const rust::Function *function = file.functionAt(expression);
    if (!binding.is("parameter") || !function || !function->selfType.empty())
        return std::nullopt;
    for (std::size_t i = 0; i < function->parameters.size(); ++i) {
        if (function->parameters[i].name != name)
            continue;
        for (const Node &node : file.root().descendants("call_expression")) {
            const Call call = rust::toCall(node);
            if (call.path == function->name && i < call.arguments.size() && !file.isTest(node))
                return constantOf(call.arguments[i], file, input, depth + 1);
        }
    }
    return std::nullopt;
}

/// `base.powf(attempt)` with a base of at most one, in code that waits: the pause does not grow.
void checkBase(const Node &node, const RuleInput &input, Reporter &reporter)
{
    const Call call = rust::toCall(node);
    if (!call.isMethod() || !isOneOf(call.name, {"powf", "powi", "pow", "saturating_pow"}) ||
        input.file.isTest(node))
        return;
    const rust::Function *function = input.file.functionAt(node);
    if (!function || !mentions(function->node.text(), {"backoff", "back_off", "retry", "sleep", "delay"}))
        return;
    const auto base = constantOf(rust::stripAdapters(call.receiver), input.file, input, 0);
    if (!base || *base > 1.0 || *base < 0)
        return;
    const std::string power = quoted(node.text(), 30);
    Draft draft;
    draft.at = node;
    draft.title = fittingTitle(
        {"The pauses of " + power + " shrink with each attempt", "The pauses shrink with each attempt"});
    draft.steps = {{"task", "fails and computes the next pause by " + power, node},
                   {"task", "waits less each time, in the end not at all", node}};
    draft.outcome = "The longer the peer is away, the faster it is asked: the backoff works backwards.";
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, *base, std::chars_format::general, 6).ptr;
    draft.facts = {"resolved: the base is " + std::string(text, end) + ", and its powers do not grow"};
    reporter.report(std::move(draft));
}

} // namespace

void check_retry_no_backoff(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    for (const char *kind : {"loop_expression", "while_expression"}) {
        for (const Node &loop : input.file.root().descendants(kind)) {
            if (!input.file.isTest(loop))
                checkLoop(loop, input, reporter);
        }
    }
    if (!tree.contains(".pow"))
        return;
    for (const Node &node : input.file.root().descendants("call_expression"))
        checkBase(node, input, reporter);
}

} // namespace review::rules
