// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/blocking_calls.h"
#include "review/rules/lock_facts.h"
#include "review/rules/lock_wording.h"
#include "review/rules/node_search.h"
#include "review/rules/value_flow.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"
#include "review/rust/guards.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

namespace {

/// What keeps the lock for long, and whether its end depends on somebody else.
struct Slow {
    std::string name;
    bool waits = false; ///< for another thread or task, which may need the lock to get there
    double confidence = 1;
};

std::optional<Slow> slowAwait(const rust::Call &call, const RuleInput &input)
{
    if (!rust::isAwaited(call.node))
        return std::nullopt;
    if (!call.isMethod()) {
        const std::string path = input.file.resolve(call.path);
        if (path == "tokio::time::sleep" || path == "tokio::time::sleep_until" ||
            path.ends_with("TcpStream::connect"))
            return Slow{path, false, 1};
        if (path == "tokio::time::timeout" || path.starts_with("tokio::fs::"))
            return Slow{path, false, 0.8};
        return std::nullopt;
    }
    if (!isOneOf(call.name,
                 {"send", "recv", "notified", "changed", "acquire", "acquire_owned", "join_next", "wait"}))
        return std::nullopt;
    const rust::Type type = input.model.infer(call.receiver, input.file).peeled();
    const bool isChannel = type.path.starts_with("tokio::sync::") ||
                           type.path.starts_with("async_channel::") ||
                           type.path.starts_with("futures::channel::") || type.path.starts_with("flume::");
    const bool isUnbounded = type.name().find("Unbounded") != std::string_view::npos ||
                             type.path.find("oneshot") != std::string::npos ||
                             type.path.find("broadcast") != std::string::npos ||
                             type.path.find("watch") != std::string::npos;
    const bool isSender =
        call.name == "send" && call.arguments.size() == 1 &&
        (call.receiver.text().ends_with("tx") || mentions(call.receiver.text(), {"sender"}));
    if (!type.known() && isSender)
        return Slow{"send", true, 0.75};
    if (type.assumed || !(isChannel || type.name() == "JoinSet") || (call.name == "send" && isUnbounded))
        return std::nullopt;
    return Slow{std::string(type.name()) + "::" + std::string(call.name), true, 1};
}

std::optional<Slow> slowCall(const rust::Call &call, const RuleInput &input)
{
    if (const auto await = slowAwait(call, input))
        return await;
    if (call.isMethod() && isOneOf(call.name, {"sync_all", "sync_data"}) && call.arguments.empty())
        return Slow{std::string(call.name), false, 0.8};
    const auto blocking = blockingCall(call, input);
    if (!blocking || blocking->confidence < 0.8)
        return std::nullopt;
    const bool waits =
        blocking->name.find("join") != std::string::npos || blocking->name.find("recv") != std::string::npos;
    return Slow{blocking->name, waits, blocking->severity == Severity::High ? 1.0 : 0.85};
}

/// The lock is there to let one at a time do this: it protects the file, the socket, the receiver, or
/// nothing.
bool protectsTheResource(const rust::Guard &guard, const rust::Call &call, const RuleInput &input)
{
    const IsSource isGuard = [&](const rust::Node &node) {
        return node == guard.call || node == guard.expression ||
               (!guard.variable.empty() && node.is("identifier") && node.text() == guard.variable);
    };
    if (call.receiver && dependsOn(call.receiver, isGuard))
        return true;
    for (const rust::Node &argument : call.arguments) {
        if (dependsOn(argument, isGuard))
            return true;
    }
    const rust::Type lock = input.model.infer(rust::toCall(guard.call).receiver, input.file).peeled();
    const bool isUnit = !lock.args.empty() && lock.args.front().path == "()";
    return isUnit || guard.variable.starts_with('_') ||
           mentions(guard.lock.receiver,
                    {"file",     "stream", "socket", "writer", "reader",  "conn",  "io_", "wal",
                     "disk",     "sem",    "gate",   "client", "process", "child", "_rx", ".rx",
                     "receiver", "serial", "stdin",  "stdout", "mutex",   "lock"});
}

void report(const rust::Guard &guard, const rust::Call &call, const Slow &slow, const RuleInput &input,
            Reporter &reporter)
{
    const std::string name = quoted(guard.lock.receiver, 36);
    const std::string actor = actorOf(call.node, input.file);
    Draft draft;
    draft.at = call.node;
    draft.title =
        fittingTitle({quoted(guard.lock.receiver, 26) + " stays locked during " + quoted(slow.name, 28),
                      quoted(guard.lock.receiver, 26) + " stays locked during " + quoted(call.name, 20)});
    draft.steps = {
        {actor + " 1", lockingVerb(guard.lock, guard.mode) + ' ' + name + "; " + guard.reason, guard.call},
        {actor + " 1",
         slow.waits ? "waits in " + quoted(slow.name, 40) + " for somebody else"
                    : "spends its time in " + quoted(slow.name, 40),
         call.node},
        {actor + " 2", "needs " + name + " and waits", guard.call}};
    draft.outcome = slow.waits ? "If the one it waits for needs " + name +
                                     " to get there, both wait for ever; else "
                                     "everyone else waits as long."
                               : "Everyone who needs " + name + " waits as long as the call takes.";
    draft.evidence = {guard.call};
    draft.facts = {lockFact(guard.lock), "resolved: " + guard.reason,
                   "resolved: the call does not use the guard"};
    draft.confidence = slow.confidence * (guard.lock.assumed ? 0.7 : 1.0);
    if (slow.waits)
        draft.severity = Severity::High;
    reporter.report(std::move(draft));
}

} // namespace

void check_lock_held_slow_call(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Node &body : input.locks.bodies(input.file)) {
        const std::vector<rust::Guard> &guards = input.locks.guards(body, input.file);
        if (std::none_of(guards.begin(), guards.end(), isOfKnownLock))
            continue;
        std::vector<rust::Node> told;
        for (const rust::Call &call : rust::callsIn(body)) {
            for (const rust::Guard &guard : guards) {
                if (!isOfKnownLock(guard) || call.node == guard.call || !guard.heldAt(call.node) ||
                    std::find(told.begin(), told.end(), guard.call) != told.end())
                    continue;
                const auto slow = slowCall(call, input);
                if (!slow || protectsTheResource(guard, call, input))
                    continue;
                told.push_back(guard.call);
                report(guard, call, *slow, input, reporter);
            }
        }
    }
}

} // namespace review::rules
