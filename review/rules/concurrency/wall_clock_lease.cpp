// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool isWallClock(const Call &call, const rust::File &file)
{
    const std::string path = file.resolveAt(call.path, call.node);
    return path == "std::time::SystemTime::now" || path == "chrono::Utc::now" ||
           path == "chrono::Local::now" || path == "time::OffsetDateTime::now_utc" ||
           path == "SystemTime::now" || path == "Utc::now";
}

const std::initializer_list<std::string_view> leaseWords{
    "lease", "election", "heartbeat", "leader", "quorum", "lock_timeout", "last_contact", "keepalive"};

/// A decision is taken from the time: it is compared, added to, or measured against.
bool decides(const Node &statement, const Node &call)
{
    for (Node at = call; at && at != statement.parent(); at = at.parent()) {
        const bool compares = at.is("binary_expression") &&
                              isOneOf(at.field("operator").text(), {"<", ">", "<=", ">=", "+", "-"});
        const Call around = rust::toCall(at);
        if (compares ||
            (around.isMethod() && isOneOf(around.name, {"duration_since", "elapsed", "checked_add",
                                                        "signed_duration_since", "add"})))
            return true;
    }
    return false;
}

} // namespace

void check_wall_clock_lease(const RuleInput &input, Reporter &reporter)
{
    for (const Call &call : callsNamed({"now", "now_utc"}, input.file)) {
        if (call.isMethod() || !isWallClock(call, input.file))
            continue;
        const Node statement = rust::statementOf(call.node);
        const rust::Function *function = input.file.functionAt(call.node);
        if (!function ||
            mentions(statement.text(), {"metric", "observe", "log", "info!", "debug!", "unix_epoch"}))
            continue;
        const bool inStatement = mentions(statement.text(), leaseWords);
        const bool inName =
            mentions(function->name + " " + function->selfType, {"lease", "election", "leader"});
        const bool named = statement.is("let_declaration") && statement.field("pattern").text() == "now" &&
                           statement.field("value") == call.node;
        if (!(inStatement && decides(statement, call.node)) &&
            !(inName && (named || decides(statement, call.node))))
            continue;
        const std::string name = quoted(call.path, 28);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({name + " decides about a lease in " + quoted(function->name, 24),
                                    "The wall clock decides about a lease or an election"});
        draft.steps = {
            {"node A", "takes a lease that ends at a time of its wall clock", call.node},
            {"clock", "is set back by NTP or an operator", call.node},
            {"node A", "takes the lease for valid while node B has been granted a new one", statement}};
        draft.outcome = "Two nodes act as the holder at the same time.";
        draft.facts = {"resolved: " + name + " is the wall clock, which can jump in both directions",
                       "assumed: by its names `" + function->path() +
                           "` decides about leases, elections or liveness"};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
