// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/changed_parts.h"
#include "review/rules/foreign.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

/// A call that believes what it is told of memory: what is wrong with its arguments nothing reports.
bool believes(const Call &call)
{
    return isNamed(call.name,
                   "from_raw_parts from_raw_parts_mut set_len get_unchecked get_unchecked_mut "
                   "copy_nonoverlapping copy_to_nonoverlapping copy_from_nonoverlapping transmute "
                   "transmute_copy assume_init assume_init_mut assume_init_ref assume_init_read "
                   "assume_init_drop uninitialized unwrap_unchecked unreachable_unchecked new_unchecked "
                   "from_utf8_unchecked from_bytes_with_nul_unchecked advance_mut "
                   "from_size_align_unchecked slice_unchecked drop_in_place dealloc") ||
           (isOneOf(call.name, {"read", "replace"}) && mentions(call.path, {"ptr::"}));
}

bool isRaw(const Call &call)
{
    if (!call)
        return false;
    if (believes(call) ||
        isNamed(call.name, "copy_to write_bytes slice_from_raw_parts slice_from_raw_parts_mut zeroed realloc "
                           "alloc_zeroed from_raw from_raw_in into_raw write_unaligned read_unaligned "
                           "write_volatile read_volatile set_filled byte_add offset_from spare_capacity_mut "
                           "from_glib_full from_glib_none increment_strong_count decrement_strong_count "
                           "from_raw_fd into_raw_fd defer_destroy defer_unchecked as_mut_ptr"))
        return true;
    if (call.isMethod()) // what these names mean depends on what they are called on
        return isOneOf(call.name, {"add", "sub", "offset", "read", "write", "as_ref", "as_mut", "replace"}) &&
               mentions(call.receiver.text(), {"ptr", "raw", "cast", "base"});
    return isForeignCall(call) || call.path.starts_with("libc::") || call.path.starts_with("ptr::") ||
           call.path.find("::ptr::") != std::string::npos || call.path.ends_with("alloc::alloc") ||
           call.path.starts_with("Layout::") || isOneOf(call.name, {"size_of", "size_of_val"});
}

bool believesMore(const Node &token)
{
    return believes(callNamedBy(token));
}

/// What keeps raw steps right: what is not dropped, not null, not unwound through, written before it is read.
bool protects(const Node &token)
{
    if (token.text() == "MaybeUninit") { // taken for written at once, it keeps nothing right
        const Node call = token.ancestor({"call_expression"});
        return rust::toCall(call.parent().parent()).name != "assume_init";
    }
    if (token.isAny({"type_identifier", "identifier"}) &&
        isOneOf(token.text(), {"ManuallyDrop", "CString", "NonNull", "AbortIfPanic", "AbortOnDrop", "OwnedFd",
                               "addr_of", "addr_of_mut", "catch_unwind", "UnsafeCell", "DropGuard"}))
        return true;
    const Call call = callNamedBy(token);
    return call && (isNamed(call.name,
                            "forget is_null null_mut null abort panicking alloc_zeroed handle_alloc_error "
                            "defer_destroy read_unaligned write_unaligned write_bytes needs_drop is_aligned "
                            "align_offset leak to_bytes_with_nul") ||
                    call.name.ends_with("_up_ref"));
}

/// The same of what has other uses as well: a question, a copy, a value put in the place of another.
bool guards(const Node &token)
{
    if (token.kind() == "if" || token.kind() == "match" ||
        (token.kind() == "?" && token.parent().is("try_expression")))
        return true;
    if (token.is("identifier") && token.fieldName() == "macro" && token.text().starts_with("assert"))
        return true;
    if (token.parent().is("binary_expression") && token.fieldName() == "operator")
        return isOneOf(token.text(), {"<", ">", "<=", ">=", "==", "!="});
    const Call call = callNamedBy(token);
    return call &&
           (isNamed(call.name,
                    "fill resize replace take clone to_owned to_vec drop swap min get get_mut zeroed pin "
                    "is_empty into_boxed_slice last_os_error from_utf8 truncate as_deref lock "
                    "size_of_val into_raw into_raw_fd") ||
            call.name.starts_with("checked_") || call.name.starts_with("try_") ||
            mentions(call.name, {"assert", "check", "valid", "ensure", "verify"}));
}

double dangerOf(const Node &token)
{
    if (protects(token))
        return -3;
    if (believesMore(token))
        return 3;
    return guards(token) ? -1 : 0;
}

/// How much more the head's lines trust than the base's did: never above zero both ways.
double moreDanger(const ChangedPart &part)
{
    double danger = (static_cast<double>(part.lost.size()) - static_cast<double>(part.added.size())) / 1000;
    for (const Node &token : part.added)
        danger += dangerOf(token);
    for (const Node &token : part.lost)
        danger -= dangerOf(token);
    return danger;
}

/// A part stands in unsafe code or a few lines from it.
bool isNearUnsafe(const ChangedPart &part, const rust::Function &function, std::uint32_t fewLines)
{
    if (function.isUnsafe)
        return true;
    const std::uint32_t line = part.near.lines().begin;
    const auto blocks = function.body.descendants("unsafe_block");
    return std::any_of(blocks.begin(), blocks.end(), [&](const Node &block) {
        return block.lines().begin <= line + fewLines && line < block.lines().end + fewLines;
    });
}

struct Change {
    Node at;
    Node before;
    std::string title;
    double confidence = 1;
    bool isCertain = false; ///< what changed has to do with raw memory wherever it stands
};

