// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/remarks.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The first thing that an async program does, or what sets up its logging: the runtime's threads are there
/// and have nothing to do yet.
bool isAtStart(const Call &call, const RuleInput &input)
{
    const rust::Function *function = input.file.functionAt(call.node);
    if (!function)
        return false;
    if (!function->name.ends_with("main"))
        return mentions(function->name, {"init_log", "setup_log", "init_tracing", "setup_tracing"});
    const std::string_view before =
        function->body.text().substr(0, call.node.bytes().begin - function->body.bytes().begin);
    return !mentions(before, {".await", "spawn", "thread::", "runtime"});
}

/// Other threads run at this place: why, for people; empty if nothing says so.
std::string threadsAt(const Call &call, Node &witness, const RuleInput &input)
{
    const rust::Function *function = input.file.functionAt(call.node);
    if (!function)
        return {};
    witness = function->node.field("name");
    const bool alone = std::ranges::any_of(function->attributes, [](const std::string &attribute) {
        return attribute.find("current_thread") != std::string::npos;
    });
    if (rust::runsAsync(call.node, input.file) && !alone)
        return "async code runs among the runtime's threads";
    for (const Call &other : rust::callsIn(function->body)) {
        if (other.node.index() >= call.node.index())
            break;
        const bool starts =
            isOneOf(other.name, {"spawn", "spawn_blocking"}) ||
            (isOneOf(other.name, {"new_multi_thread", "new"}) && mentions(other.path, {"runtime"}));
        if (starts && rust::canReach(other.node, call.node)) {
            witness = other.node;
            return "a thread or a runtime was started before";
        }
    }
    return {};
}

} // namespace

void check_env_set_var_threads(const RuleInput &input, Reporter &reporter)
{
    for (const Call &call : callsNamed({"set_var", "remove_var"}, input.file)) {
        const std::string path = input.file.resolveAt(call.path, call.node);
        if (call.isMethod() || !isOneOf(path, {"std::env::set_var", "std::env::remove_var"}) ||
            input.file.isTestFile() || input.file.isTest(call.node) ||
            (isTool(input.file) && !input.file.path().ends_with("main.rs")))
            continue;
        Node witness;
        const std::string why = threadsAt(call, witness, input);
        if (why.empty())
            continue;
        const std::string name = quoted("env::" + std::string(call.name));
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({name + " changes the environment while other threads run"});
        draft.steps = {{"thread 1", "runs beside others: " + why, witness},
                       {"thread 1", "moves the table of environment variables", call.node},
                       {"thread 2", "reads the table from C, for a host name or a time zone, without a lock",
                        call.node}};
        draft.outcome =
            "Thread 2 reads memory that was freed: a crash now and then, in code that has nothing "
            "to do with this.";
        draft.facts = {"resolved: " + why, "resolved: the call is `" + path + "`"};
        draft.evidence = {witness};
        if (isAtStart(call, input)) {
            draft.facts.push_back("assumed: another thread of the runtime already reads the environment");
            draft.confidence = 0.7;
        }
        const std::string reason =
            remarkOn(rust::statementOf(call.node)) + remarkOn(call.node.ancestor({"unsafe_block"}));
        if (mentions(reason, {"safety", "single", "thread", "before"})) {
            draft.facts.push_back("assumed: the reason that the comment gives does not hold");
            draft.confidence = 0.7;
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
