// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/polls.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The arm's pattern without its guard, and whether it has one.
struct ArmPattern {
    std::string text;
    bool guarded = false;
};

ArmPattern patternOf(const Node &arm)
{
    const Node pattern = arm.field("pattern");
    const Node guard = pattern.field("condition");
    if (!guard)
        return {compact(pattern.text()), false};
    const std::uint32_t begin = pattern.bytes().begin;
    std::string text = compact(pattern.text().substr(0, guard.bytes().begin - begin));
    if (text.ends_with("if"))
        text.erase(text.size() - 2);
    return {text, true};
}

/// A poll of a collection of futures or of a stream, which says `None` when it is empty.
Call collectionPoll(const Node &scrutinee, const std::string &context)
{
    for (const Call &call : rust::callsIn(scrutinee)) {
        if (isOneOf(call.name, {"poll_next", "poll_next_unpin", "poll_join_next", "try_poll_next_unpin"}) &&
            !call.arguments.empty() && mentions(call.arguments.back().text(), {context}))
            return call;
    }
    return {};
}

/// Something polled before answered "later" by itself, so that its waker is set; where "later" and "never
/// again" are one branch, it may have ended.
bool mayHaveRegistered(const Node &use, const Node &match)
{
    if (!rust::canReach(use, match))
        return false;
    for (Node at = use.parent(); at; at = at.parent()) {
        if (!at.is("match_expression") || !use.isInside(at.field("value")))
            continue;
        for (const Node &arm : at.field("body").namedChildren()) {
            const std::string pattern = arm.is("match_arm") ? patternOf(arm).text : std::string();
            if (pattern.find("Pending") != std::string::npos && pattern.find("None") != std::string::npos)
                return false;
        }
        break;
    }
    return true;
}

/// A return for the empty collection stands before the match.
bool leavesWhenEmpty(const Node &match, const std::string &collection, const Node &body)
{
    return anyIn(body, [&](const Node &node) {
        return node.is("if_expression") && node.index() < match.index() &&
               compact(node.field("condition").text()) == collection + ".is_empty()" &&
               rust::diverges(node.field("consequence"));
    });
}

/// `None => Poll::Pending` for a collection that is empty: nothing is left that could wake the task.
Node emptyAnswer(const Node &match, const PollBody &poll)
{
    if (!match.is("match_expression"))
        return {};
    const Call call = collectionPoll(match.field("value"), poll.context);
    if (!call || !call.isMethod())
        return {};
    for (const Node &arm : match.field("body").namedChildren()) {
        if (!arm.is("match_arm"))
            continue;
        const ArmPattern pattern = patternOf(arm);
        const bool saysEmpty = pattern.text == "None" || pattern.text.ends_with("Ready(None)");
        if (!saysEmpty)
            continue;
        const Node value = arm.field("value");
        const bool answers = std::any_of(poll.pendings.begin(), poll.pendings.end(),
                                         [&](const Node &pending) { return pending.isInside(value); });
        if (pattern.guarded || !answers || value.is("block"))
            return {};
        for (const Node &use : poll.uses) {
            if (use.index() < match.index() && !use.isInside(match) && mayHaveRegistered(use, match))
                return {};
        }
        const std::string collection = rust::placeText(call.receiver);
        return leavesWhenEmpty(match, collection, poll.body) ? Node() : arm;
    }
    return {};
}

void reportEmpty(const Node &arm, const PollBody &poll, Reporter &reporter)
{
    const Node match = arm.parent().parent();
    const Call call = collectionPoll(match.field("value"), poll.context);
    const std::string name = quoted(call.receiver.text(), 26);
    Draft draft;
    draft.at = arm;
    draft.title = fittingTitle({"`Pending` when " + name + " is empty: nobody wakes the task",
                                "`Pending` for an empty collection: nobody wakes the task"});
    draft.steps = {{"task", "polls " + name + ", which is empty and so keeps no waker", call.node},
                   {"task", "answers `Poll::Pending`", arm.field("value")}};
    draft.outcome = "No future is left that could wake the task. It is never polled again.";
    draft.facts = {"resolved: an empty " + name + " answers `Ready(None)` and does not register the waker",
                   "assumed: nothing polled before it has registered the waker in this round"};
    draft.evidence = {call.node};
    reporter.report(std::move(draft));
}

