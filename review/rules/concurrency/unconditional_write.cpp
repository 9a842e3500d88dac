// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace review::rules {

namespace {

using rust::Call;
using rust::Node;

/// Words of a write that goes through only if nobody else was faster.
constexpr std::string_view conditions[] = {
    "revision",     "expected",      "etag",          "e_tag",       "if_match",     "if_none_match",
    "precondition", "testoperation", "create_new",    "put_if",      "compare_and_", "insert_if",
    "if_absent",    "if_not_exists", "if not exists", "on conflict", "for update",   "for_update",
    "only_if",      "if_version",    "if_unmodified", "optimistic",  "create_if",    "compareop",
};

bool writes(const Call &call)
{
    std::string_view name = call.name;
    for (const std::string_view start :
         {"put",     "update", "insert", "patch",   "set",     "write",         "save",    "create",
          "open",    "delete", "remove", "commit",  "execute", "append",        "replace", "apply",
          "publish", "upsert", "store",  "compare", "txn",     "get_for_update"}) {
        if (name.starts_with(start))
            return true;
    }
    return false;
}

/// The word of a condition that the text has in it; empty if none.
std::string_view conditionIn(std::string_view text)
{
    for (const std::string_view word : conditions) {
        if (mentions(text, {word}))
            return word;
    }
    return {};
}

/// The call says so by its name or by what it is given; chains before it do not count.
std::string_view conditionOf(const Call &call)
{
    constexpr std::size_t manyBytes = 1500;
    if (call.node.text().size() > manyBytes || isOneOf(call.path, {"Ok", "Some", "Err"}))
        return {};
    if (const std::string_view word = conditionIn(call.name); !word.empty())
        return word;
    for (const Node &argument : call.arguments) {
        if (const std::string_view word = conditionIn(argument.text()); !word.empty())
            return word;
    }
    return conditionIn(call.path);
}

std::ptrdiff_t countOf(const rust::Function &function, const IsWanted &isWanted)
{
    const auto calls = rust::callsIn(function.body);
    return std::count_if(calls.begin(), calls.end(), isWanted);
}

void report(const Node &at, const Call &old, std::string_view word, Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({"`" + std::string(word) + "` is gone: the write no longer depends on it",
                                "A write no longer depends on what it saw"});
    draft.steps = {{"before this change", "writes only if nobody else has written since", old.node},
                   {"another client", "writes in between", at},
                   {"now", "overwrites that", at}};
    draft.outcome =
        "Of two writers that both saw the old state, the second one undoes the first, and both are told "
        "that they succeeded.";
    draft.evidence = {old.node};
    draft.facts = {"resolved: the function named `" + std::string(word) +
                       "` before the change and does not after it",
                   "assumed: others write here as well"};
    reporter.report(std::move(draft));
}

} // namespace

void check_unconditional_write(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const Call &old : rust::callsIn(function.base->body)) {
            const std::string_view word = conditionOf(old);
            const auto says = [&](const Call &call) { return conditionOf(call) == word; };
            const bool isVague = isOneOf(word, {"revision", "expected", "optimistic"});
            if (word.empty() || (isVague && !writes(old)) ||
                (isVague ? callsAny(*function.head, says)
                         : countOf(*function.head, says) >= countOf(*function.base, says)))
                continue;
            const auto calls = rust::callsIn(function.head->body);
            const auto find = [&](const auto &isWanted) {
                return std::find_if(calls.begin(), calls.end(),
                                    [&](const Call &call) { return writes(call) && isWanted(call); });
            };
            auto still = find([&](const Call &call) { return !isVague || !function.baseCalls->has(call); });
            if (still == calls.end())
                still = find([&](const Call &call) { return call.name == old.name; });
            if (still == calls.end() || input.comparison->isWrittenAnew(function.head->body))
                continue;
            report(isVague ? still->node : counterpartOf(old.node, function), old, word, reporter);
            break;
        }
    }
}

} // namespace review::rules
