// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Function;

/// What callers pass so that stale or endless work is refused.
bool isSafetyName(std::string_view name)
{
    return isOneOf(name, {"epoch",
                          "term",
                          "deadline",
                          "timeout",
                          "lease",
                          "fence",
                          "fencing_token",
                          "generation",
                          "region_epoch",
                          "leader_term",
                          "expected_version",
                          "expected_term",
                          "expected_epoch",
                          "expected_lsn",
                          "lease_id",
                          "min_epoch",
                          "prev_term",
                          "request_timeout",
                          "lock_timeout",
                          "wait_timeout",
                          "checksum",
                          "crc",
                          "expected_crc",
                          "quorum",
                          "idempotency_key",
                          "request_id_dedup",
                          "view_number",
                          "ballot"});
}

bool isStandIn(const Function &function)
{
    return mentions(function.selfType, {"mock", "noop", "dummy", "fake", "test", "null", "stub", "empty"}) ||
           mentions(function.body.text(), {"unimplemented!", "todo!", "unreachable!"});
}

/// The function is handed on as a value, so that its signature is not its own choice.
bool isPassedAsValue(const Function &function)
{
    const std::string &text = function.file->tree().text();
    for (std::size_t at = text.find(function.name); at != std::string::npos;
         at = text.find(function.name, at + 1)) {
        const std::size_t end = at + function.name.size();
        const std::size_t before = at > 0 ? text.find_last_not_of(' ', at - 1) : std::string::npos;
        const char previous = before == std::string::npos ? ' ' : text[before];
        const char next = end < text.size() ? text[end] : ' ';
        if ((next == ',' || next == ')') && (previous == '(' || previous == ',' || previous == ':'))
            return true;
    }
    return false;
}

} // namespace

void check_safety_parameter_ignored(const RuleInput &input, Reporter &reporter)
{
    for (const Function &function : input.file.functions()) {
        if (!function.body || !function.traitName.empty() || function.body.namedChildren().size() < 2 ||
            function.node.parent().parent().is("trait_item") || !function.abi.empty())
            continue;
        for (const rust::Parameter &parameter : function.parameters) {
            std::string_view name = parameter.name;
            const bool silenced = name.starts_with('_');
            if (silenced)
                name.remove_prefix(1);
            if (!isSafetyName(name) || function.body.text().find(parameter.name) != std::string_view::npos ||
                isStandIn(function) || isPassedAsValue(function))
                continue;
            const std::string shown = quoted(parameter.name, 24);
            Draft draft;
            draft.at = parameter.pattern;
            draft.title =
                fittingTitle({quoted(function.name, 28) + " takes " + shown + " and never looks at it",
                              shown + " is taken and never looked at"});
            draft.steps = {{"caller", "passes " + shown + " and relies on it", parameter.pattern},
                           {"callee", "does its work without reading it", function.node.field("name")}};
            draft.outcome = "What the parameter should refuse or bound is done all the same.";
            draft.facts = {"resolved: the body does not mention " + shown,
                           "resolved: `" + function.path() +
                               "` is no method of a trait and is not passed as a value"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
