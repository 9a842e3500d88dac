// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/collections.h"
#include "review/rules/phrases.h"
#include "review/rust/flow.h"

namespace review::rules {
using rust::Call;
using rust::Node;

void check_sort_in_loop(const RuleInput &input, Reporter &reporter)
{
    for (const Call &call : callsNamed(
             {"sort", "sort_unstable", "sort_by", "sort_by_key", "sort_unstable_by", "sort_unstable_by_key"},
             input.file)) {
        if (!call.isMethod())
            continue;
        const Node loop = rust::loopAround(call.node);
        const std::string place = rust::placeText(call.receiver);
        if (!loop.is("for_expression") || place.empty() || isMadeInside(call.receiver, loop) ||
            call.node.isInside(loop.field("value")) ||
            containerOf(call.receiver, input) != Container::Sequence)
            continue;
        Node growth;
        bool emptied = false;
        for (const Call &change :
             callsNamed({"push", "insert", "clear", "drain", "take", "truncate", "extend"}, loop)) {
            const bool own = change.isMethod() ? rust::placeText(change.receiver) == place
                                               : change.node.text().find(place) != std::string_view::npos;
            if (own && isOneOf(change.name, {"push", "insert"}))
                growth = change.node;
            emptied = emptied || (own && !isOneOf(change.name, {"push", "insert"}));
        }
        bool conditional = false;
        for (Node at = call.node; at && at != loop; at = at.parent())
            conditional = conditional || at.isAny({"if_expression", "match_arm"});
        if (!growth || emptied || conditional || rust::loopAround(growth) != loop)
            continue;
        const std::string shown = quoted(place, 24);
        Draft draft;
        draft.at = call.node;
        draft.title = fittingTitle({shown + " is sorted again after each element that is added",
                                    "A vector is sorted again after each element"});
        draft.steps = {{"loop", "adds one element to " + shown, growth},
                       {"loop", "sorts all that is there", call.node}};
        draft.outcome = "n sorts instead of one; the last of them alone would have done the work.";
        draft.facts = {"resolved: " + shown +
                       " is a sequence that lives outside of the loop and grows in it"};
        draft.evidence = {growth};
        reporter.report(std::move(draft));
    }
}

} // namespace review::rules
