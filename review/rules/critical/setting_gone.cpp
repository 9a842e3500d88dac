// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/edits.h"
#include "review/rules/phrases.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

/// Sets how something behaves that is being made or opened: a link of a builder's chain, or a statement
/// `options.set_sync(true);`.
bool sets(const rust::Call &call)
{
    if (!call.isMethod() || call.arguments.size() > 2 ||
        isOneOf(call.name,
                {"map",   "filter", "field",   "arg",          "args",   "env",     "header",   "route",
                 "layer", "with",   "add",     "push",         "insert", "help",    "name",     "about",
                 "bind",  "expect", "context", "with_context", "await",  "map_err", "and_then", "unwrap_or",
                 "chain", "entry",  "extend",  "write_str",    "append"}))
        return false;
    if (isOneOf(call.name,
                {"error_for_status", "kill_on_drop", "isolation_level", "fuse", "create_new", "linger",
                 "nodelay", "reuse_address", "reuse_port", "read_only", "deferrable", "ordered", "biased",
                 "atomic", "strict", "verify", "checksum", "deny_unknown_fields"}))
        return true;
    const bool isFlag =
        call.arguments.size() == 1 && isOneOf(call.arguments.front().text(), {"true", "false", "Some(true)"});
    return call.name.starts_with("set_") || call.name.starts_with("enable_") ||
           call.name.starts_with("disable_") || call.name.starts_with("require_") || isFlag;
}

bool isSet(const rust::Call &call)
{
    const Node outer = call.node.parent();
    const bool isLink = outer.is("field_expression") || outer.is("try_expression") ||
                        outer.is("await_expression") || rust::toCall(call.receiver);
    return sets(call) && (isLink || isStatement(call));
}

void reportGone(const RewrittenFunction &function, const RuleInput &input, const Edits &edits,
                Reporter &reporter)
{
    for (const RemovedCall &removed : removedCalls(function, isSet, input)) {
        const Edit *edit = edits.ofBase(removed.call.node);
        const auto sameName = [&](const rust::Call &call) { return call.name == removed.call.name; };
        const rust::Call on = rust::toCall(rust::stripAdapters(removed.call.receiver));
        // of a chain its beginning must still be there
        if (!edit || edits.addedIn(*edit) > edits.removedIn(*edit) || callsAny(*function.head, sameName) ||
            (on && !callsAny(*function.head, [&](const rust::Call &call) { return call.name == on.name; })))
            continue;
        std::string text = std::string(removed.call.name) + '(';
        for (const Node &argument : removed.call.arguments)
            text += (text.ends_with('(') ? "" : ", ") + std::string(argument.text());
        text += ')';
        Node name = removed.call.node.field("function").field("field");
        Draft draft;
        draft.at = edits.placeInHead(name ? name : removed.call.node);
        draft.title = fittingTitle({"The setting " + quoted(text, 36) + " is gone", "A setting is gone"});
        draft.steps = {
            {"before this change", "asks for " + quoted(text, 50), name ? name : removed.call.node},
            {"now", "takes what is the default", draft.at}};
        draft.outcome = "The default decides, which may differ from what the code around it relies on.";
        draft.evidence = {name ? name : removed.call.node};
        draft.facts = {"resolved: the rest of the calls around it still stands",
                       "assumed: the default differs"};
        reporter.report(std::move(draft));
        return;
    }
}

/// The same call with `true` in place of `false`, or the other way round.
void reportTurned(const RewrittenFunction &function, const Edits &edits, Reporter &reporter)
{
    for (const rust::Call &call : rust::callsIn(function.head->body)) {
        const auto &before = function.baseCalls->like(call);
        if (!edits.ofHead(call.node) || before.size() != 1 || function.headCalls->like(call).size() != 1 ||
            before.front()->arguments.size() != call.arguments.size() ||
            isOneOf(call.name, {"Some", "Ok", "store"}))
            continue;
        Node turned;
        std::size_t other = 0;
        for (std::size_t i = 0; i < call.arguments.size(); ++i) {
            const std::string_view was = before.front()->arguments[i].text();
            const std::string_view is = call.arguments[i].text();
            if (isOneOf(was, {"true", "false"}) && isOneOf(is, {"true", "false"}) && was != is)
                turned = call.arguments[i];
            else if (compact(was) != compact(is))
                ++other;
        }
        if (!turned || other > 0)
            continue;
        Draft draft;
        draft.at = turned;
        draft.title = fittingTitle(
            {"`" + std::string(call.name) + "` is now called with `" + std::string(turned.text()) + "`",
             "A call's flag is turned"});
        draft.steps = {{"before this change", "asks for the other behaviour", before.front()->node},
                       {"now", "asks with `" + std::string(turned.text()) + "`", call.node}};
        draft.outcome = "What the flag asked for, a sync, a check, a lock, is not done any more, or is now.";
        draft.evidence = {before.front()->node};
        draft.facts = {"resolved: the call is the same but for this flag",
                       "assumed: what it asked for is still needed"};
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_setting_gone(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t manyLines = 10;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) > manyLines)
            continue;
        const Edits edits(function);
        reportGone(function, input, edits, reporter);
        reportTurned(function, edits, reporter);
    }
}

} // namespace review::rules
