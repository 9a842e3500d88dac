// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/edits.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

using rust::Node;

/// Gives back what no destructor gives back: a raw handle, a registration, a count, a file of its own.
bool releases(const rust::Call &call)
{
    return isOneOf(call.name,
                   {"close",      "free",   "release",   "deregister",    "unregister",  "dealloc",
                    "munmap",     "dec",    "decrement", "fetch_sub",     "remove_file", "remove_dir_all",
                    "unlock",     "unpin",  "end",       "finish",        "leave",       "exit",
                    "disconnect", "abort",  "destroy",   "drop_in_place", "resume",      "unpause",
                    "rollback",   "remove", "cleanup",   "clean_up"}) ||
           call.name.ends_with("_free") || call.name.ends_with("_destroy") || call.name.ends_with("_close") ||
           call.name.ends_with("_unref") || call.name.ends_with("_release") ||
           call.name.starts_with("release_") || call.name.starts_with("free_") ||
           call.name.starts_with("unregister_") || call.name.starts_with("end_") ||
           call.name.starts_with("remove_") || call.name.starts_with("dec_") ||
           call.name.starts_with("finish_");
}

bool leaves(const Node &node)
{
    return node.isAny({"try_expression", "return_expression"}) ||
           (node.is("macro_invocation") &&
            isOneOf(rust::macroName(node),
                    {"try", "try_call", "bail", "ensure", "ready", "try_ready", "r#try"}));
}

/// The ways out of the function's own body before a place, on changed lines only where asked.
std::vector<Node> exitsBefore(const Node &place, const rust::Function &function)
{
    std::vector<Node> exits;
    const Node body = rust::bodyOf(place);
    for (const Node node : function.body.descendants()) {
        if (node.index() >= place.index())
            break;
        if (leaves(node) && rust::runsIn(node, body) && !place.isInside(node))
            exits.push_back(node);
    }
    return exits;
}

void check(const RewrittenFunction &function, Reporter &reporter)
{
    const Edits edits(function);
    for (const rust::Call &release : rust::callsIn(function.head->body)) {
        const auto &before = function.baseCalls->like(release);
        if (!releases(release) || !isStatement(release) || before.size() != 1 ||
            function.headCalls->like(release).size() != 1 || !isStatement(*before.front()))
            continue;
        const std::vector<Node> old = exitsBefore(before.front()->node, *function.base);
        const std::vector<Node> now = exitsBefore(release.node, *function.head);
        if (now.size() <= old.size())
            continue;
        for (const Node &exit : now) {
            if (!edits.ofHead(exit) ||
                rust::statementOf(release.node).parent() != rust::statementOf(exit).parent())
                continue;
            Draft draft;
            draft.at = exit;
            const std::string what = quoted(release.node.text(), 30);
            draft.title =
                fittingTitle({"A way out now stands before " + what, "A way out stands before a release"});
            draft.steps = {{"now", "leaves the function here", exit},
                           {"now", "gives back only on the other path", release.node},
                           {"before this change", "gave back first, and left then", before.front()->node}};
            draft.outcome = "Each time this way is taken one more handle, entry or count stays behind.";
            draft.evidence = {release.node, before.front()->node};
            draft.facts = {"resolved: more ways out stand before the call than did before the change",
                           "assumed: what it gives back is taken before this way out"};
            reporter.report(std::move(draft));
            return;
        }
    }
}

} // namespace

void check_exit_before_release(const RuleInput &input, Reporter &reporter)
{
    constexpr std::size_t manyLines = 15;
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (linesAdded(function) <= manyLines)
            check(function, reporter);
    }
}

} // namespace review::rules
