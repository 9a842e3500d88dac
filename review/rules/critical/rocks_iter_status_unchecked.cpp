// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rocks.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"

namespace review::rules {

using rust::Call;
using rust::Node;

void check_rocks_iter_status_unchecked(const RuleInput &input, Reporter &reporter)
{
    if (!usesRocks(input.file))
        return;
    for (const Call &call : callsNamed(
             {"raw_iterator", "raw_iterator_cf", "raw_iterator_opt", "raw_iterator_cf_opt"}, input.file)) {
        const Node binding = rust::statementOf(call.node);
        const Node body = rust::bodyOf(call.node);
        if (!binding.is("let_declaration") || !body)
            continue;
        Node name = binding.field("pattern");
        const std::string variable(name.is("mut_pattern") ? name.firstNamedChild().text() : name.text());
        Node loop;
        bool asked = false;
        for (const Node &use : rust::usesOf(variable, body)) {
            const Call method = rust::toCall(use.parent().parent());
            const bool own = method.isMethod() && method.receiver == use;
            asked = asked || !own || method.name == "status";
            const Node around = own && method.name == "valid" ? rust::loopAround(use) : Node();
            // `valid()?` is that of a wrapper, which asks the status itself.
            if (around.is("while_expression") && use.isInside(around.field("condition")) &&
                !method.node.parent().is("try_expression"))
                loop = around;
        }
        if (!loop || asked)
            continue;
        const std::string shown = quoted(variable, 24);
        Draft draft;
        draft.at = loop.field("condition");
        draft.title = fittingTitle({"The loop takes an error of " + shown + " for the end of the keys",
                                    "A loop takes an iterator's error for the end of the keys"});
        draft.steps = {{"caller", "makes a raw iterator and goes on while it is valid", binding},
                       {"RocksDB", "cannot read a block: `valid` turns false", loop.field("condition")},
                       {"caller", "leaves the loop and takes the scan for complete", loop}};
        draft.outcome = "Keys that exist are missing from the result without an error.";
        draft.facts = {"resolved: " + shown + " is a raw iterator, which tells of errors only by `status()`",
                       "resolved: `status()` is not asked for it in this function"};
        draft.evidence = {binding};
        const Node statement = rust::statementOf(loop);
        const rust::Function *function = input.file.functionAt(loop);
        if (function && function->returnsResult() && statement.is("expression_statement")) {
            const std::uint32_t end = statement.bytes().end;
            draft.edits.push_back({{end, end}, "\n" + indentOf(statement) + variable + ".status()?;"});
        }
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
