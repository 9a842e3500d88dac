// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/changed_parts.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <utility>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

/// The name of an `unwrap` or `expect` of an answer: not of a lock, whose poison nobody handles, nor of a
/// conversion between sizes that the code itself fixes.
bool unwraps(const Node &token)
{
    const Call call = callNamedBy(token);
    if (!call.isMethod() || !isOneOf(call.name, {"unwrap", "expect", "expect_err", "unwrap_err"}) ||
        (call.name == "unwrap" && !call.arguments.empty()))
        return false;
    const Call inner = rust::toCall(rust::stripAdapters(call.receiver));
    if (inner.path.ends_with("CString::new") || inner.path.ends_with("ptr::read"))
        return true;
    return !isNamed(inner.name,
                    "lock read write borrow borrow_mut try_borrow_mut new from_size_align as_ref as_mut");
}

bool isPanicMacro(const Node &token)
{
    return token.is("identifier") && token.fieldName() == "macro" &&
           isOneOf(token.text(), {"panic", "unreachable", "unimplemented", "todo"});
}

/// The bracket of `list[i]`: not of `list[..]`, and not of a constant place in an array.
bool indexes(const Node &token)
{
    if (token.kind() != "[" || !token.parent().is("index_expression"))
        return false;
    const std::vector<Node> parts = token.parent().namedChildren();
    return parts.size() == 2 && compact(parts[1].text()) != "..";
}

bool panics(const Node &token)
{
    return unwraps(token) || isPanicMacro(token);
}

constexpr std::string_view handlingCalls =
    "get get_mut first last first_mut last_mut ok err ok_or ok_or_else unwrap_or unwrap_or_else map_or "
    "unwrap_or_default map_err and_then or_else map_or_else is_some is_none is_ok is_err is_empty filter_map "
    "flatten flat_map is_some_and is_none_or contains_key min inspect_err split_first split_last "
    "from_utf8_lossy "
    "from_bits_retain from_bits_truncate to_string_lossy or_insert or_insert_with or_default "
    "get_or_insert_with "
    "get_or_insert_default remaining has_remaining";

/// A token by which code goes on without the value: `?`, `if let`, `let … else`, `match`, `ok_or`, `is_err` …
bool handles(const Node &token)
{
    const Node parent = token.parent();
    const std::string_view kind = token.kind();
    if (kind == "?")
        return parent.is("try_expression");
    if (kind == "let")
        return parent.is("let_condition");
    if (kind == "else")
        return parent.is("let_declaration");
    if (kind == "match" || kind == "return" || kind == "continue" || kind == "break")
        return true;
    if (token.text() == "Err" || token.text() == "None")
        return true;
    if (kind == "_")
        return parent.is("let_declaration") || parent.is("match_pattern");
    const Call call = callNamedBy(token);
    return call && (isNamed(call.name, handlingCalls) || call.name.starts_with("try_") ||
                    call.name.starts_with("checked_"));
}

/// The name of a call on both sides whose answer the head unwraps: the same question, without its other
/// answer.
std::string sharedCall(const Node &unwrap, const ChangedPart &part)
{
    const Call inner = rust::toCall(rust::stripAdapters(callNamedBy(unwrap).receiver));
    if (!inner || isOneOf(inner.name, {"into", "clone", "iter", "as_str", "as_bytes"}))
        return {};
    const bool isAsked = std::any_of(part.base.begin(), part.base.end(), [&](const Node &token) {
        return token.text() == inner.name && callNamedBy(token);
    });
    return isAsked ? std::string(inner.name) : std::string();
}

std::size_t panicsOf(const rust::Function &function)
{
    return countOf(tokensOf(function.body), panics);
}

/// Goes over what is there, and stops where it ends.
bool walks(const Node &token)
{
    return isNamed(
        callNamedBy(token).name,
        "chars char_indices strip_prefix strip_suffix split_once rsplit_once iter is_char_boundary "
        "floor_char_boundary windows chunks chunks_exact zip nth skip take trim_start_matches "
        "split_at_checked iter_mut enumerate");
}

/// Panics where what it is given does not fit.
bool demands(const Node &token)
{
    return indexes(token) ||
           isNamed(callNamedBy(token).name,
                   "copy_from_slice clone_from_slice split_at split_at_mut split_to split_off advance "
                   "swap_remove "
                   "copy_to_slice get_u8 get_u16 get_u32 get_u64 get_u16_le get_u32_le get_u64_le borrow_mut "
                   "from_secs_f64 from_secs_f32");
}

bool compares(const Node &token)
{
    return token.parent().is("binary_expression") && token.fieldName() == "operator" &&
           isOneOf(token.text(), {"<", ">", "<=", ">="});
}

/// Asks whether a panic is under way, or ends one here.
bool containsPanics(const Node &token)
{
    return isOneOf(callNamedBy(token).name, {"panicking", "catch_unwind"});
}

struct Loss {
    Node panic;
    Node handling; ///< of the base
    std::string call;
    bool isSmall = false; ///< a few lines: one is there for the other
};