/// The body has one answer only: a future that never ends is made on purpose.
bool onlyWaits(const PollBody &poll)
{
    return !anyIn(poll.body, [](const Node &node) {
        return node.is("scoped_identifier") && node.text().ends_with("Ready");
    }) && poll.uses.empty();
}

/// `Some(future) => future.poll(cx), None => Poll::Pending`, and the same with `if let` and `let else`: a
/// future that is not there stays pending by convention, and someone else brings the next one.
bool isAbsentFuture(const Node &pending)
{
    for (Node at = pending; at; at = at.parent()) {
        if (at.is("match_arm")) // polled again after its end, a future may stay pending for ever
            return compact(at.field("pattern").text()) == "None" ||
                   mentions(at.field("pattern").text(),
                            {"ready", "done", "complete", "finish", "terminated", "gone", "taken"});
        const Node parent = at.parent();
        if (parent.is("let_declaration") && at.fieldName() == "alternative")
            return compact(parent.field("pattern").text()).starts_with("Some(");
        if (parent.is("if_expression") && at.fieldName() == "alternative")
            return compact(parent.field("condition").text()).starts_with("letSome(");
        if (parent.is("if_expression") && at.fieldName() == "consequence")
            return rust::toCall(parent.field("condition")).name == "is_none";
    }
    return false;
}

/// What the match looks at came out of `ready!`: it was there, and it is what says "later".
bool isAnswerOfReady(const Node &pending)
{
    const Node match = pending.ancestor({"match_expression"});
    for (const Node name : match.field("value").descendants()) {
        if (name.is("identifier") &&
            rust::initialiserOf(name).text().find("ready!") != std::string_view::npos)
            return true;
    }
    const Node value = match.field("value");
    return value.is("identifier") &&
           rust::initialiserOf(value).text().find("ready!") != std::string_view::npos;
}

/// Traits whose contract is that of `Future`: whoever answers `Pending` has registered the waker. Others may
/// be polled by a loop that asks again by itself.
bool isWakerTrait(std::string_view name)
{
    return isOneOf(name, {"Future", "Stream", "AsyncRead", "AsyncWrite", "AsyncBufRead", "AsyncSeek", "Sink",
                          "Service", "Body", "Accept", "RawStream"});
}

void reportUnregistered(const Node &pending, const PollBody &poll, double factor, Reporter &reporter)
{
    Draft draft;
    draft.at = pending;
    draft.title = fittingTitle({quoted(poll.name, 28) + " answers `Pending` and registers no waker",
                                "`Poll::Pending` is answered and no waker is registered"});
    draft.steps = {{"executor", "polls " + quoted(poll.name, 40) + " with the task's context", poll.body},
                   {"task", "answers `Poll::Pending` on a path that hands the waker to nobody", pending}};
    draft.outcome = "Nothing wakes the task when the state changes: it hangs unless something else polls it.";
    draft.facts = {poll.uses.empty() ? "resolved: the body never uses the context `" + poll.context + "`"
                                     : "resolved: no use of `" + poll.context + "` leads to this answer"};
    // The state may have been set by an earlier poll that did register; then the waker may still be stale.
    draft.confidence = factor * (poll.uses.empty() ? 0.95 : 0.8);
    reporter.report(std::move(draft));
}

/// A contract by which the caller polls again anyway stands in the documentation.
bool pollsAgain(const PollBody &poll, const rust::File &file)
{
    const rust::Function *function = file.functionAt(poll.body);
    return function && mentions(function->docs, {"waker", "wake", "does not register", "must be polled"});
}

} // namespace

void check_poll_pending_no_waker(const RuleInput &input, Reporter &reporter)
{
    for (const PollBody &poll : pollBodies(input.file)) {
        if (poll.pendings.empty() || onlyWaits(poll) || pollsAgain(poll, input.file))
            continue;
        const rust::Function *function = input.file.functionAt(poll.body);
        const std::string trait = poll.name == "poll_fn" || !function ? std::string() : function->traitName;
        if (!trait.empty() && !isWakerTrait(trait))
            continue;
        for (const Node &pending : poll.pendings) {
            if (!isRegisteredBefore(pending, poll)) {
                if (!isAbsentFuture(pending) || isAnswerOfReady(pending))
                    reportUnregistered(pending, poll, trait.empty() ? 0.75 : 1.0, reporter);
                continue;
            }
            const Node match = pending.ancestor({"match_expression"});
            if (const Node arm = emptyAnswer(match, poll))
                reportEmpty(arm, poll, reporter);
        }
    }
}

} // namespace review::rules
