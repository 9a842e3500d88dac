// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

/// "lock" of `try_lock`, `try_lock_for`, `lock_timeout`; empty for a call that tries nothing.
std::string waitingName(const Call &call)
{
    if (!call.isMethod())
        return {};
    std::string_view name = call.name;
    const bool tries = name.starts_with("try_");
    if (tries)
        name.remove_prefix(4);
    bool isTimed = false;
    for (const std::string_view suffix : {"_for", "_until", "_timeout", "_deadline"}) {
        if (name.ends_with(suffix)) {
            name.remove_suffix(suffix.size());
            isTimed = true;
        }
    }
    const bool isWaiting = isOneOf(name, {"lock",
                                          "read",
                                          "write",
                                          "send",
                                          "recv",
                                          "acquire",
                                          "acquire_owned",
                                          "borrow",
                                          "borrow_mut",
                                          "join",
                                          "wait",
                                          "push",
                                          "reserve",
                                          "lock_owned",
                                          "read_owned",
                                          "write_owned",
                                          "upgradable_read",
                                          "get_mut",
                                          "entry",
                                          "pop"});
    return isWaiting && (tries || isTimed) ? std::string(name) : std::string();
}

std::string placeOf(const Call &call)
{
    return compact(rust::stripAdapters(call.receiver).text());
}

Call onSame(const Call &call, std::string_view name, const rust::Function &side)
{
    for (const Call &other : rust::callsIn(side.body)) {
        if (other.isMethod() && other.name == name && placeOf(other) == placeOf(call))
            return other;
    }
    return {};
}

void report(const Node &now, const Call &old, const std::string &title, const std::string &verb,
            Reporter &reporter)
{
    Draft draft;
    draft.at = now;
    draft.title = fittingTitle({title, "A change waits where it did not"});
    draft.steps = {{"before this change", verb, old.node}, {"now", "waits until it can go on", now}};
    draft.outcome =
        "If what it waits for needs something that is held here, neither goes on; otherwise everything "
        "behind this call waits as well.";
    draft.evidence = {old.node};
    draft.facts = {"resolved: " + quoted(old.node.text(), 40) + " is gone, and this stands in its place",
                   "assumed: whoever holds it may wait for this code, or take long"};
    reporter.report(std::move(draft));
}

/// `handle.abort()` gave way to `handle.await` or a join.
bool checkAborted(const Call &old, const RewrittenFunction &function, Reporter &reporter)
{
    if (old.name != "abort" || !old.isMethod() || function.headCalls->has(old))
        return false;
    const std::string handle = placeOf(old);
    const auto names = [&](const Node &node) { return compact(rust::stripAdapters(node).text()) == handle; };
    for (const Node &await : function.head->body.descendants("await_expression")) {
        if (names(await.firstNamedChild())) {
            report(await, old, "`" + handle + "` is now awaited, and was aborted before", "aborted the task",
                   reporter);
            return true;
        }
    }
    return false;
}

} // namespace

void check_waits_where_tried(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const Call &old : rust::callsIn(function.base->body)) {
            if (checkAborted(old, function, reporter))
                break;
            const std::string name = waitingName(old);
            if (name.empty() || onSame(old, old.name, *function.head))
                continue;
            const Call now = onSame(old, name, *function.head);
            if (!now || onSame(old, name, *function.base))
                continue;
            report(now.node, old, quoted(now.node.text(), 30) + " now waits where it only tried",
                   "tried, and went on without it", reporter);
            break;
        }
    }
}

} // namespace review::rules
