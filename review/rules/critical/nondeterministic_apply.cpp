// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Function;
using rust::Node;

/// The function turns log entries into state, on every replica alike.
bool isApply(const Function &function)
{
    if (!function.name.starts_with("apply") && !function.name.starts_with("exec_") &&
        function.name != "on_apply" && function.name != "process_committed_entry")
        return false;
    const bool machine = mentions(function.traitName, {"statemachine", "fsm"}) ||
                         mentions(function.selfType, {"statemachine", "fsm", "applydelegate", "applier"});
    return machine ||
           (mentions(function.file->path(), {"raft", "state_machine", "consensus", "replica"}) &&
            mentions(function.node.text().substr(0, 400), {"entry", "entries", "logid", "index", "command"}));
}

/// What differs between the replicas that run the same entry; empty for other calls.
std::string source(const Call &call, const rust::File &file)
{
    const std::string path = file.resolveAt(call.path, call.node);
    if (path.ends_with("SystemTime::now") || path.ends_with("Utc::now") || path.ends_with("Local::now") ||
        path.ends_with("OffsetDateTime::now_utc"))
        return "the local clock";
    if (path.ends_with("rand::random") || path.ends_with("thread_rng") || path.ends_with("rand::rng") ||
        path.ends_with("Uuid::new_v4"))
        return "a random number";
    if (path == "std::env::var" || path == "std::process::id")
        return "the process's surroundings";
    return {};
}

/// The value only goes into a metric, a log line or a measured duration.
bool onlyObserved(const Call &call)
{
    const Node statement = rust::statementOf(call.node);
    if (mentions(statement.text(), {"metric", "observe", "histogram", "elapsed", "gauge", "latency", "timer",
                                    "sleep", "jitter", "debug!", "info!", "trace!", "warn!"}))
        return true;
    if (!statement.is("let_declaration"))
        return false;
    const Node name = statement.field("pattern");
    const std::vector<Node> uses = rust::usesOf(name.text(), rust::bodyOf(call.node));
    for (const Node &use : uses) {
        if (use.index() > statement.index() && use != name &&
            !mentions(rust::statementOf(use).text(),
                      {"metric", "observe", "histogram", "elapsed", "gauge", "latency", "debug!", "info!",
                       "trace!", "warn!", "duration_since"}))
            return false;
    }
    return true;
}

struct Source {
    Node at;
    Node through; ///< the call in `apply` that leads there; null if it stands in `apply` itself
    std::string what;
};

std::optional<Source> sourceIn(const Function &function, const RuleInput &input, int depth)
{
    for (const Call &call : callsNamed(
             {"now", "now_utc", "random", "thread_rng", "rng", "new_v4", "var", "id"}, function.body)) {
        const std::string what = source(call, *function.file);
        if (!what.empty() && !onlyObserved(call))
            return Source{call.node, {}, what};
    }
    if (depth == 0)
        return {};
    for (const Call &call : rust::callsIn(function.body)) {
        const bool own = call.isMethod() ? call.receiver.text() == "self" : call.path.starts_with("Self::");
        for (const Function *callee :
             own ? input.model.callees(call.node, *function.file) : std::vector<const Function *>()) {
            if (!callee->body || callee == &function)
                continue;
            if (auto found = sourceIn(*callee, input, depth - 1))
                return Source{found->at, call.node, found->what};
        }
    }
    return {};
}

} // namespace

void check_nondeterministic_apply(const RuleInput &input, Reporter &reporter)
{
    if (!hasAny(input.file, {"fn apply", "fn exec_", "fn on_apply", "fn process_committed_entry"}))
        return;
    for (const Function &function : input.file.functions()) {
        if (!function.body || !isApply(function))
            continue;
        const auto found = sourceIn(function, input, 2);
        if (!found)
            continue;
        const std::string name = quoted(function.name, 24);
        Draft draft;
        draft.at = found->through ? found->through : found->at;
        draft.title = fittingTitle({name + " lets " + found->what + " decide about replicated state",
                                    "Applying an entry depends on " + found->what});
        draft.steps = {{"replica A", "applies the entry and takes " + found->what, found->at},
                       {"replica B", "applies the same entry later and takes another value", found->at}};
        draft.outcome = "The replicas hold different states for the same log, and nothing reports it.";
        draft.facts = {"resolved: " + quoted(found->at.text(), 40) + " runs as part of " + name,
                       "assumed: by its name `" + function.path() + "` applies entries on every replica"};
        if (found->through)
            draft.evidence = {found->at};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