Loss lossOf(const ChangedPart &part)
{
    const auto first = [&](const IsToken &isWanted) {
        return *std::find_if(part.lost.begin(), part.lost.end(), isWanted);
    };
    Loss loss;
    if (isFewer(part, handles)) {
        loss.panic = firstMore(part, panics);
        if (loss.panic && unwraps(loss.panic))
            loss.call = sharedCall(loss.panic, part);
        if (!loss.panic && !isFewer(part, panics))
            loss.panic = firstMore(part, demands);
        loss.handling = first(handles);
    } else if (!isFewer(part, panics) && (isFewer(part, walks) || isFewer(part, compares))) {
        loss.panic = firstMore(part, demands);
        loss.handling = isFewer(part, walks) ? first(walks) : first(compares);
    }
    return loss;
}

/// An `unwrap` of what is looked up, received or parsed, in lines that had none: whoever handled the case has
/// no word of it left there.
Loss newUnwrap(const ChangedPart &part)
{
    const Node unwrap = firstMore(part, unwraps);
    const Call inner = rust::toCall(rust::stripAdapters(callNamedBy(unwrap).receiver));
    Loss loss;
    if (isNamed(inner.name,
                "remove get get_mut first last pop next recv send await join parse from_utf8 from_str "
                "next_back take find position pop_front pop_back try_send try_recv to_str decode"))
        loss = {unwrap, part.lost.front(), {}, false};
    return loss;
}

void report(const Loss &loss, const RewrittenFunction &function, Reporter &reporter)
{
    Node at = loss.panic.parent();
    if (const Call call = callNamedBy(loss.panic))
        at = call.node;
    const Node before = rust::statementOf(loss.handling);
    Draft draft;
    // A chain over several lines is told at its end, where the panic is written.
    draft.at = at.lines().size() > 4 ? loss.panic : at;
    const std::string what = quoted(at.text(), 30);
    draft.title = fittingTitle(
        {what + " may panic where " + quoted(loss.handling.parent().text(), 16) + " stood",
         what + " may panic where the case was handled", "Code that handled a case may panic now"});
    draft.steps = {{"before this change", "handles the other case here", before ? before : loss.handling},
                   {"now", "panics in that case", loss.panic}};
    draft.outcome = "The case that somebody had handled ends the task, and poisons what it holds.";
    draft.evidence = {loss.handling};
    draft.facts = {"resolved: the changed lines of `" + function.head->path() +
                       "` have more places that panic and handle fewer cases than before",
                   "assumed: the case still happens"};
    draft.confidence = !loss.call.empty() || loss.isSmall ? 1.0 : 0.85;
    reporter.report(std::move(draft));
}

/// `if !thread::panicking()` around an assertion, `catch_unwind` around what others wrote.
void reportUncontained(const ChangedPart &part, const RewrittenFunction &function, Reporter &reporter)
{
    const auto gone = std::find_if(part.lost.begin(), part.lost.end(), containsPanics);
    const Call call = callNamedBy(*gone);
    const bool asks = call.name == "panicking";
    Draft draft;
    draft.at = part.near;
    draft.title =
        fittingTitle({quoted(call.node.text(), 36) + " is gone from `" + function.head->path() + '`',
                      quoted(call.node.text(), 50) + " is gone"});
    draft.steps = {
        {"before this change", asks ? "stays calm while another panic is under way" : "ends a panic here",
         call.node},
        {"now", asks ? "may panic while another panic is under way" : "lets a panic through", part.near}};
    draft.outcome =
        asks ? "A second panic while the first unwinds the stack aborts the process."
             : "A panic goes on into code that is not made for it: a loop that serves all others, or "
               "foreign frames.";
    draft.evidence = {call.node};
    draft.facts = {"resolved: the call stands before the change and nowhere in the function after it",
                   "assumed: what it stood around can still panic"};
    reporter.report(std::move(draft));
}

} // namespace

void check_handled_case_panics(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (isTestOrTool(function.head->node, input.file))
            continue;
        const std::vector<ChangedPart> parts = changedParts(function);
        for (const ChangedPart &part : parts) {
            if (asksSomebodyNew(part, input))
                continue;
            if (isFewer(part, containsPanics) && countOf(tokensOf(function.head->body), containsPanics) <
                                                     countOf(tokensOf(function.base->body), containsPanics)) {
                reportUncontained(part, function, reporter);
                continue;
            }
            if (part.head.empty())
                continue;
            Loss loss = lossOf(part);
            loss.isSmall = part.baseLines <= 4 && part.headLines <= 4;
            if (!loss.panic && loss.isSmall && parts.size() <= 2 && !part.lost.empty())
                loss = newUnwrap(part);
            if (!loss.panic || (panics(loss.panic) && panicsOf(*function.head) <= panicsOf(*function.base)))
                continue;
            report(loss, function, reporter);
        }
    }
}

} // namespace review::rules