/// The calls that stand for the part's raw steps.
std::vector<Call> rawCallsOf(const std::vector<Node> &tokens)
{
    std::vector<Call> calls;
    for (const Node &token : tokens) {
        if (const Call call = callNamedBy(token); isRaw(call))
            calls.push_back(call);
    }
    return calls;
}

bool isAmong(const Call &call, const std::vector<Call> &calls)
{
    const std::string text = compact(call.node.text());
    return std::any_of(calls.begin(), calls.end(),
                       [&](const Call &other) { return compact(other.node.text()) == text; });
}

/// Every name in the call is still a name in the function: nothing was only renamed.
bool isOfKnownNames(const Call &call, std::string_view text)
{
    const auto below = call.node.descendants();
    return std::all_of(below.begin(), below.end(), [&](const Node &node) {
        return !node.isAny({"identifier", "field_identifier"}) || node.fieldName() == "name" ||
               node.fieldName() == "path" || contains(text, node.text());
    });
}

/// The same raw call on both sides, with other arguments or on another value.
Change otherArguments(const ChangedPart &part, const RewrittenFunction &function)
{
    const std::vector<Call> old = rawCallsOf(part.base);
    const std::vector<Call> now = rawCallsOf(part.head);
    for (const Call &call : now) {
        if (isAmong(call, old))
            continue;
        for (const Call &before : old) {
            const bool isTwin =
                before.name == call.name || (isOneOf(before.name, {"size_of", "size_of_val"}) &&
                                             isOneOf(call.name, {"size_of", "size_of_val"}));
            if (isTwin && !isAmong(before, now) &&
                (isOfKnownNames(before, function.head->node.text()) ||
                 isOfKnownNames(call, function.base->node.text())))
                return {call.node, before.node,
                        quoted(call.node.text(), 24) + " was " + quoted(before.node.text(), 24) + " before",
                        0.9};
        }
    }
    return {};
}

Change changeOf(const ChangedPart &part, const RewrittenFunction &function)
{
    const bool isSmall = part.baseLines <= 4 && part.headLines <= 4;
    const auto isGone = [&](const IsToken &isWanted) {
        if (!isFewer(part, isWanted))
            return Node();
        const auto gone = std::find_if(part.lost.begin(), part.lost.end(), [&](const Node &token) {
            return isWanted(token) && countIn(function.head->node.text(), token.text()) <
                                          countIn(function.base->node.text(), token.text());
        });
        return gone != part.lost.end() ? *gone : Node();
    };
    const auto wholeOf = [](const Node &token) {
        if (const Call call = callNamedBy(token))
            return call.node;
        const Node parent = token.parent();
        return parent.isAny({"binary_expression", "if_expression", "try_expression", "macro_invocation",
                             "match_expression"})
                   ? parent
                   : token;
    };
    if (const Node gone = isGone(protects))
        return {part.near, wholeOf(gone), quoted(wholeOf(gone).text(), 30) + " is gone from unsafe code",
                isSmall ? 1.0 : 0.85, true};
    if (const Node name = firstMore(part, believesMore); name && part.lost.empty() && isSmall)
        return {callNamedBy(name).node, function.base->node.field("name"),
                quoted(callNamedBy(name).node.text(), 40) + " is new in unsafe code", 0.85};
    if (const Node name = firstMore(part, believesMore); name && !part.lost.empty()) {
        const Node at = callNamedBy(name).node;
        const Node statement = rust::statementOf(part.lost.front());
        const Node before = statement ? statement : part.lost.front();
        return {at, before, quoted(at.text(), 30) + " takes the place of " + quoted(before.text(), 20),
                isSmall ? 1.0 : 0.85, true};
    }
    if (Change change = otherArguments(part, function); change.at)
        return change;
    if (const Node gone = isGone(guards)) {
        const bool isQuestion = gone.kind() == "if" || gone.parent().is("binary_expression") ||
                                gone.fieldName() == "macro" ||
                                mentions(gone.text(), {"assert", "check", "valid", "ensure", "verify"});
        return {part.near, wholeOf(gone), quoted(wholeOf(gone).text(), 30) + " is gone from unsafe code",
                isQuestion && isSmall && isNearUnsafe(part, *function.head, 2) ? 0.95 : 0.85};
    }
    return {};
}

void report(const Change &change, const RewrittenFunction &function, Reporter &reporter)
{
    Draft draft;
    draft.at = change.at;
    draft.title = fittingTitle({change.title, "A raw step is another one than before"});
    draft.steps = {{"before this change", "does it like this", change.before},
                   {"now", "does it like that", change.at}};
    draft.outcome = "What the step trusts its surroundings for may no longer hold: memory that is not there, "
                    "not written, freed twice or never.";
    draft.evidence = {change.before};
    draft.facts = {"resolved: the changed lines of `" + function.head->path() +
                       "` trust more than those before did",
                   "assumed: what made the step right was in what changed"};
    draft.confidence = change.confidence;
    reporter.report(std::move(draft));
}

} // namespace

void check_raw_step_changed(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t fewLines = 12;
    if (!input.base || !input.file.tree().contains("unsafe"))
        return;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (!function.head->isUnsafe && function.head->body.descendants("unsafe_block").empty())
            continue;
        for (const ChangedPart &part : changedParts(function, fewLines)) {
            if (moreDanger(part) <= 0 || asksSomebodyNew(part, input))
                continue;
            const Change change = changeOf(part, function);
            if (!change.at || (!change.isCertain && !isNearUnsafe(part, *function.head, 5)))
                continue;
            report(change, function, reporter);
            break;
        }
    }
}

} // namespace review::rules
