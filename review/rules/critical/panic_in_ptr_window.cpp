// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// A raw step after which the memory tells a lie until another one ends it.
struct Window {
    Node opened;
    Node closed;
    std::string lie; ///< what is wrong in between
};

bool isWrite(const Call &call, const RuleInput &input)
{
    return callsStd(call, "ptr::write", input.file) ||
           (call.isMethod() && call.name == "write" && call.arguments.size() == 1) ||
           callsStd(call, "ptr::copy_nonoverlapping", input.file) || callsStd(call, "ptr::copy", input.file);
}

/// What a raw read takes from: the pointer's text.
std::string readFrom(const Call &call, const RuleInput &input)
{
    if (callsStd(call, "ptr::read", input.file) && call.arguments.size() == 1)
        return compact(call.arguments.front().text());
    return {};
}

std::string writtenTo(const Call &call, const RuleInput &input)
{
    if (callsStd(call, "ptr::write", input.file) && call.arguments.size() == 2)
        return compact(call.arguments.front().text());
    if (call.isMethod() && call.name == "write" && call.arguments.size() == 1)
        return compact(call.receiver.text());
    return {};
}

/// `ptr::read(p)` … `ptr::write(p, ..)`: in between there are two owners of one value.
std::optional<Window> afterRead(const std::vector<Call> &calls, std::size_t at, const RuleInput &input)
{
    const std::string from = readFrom(calls[at], input);
    if (from.empty())
        return {};
    for (std::size_t i = at + 1; i < calls.size(); ++i) {
        // The write's argument may be what runs the caller's code, and it stands inside the write.
        if (writtenTo(calls[i], input) == from)
            return Window{calls[at].node, calls[i].node, "the value is owned twice"};
    }
    return {};
}

/// Elements are moved to make or close a gap; until `set_len` the vector counts some twice.
std::optional<Window> afterShift(const std::vector<Call> &calls, std::size_t at, const RuleInput &input)
{
    const bool shifts = callsStd(calls[at], "ptr::copy", input.file) ||
                        (calls[at].isMethod() && isOneOf(calls[at].name, {"copy_to", "copy_from"}));
    if (!shifts)
        return {};
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (calls[i].name != "set_len")
            continue;
        if (i < at)
            return {};
        return Window{calls[at].node, calls[i].node, "the length still counts elements that were moved"};
    }
    return {};
}

/// A length that is raised before the elements are there.
std::optional<Window> afterLength(const std::vector<Call> &calls, std::size_t at, const RuleInput &input)
{
    if (calls[at].name != "set_len" || !calls[at].isMethod() || calls[at].arguments.size() != 1)
        return {};
    const std::string length = compact(calls[at].arguments.front().text());
    if (length.find('+') == std::string::npos && length.find("capacity") == std::string::npos)
        return {};
    for (std::size_t i = calls.size(); i-- > at + 1;) {
        if (isWrite(calls[i], input) && !calls[at].node.isInside(calls[i].node))
            return Window{calls[at].node, calls[i].node, "the length counts elements that are not there"};
    }
    return {};
}

/// `Box::from_raw(p)` … `mem::forget(b)`: a panic in between drops what is not ours.
std::optional<Window> afterBorrowedOwner(const std::vector<Call> &calls, std::size_t at,
                                         const RuleInput &input)
{
    if (!isOneOf(calls[at].name, {"from_raw", "from_raw_parts"}) || calls[at].isMethod() ||
        calls[at].path.find("slice") != std::string::npos)
        return {};
    // The function owns what it takes back at once, or holds it as memory that no drop looks into.
    const std::string from = compact(calls[at].node.text());
    if (from.find("into_raw(") != std::string::npos || from.find("MaybeUninit") != std::string::npos)
        return {};
    const Node let = calls[at].node.ancestor({"let_declaration"});
    Node pattern = let.field("pattern");
    if (pattern.is("mut_pattern"))
        pattern = pattern.firstNamedChild();
    for (std::size_t i = at + 1; pattern.is("identifier") && i < calls.size(); ++i) {
        const bool lets = callsStd(calls[i], "mem::forget", input.file) || calls[i].name == "into_raw";
        if (lets && calls[i].arguments.size() == 1 && calls[i].arguments.front().text() == pattern.text())
            return Window{calls[at].node, calls[i].node,
                          "`" + std::string(pattern.text()) + "` owns what belongs to somebody else"};
    }
    return {};
}

bool isBetween(const UserCall &call, const Window &window)
{
    const bool after = call.node.index() > window.opened.index() && !call.node.isInside(window.opened);
    return after && (call.node.index() < window.closed.index() || call.node.isInside(window.closed)) &&
           rust::canReach(window.opened, call.node);
}

void report(const rust::Function &function, const Window &window, const UserCall &user, Reporter &reporter)
{
    Draft draft;
    draft.at = user.node;
    draft.title = fittingTitle({"A panic of " + user.what + " leaves `" + function.name + "` half done",
                                "A panic of " + user.what + " leaves broken memory",
                                "The caller's code may panic between two raw steps"});
    draft.steps = {{"thread", "starts: " + window.lie, window.opened},
                   {"thread", "runs " + user.what + ", which panics", user.node},
                   {"thread", "unwinds past the step that would have put things right", window.closed}};
    draft.outcome = "Unwinding, or the next use of the container, drops a value twice or one that was never "
                    "there.";
    draft.evidence = {window.opened, window.closed};
    draft.facts = {"resolved: " + user.what + " is code of the caller",
                   "resolved: `" + function.name + "` has no guard that undoes the first step"};
    reporter.report(std::move(draft));
}

void checkFunction(const rust::Function &function, const RuleInput &input, Reporter &reporter)
{
    const std::vector<UserCall> users = userCallsIn(function, input);
    if (users.empty() || hasUnwindGuard(function.node))
        return;
    const auto all = rust::callsIn(function.body);
    std::vector<Call> calls(all.begin(), all.end());
    std::erase_if(calls, [&](const Call &call) { return rust::bodyOf(call.node) != function.body; });
    for (std::size_t i = 0; i < calls.size(); ++i) {
        for (const auto open : {afterRead, afterShift, afterLength, afterBorrowedOwner}) {
            const std::optional<Window> window = open(calls, i, input);
            if (!window)
                continue;
            const auto user = std::find_if(users.begin(), users.end(),
                                           [&](const UserCall &call) { return isBetween(call, *window); });
            if (user != users.end()) {
                report(function, *window, *user, reporter);
                return;
            }
        }
    }
}

} // namespace

void check_panic_in_ptr_window(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        const std::string_view text = function.body.text();
        if (!function.body || function.isTest ||
            (text.find("set_len") == std::string_view::npos && text.find("ptr::") == std::string_view::npos &&
             text.find("from_raw") == std::string_view::npos && text.find("read(") == std::string_view::npos))
            continue;
        checkFunction(function, input, reporter);
    }
}

} // namespace review::rules
