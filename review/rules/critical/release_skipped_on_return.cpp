// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <array>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

struct Pair {
    std::string_view acquire, release;
};

/// What one call starts, the other has to end.
constexpr std::array<Pair, 20> pairs{{{"inc", "dec"},
                                      {"increment", "decrement"},
                                      {"incr", "decr"},
                                      {"fetch_add", "fetch_sub"},
                                      {"pause", "resume"},
                                      {"suspend", "resume"},
                                      {"enter", "leave"},
                                      {"acquire", "release"},
                                      {"lock_shared", "unlock_shared"},
                                      {"register", "unregister"},
                                      {"register", "deregister"},
                                      {"subscribe", "unsubscribe"},
                                      {"pin", "unpin"},
                                      {"freeze", "unfreeze"},
                                      {"block", "unblock"},
                                      {"disable", "enable"},
                                      {"mark_busy", "mark_idle"},
                                      {"reserve", "unreserve"},
                                      {"retain", "release"},
                                      {"attach", "detach"}}};

bool belongsTo(std::string_view name, std::string_view verb)
{
    return name == verb || (name.starts_with(verb) && name.size() > verb.size() && name[verb.size()] == '_');
}

/// The release that fits a call: "dec" for `inc`, "unregister_peer" for `register_peer`.
std::optional<std::string> releaseFor(std::string_view name, std::size_t from, std::size_t &at)
{
    for (at = from; at < pairs.size(); ++at) {
        if (belongsTo(name, pairs[at].acquire))
            return std::string(pairs[at].release) + std::string(name.substr(pairs[at].acquire.size()));
    }
    return {};
}

/// The key of what is acquired: the place of the receiver with its constant arguments ("self.active",
/// "METRIC.with_label_values(..)").
std::string keyOf(const Call &call)
{
    std::string key = compact(call.receiver.text());
    if (call.name.starts_with("fetch_"))
        return key;
    for (const Node &argument : call.arguments)
        key += "|" + compact(argument.text());
    return key;
}

/// What is switched off or held up is the function's own value, which an early return drops as well.
bool endsWithFunction(const Call &acquire, const Call &release)
{
    if (!acquire.receiver.is("identifier") ||
        !isOneOf(release.name.substr(0, release.name.find('_')), {"enable", "resume", "unfreeze", "unblock"}))
        return false;
    const Node made = rust::stripAdapters(rust::initialiserOf(acquire.receiver));
    const Call maker = rust::toCall(made);
    return maker &&
           !isOneOf(maker.name, {"clone", "get", "get_mut", "as_ref", "as_mut", "lock", "read", "write"});
}

/// A way out of the function between the two: a `?` or a return.
Node wayOut(const Call &acquire, const Call &release)
{
    const Node body = rust::bodyOf(acquire.node);
    for (const Node node : body.descendants()) {
        if (node.index() <= acquire.node.index() || node.isInside(acquire.node))
            continue;
        if (node.index() >= release.node.index())
            break;
        // Where success leaves without the release too, what was acquired is meant to stay.
        const std::string answer = node.is("return_expression") ? compact(node.text()) : std::string();
        if ((answer == "return" || answer.starts_with("returnOk(")) && rust::runsIn(node, body) &&
            rust::canReach(acquire.node, node))
            return {};
        const bool leaves = node.isAny({"return_expression", "try_expression"});
        if (!leaves || !rust::runsIn(node, body) || rust::withAdapters(acquire.node) == node ||
            release.node.isInside(node) || !rust::canReach(acquire.node, node))
            continue;
        if (rust::statementOf(node) == rust::statementOf(acquire.node))
            continue;
        return node;
    }
    return {};
}

/// Every way out after the acquisition releases by itself, so the function knows of the duty.
bool releasedBefore(const Node &exit, const Call &acquire, const std::string &name, const Node &body)
{
    return anyIn(body, [&](const Node &node) {
        const Call call = rust::toCall(node);
        return call && call.name == name && node.index() > acquire.node.index() &&
               node.index() < exit.index() && rust::dominates(node, exit);
    });
}

Draft makeDraft(const Call &acquire, const Call &release, const Node &exit)
{
    const std::string first = quoted(acquire.name, 22), second = quoted(release.name, 22);
    Draft draft;
    draft.at = exit;
    draft.title =
        fittingTitle({"This way out skips " + second + " after " + first, "This way out skips " + second});
    draft.steps = {{"code", quoted(acquire.node.text(), 40), acquire.node},
                   {"an error", "leaves the function here", exit},
                   {"code", "never reaches " + quoted(release.node.text(), 40), release.node}};
    draft.outcome =
        "What was acquired stays so for good: a counter that never reaches zero, a slot that is never free "
        "again, a pause that does not end.";
    draft.evidence = {acquire.node, release.node};
    // A pause may be meant to outlast an error; a count is not.
    if (isOneOf(release.name.substr(0, release.name.find('_')), {"resume", "leave", "enable", "detach"}))
        draft.confidence = 0.8;
    draft.facts = {"resolved: " + first + " and " + second + " stand on " +
                       quoted(acquire.receiver.text(), 30) + " in one function",
                   "assumed: each " + first + " needs its " + second};
    return draft;
}

} // namespace

void check_release_skipped_on_return(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (!function.body || function.isTest ||
            function.body.text().find_first_of('?') == std::string_view::npos)
            continue;
        std::vector<Call> calls;
        for (const Call &call : rust::callsIn(function.body)) {
            if (call.isMethod() && rust::runsIn(call.node, function.body))
                calls.push_back(call);
        }
        for (const Call &acquire : calls) {
            std::size_t at = 0;
            for (auto name = releaseFor(acquire.name, 0, at); name;
                 name = releaseFor(acquire.name, at + 1, at)) {
                for (const Call &release : calls) {
                    if (release.name != *name || release.node.index() <= acquire.node.index() ||
                        keyOf(release) != keyOf(acquire) || !rust::canReach(acquire.node, release.node) ||
                        endsWithFunction(acquire, release))
                        continue;
                    const Node exit = wayOut(acquire, release);
                    if (exit && !releasedBefore(exit, acquire, *name, function.body))
                        reporter.report(makeDraft(acquire, release, exit));
                    break;
                }
            }
        }
    }
}

} // namespace review::rules
