// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/edits.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

/// Words by which names tell of a limit, by what it limits.
struct Kind {
    std::initializer_list<std::string_view> words;
    const char *what;
    const char *outcome;
};

const std::array<Kind, 4> kinds{{
    {{"timeout", "deadline", "keepalive", "keep_alive", "time_limit", "idle", "expir", "ttl"},
     "A limit of time",
     "A peer that stops answering keeps the task, the connection and what they hold for as long as it "
     "likes."},
    {{"max_", "_max", "limit", "bounded", "semaphore", "permit", "quota", "high_water", "watermark",
      "threshold", "lru", "buffer_unordered", "buffered", "evict"},
     "A limit of size",
     "Whoever sends or asks for more gets more, until memory, descriptors or the other side give out."},
    {{"backoff", "retry_after", "throttle", "jitter", "cooldown", "debounce", "max_attempts", "max_retries",
      "retry", "retries"},
     "A limit of attempts",
     "While the other side is down, the attempts follow each other at once, or never end."},
    {{"shutdown", "cancel", "stop", "terminat", "quit", "close", "kill"},
     "A way to stop",
     "The task goes on after everybody who needed it is gone, and keeps what it holds."},
}};

bool isName(const Node &node)
{
    return node.isAny({"identifier", "field_identifier", "type_identifier", "shorthand_field_identifier"});
}

/// A timer that one of several branches waits for ends the others.
bool isTimerOfBranch(const Node &name)
{
    return isOneOf(name.text(), {"sleep", "sleep_until", "tick", "delay", "timer", "interval"}) &&
           bool(name.ancestor({"select_arm", "function_item"}).is("select_arm"));
}

/// A branch, or the condition of a loop, that ends what would go on else.
bool isEnding(const Node &name)
{
    if (!mentions(name.text(), kinds[3].words))
        return false;
    for (Node node = name; node && !node.is("function_item"); node = node.parent()) {
        if (node.is("select_arm"))
            return true;
        if (node.is("while_expression"))
            return name.isInside(node.field("condition"));
        if (node.is("if_expression"))
            return name.isInside(node.field("condition")) && rust::loopAround(node) &&
                   rust::diverges(node.field("consequence"));
    }
    return false;
}

const Kind *kindOf(const Node &node)
{
    if (isEnding(node))
        return &kinds[3];
    if (isTimerOfBranch(node))
        return &kinds[0];
    const std::string_view name = node.text();
    if (mentions(name, {"unbounded", "unlimited"}) ||
        mentions(name, {"_timeout_count", "metric", "_total", "max_value", "minmax", "timestamp", "height",
                        "max_ts"}))
        return nullptr;
    // the most particular one first
    for (const std::size_t i : {2U, 0U, 1U}) {
        if (mentions(name, kinds[i].words))
            return &kinds[i];
    }
    return nullptr;
}

/// An error or a count of them, a log or a test of what came of a limit is none itself.
bool isOnlyTold(const Node &name)
{
    for (Node node = name; node && !node.is("function_item"); node = node.parent()) {
        if (node.is("macro_invocation") &&
            isOneOf(rust::macroName(node),
                    {"info", "warn", "debug", "error", "trace", "println", "format", "bail"}))
            return true;
        if (node.is("match_pattern"))
            return true;
    }
    return isOneOf(name.text(), {"is_timeout", "Timeout", "TimedOut", "Elapsed", "RecvTimeoutError"});
}

std::vector<Node> namesOf(const rust::Function &function)
{
    std::vector<Node> names;
    for (const Node node : function.body.descendants()) {
        if (isName(node) && kindOf(node))
            names.push_back(node);
    }
    return names;
}

/// The call around the name, or the field that is set, which the reader knows it by.
Node around(const Node &name)
{
    for (Node node = name; node && !node.is("block"); node = node.parent()) {
        if (node.text().size() > 80)
            break;
        if (node.isAny({"call_expression", "field_initializer", "binary_expression", "macro_invocation",
                        "shorthand_field_initializer"}))
            return node;
    }
    return name;
}

void check(const RewrittenFunction &function, const RuleInput &input, Reporter &reporter)
{
    const std::vector<Node> before = namesOf(*function.base);
    if (before.empty())
        return;
    const std::vector<Node> after = namesOf(*function.head);
    const auto stands = [&](std::string_view name) {
        return std::any_of(after.begin(), after.end(), [&](const Node &each) { return each.text() == name; });
    };
    const Edits edits(function);
    for (const Node &name : before) {
        const Edit *edit = edits.ofBase(name);
        if (!edit || stands(name.text()) || isOnlyTold(name))
            continue;
        const Kind &kind = *kindOf(name);
        const bool hasOther = std::any_of(
            after.begin(), after.end(), [&](const Node &each) { return kindOf(each) && edits.ofHead(each); });
        const auto limits = [&](const rust::Function &callee) {
            return mentions(callee.body.text(), kind.words);
        };
        if (hasOther || edits.addedIn(*edit) > edits.removedIn(*edit) + 3 ||
            countIn(input.file.tree().text(), name.text()) >=
                countIn(input.base->tree().text(), name.text()) ||
            callsNewFunction(function, input, limits))
            continue;
        const Node whole = around(name);
        Draft draft;
        draft.at = edits.placeInHead(name);
        draft.title = fittingTitle({std::string(kind.what) + " is gone: " + quoted(whole.text(), 36),
                                    std::string(kind.what) + " is gone"});
        draft.steps = {{"before this change", "keeps to " + quoted(whole.text(), 60), name},
                       {"now", "knows no such limit", draft.at}};
        draft.outcome = kind.outcome;
        draft.evidence = {whole};
        draft.facts = {"resolved: " + quoted(name.text()) + " stands in `" + function.base->name +
                           "` before the change, and no name of its kind after it",
                       "assumed: no caller, callee or setting limits it in its place"};
        reporter.report(std::move(draft));
        return;
    }
}

} // namespace

void check_limit_gone(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t manyLines = 20;
    if (!input.base || !mentions(input.base->tree().text(),
                                 {"timeout",   "deadline", "keep",      "limit",  "select!", "while",
                                  "stop",      "shutdown", "lru",       "buffer", "retr",    "evict",
                                  "max",       "bounded",  "semaphore", "permit", "quota",   "water",
                                  "threshold", "backoff",  "throttle",  "jitter", "expir",   "ttl"}))
        return;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) <= manyLines)
            check(function, input, reporter);
    }
}

} // namespace review::rules
