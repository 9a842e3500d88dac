// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

/// An arm or a statement around it is compiled for tests only.
bool isForTests(const rust::Node &macro)
{
    for (rust::Node around = macro; around && !around.is("function_item"); around = around.parent()) {
        const rust::Node above = around.previousNamedSibling();
        if ((above.is("attribute_item") && above.text().find("test") != std::string_view::npos) ||
            (around.is("match_arm") && around.text().starts_with("#[cfg(test)")))
            return true;
    }
    return false;
}

/// Nobody thought of this `todo!` again: it says nothing, and its function could answer with an error. One
/// with words, or where only a panic is left, or as the whole of a method that a trait asks for, may well be
/// what its author wants.
bool isForgotten(const rust::Node &todo, const rust::Function &function)
{
    const bool whole = !function.traitName.empty() && function.body.namedChildren().size() == 1;
    return !whole && function.returnsResult() &&
           isOneOf(compact(todo.text()), {"todo!()", "todo!{}", "todo![]"});
}

/// A trait's method that is nothing but `todo!()`: it has to be there, and mostly nobody calls it here.
bool isFiller(const rust::Node &todo, const rust::Function &function)
{
    return !function.traitName.empty() && function.body.namedChildren().size() == 1 &&
           rust::blockOf(todo) == function.body;
}

} // namespace

void check_leftover_debug(const RuleInput &input, Reporter &reporter)
{
    if (!hasAny(input.file, {"dbg!", "println!", "todo!"}) || isTool(input.file) ||
        mentions(input.file.path(), {"binaries", "entry", "debug"}) || input.file.isTestFile())
        return;
    // A file that logs does not print by intent; one that only prints may be a program's output.
    const bool logs = hasAny(input.file, {"tracing::", "log::", "slog::", "use tracing", "use log"});
    for (const rust::Node &macro : input.file.root().descendants("macro_invocation")) {
        const std::string_view name = rust::macroName(macro);
        const bool debug = name == "dbg";
        const bool prints = name == "println" && logs;
        if ((!debug && !prints && name != "todo") || input.file.isTest(macro) || isForTests(macro) ||
            hasAny(macro.text(), {"\"cargo:"}))
            continue;
        const rust::Function *function = input.file.functionAt(macro);
        // A line that only the compiler reads, and a method that says who has to write it.
        // A double for tests writes what the tests need.
        if (function && (mentions(function->selfType, {"mock", "fake", "dummy", "stub", "unimplemented"}) ||
                         mentions(macro.ancestor({"mod_item"}).field("name").text(), {"mock", "fake"})))
            continue;
        if (!function || function->name == "main" || function->name.starts_with('_') ||
            (name == "todo" && function->node.ancestor({"trait_item"})) ||
            mentions(function->name, {"print", "dump", "dbg", "debug", "usage", "panic", "entry", "setup",
                                      "init", "cmd", "command", "banner", "version"}) ||
            mentions(function->traitName, {"debug", "display"}))
            continue;
        const std::string call = "`" + std::string(name) + "!`";
        Draft draft;
        draft.at = macro;
        draft.title = fittingTitle(
            {call + " is left in " + quoted(function->path(), 36), call + " is left in the code"});
        if (name == "todo") {
            draft.steps = {{"caller", "comes here", macro},
                           {"thread", "panics: this is not written yet", macro}};
            draft.outcome = "The first caller that gets here stops its thread or task.";
        } else {
            draft.steps = {{"process",
                            "writes to its standard output or error, past every log level and filter",
                            macro}};
            draft.outcome = "The line reaches no collector, or fills one; each call locks the stream and may "
                            "block on it.";
        }
        draft.facts = {debug || name == "todo" ? "resolved: " + call + " is made for work in progress"
                                               : "resolved: this file logs through a logger elsewhere"};
        // A line of text may well be a program's answer.
        draft.confidence = prints || (name == "todo" && !isForgotten(macro, *function)) ? 0.7 : 1.0;
        if (name == "todo" && isFiller(macro, *function))
            draft.confidence = 0.7;
        // `let x = dbg!(y);` is `let x = y;`.
        const rust::Node arguments =
            macro.namedChildren().empty() ? rust::Node() : macro.namedChildren().back();
        if (debug && arguments.is("macro_arguments") && arguments.namedChildren().size() == 1 &&
            !macro.parent().is("expression_statement"))
            draft.edits.push_back({macro.bytes(), std::string(arguments.namedChildren().front().text())});
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
