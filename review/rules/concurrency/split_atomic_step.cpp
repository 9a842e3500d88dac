// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

bool isOneStep(const rust::Call &call)
{
    return call.isMethod() &&
           (call.name.starts_with("fetch_") || call.name.starts_with("compare_exchange") ||
            isOneOf(call.name, {"compare_and_swap", "swap"})) &&
           !call.arguments.empty();
}

std::string placeOf(const rust::Call &call)
{
    return compact(call.receiver.text());
}

/// The call's value is read: it decides, or is kept.
bool isUsed(const rust::Call &call)
{
    return !isStatement(call);
}

/// The first call of the head with this name on the same place.
rust::Call onSame(const std::string &place, std::string_view name, const rust::Function &side)
{
    for (const rust::Call &call : rust::callsIn(side.body)) {
        if (call.isMethod() && call.name == name && placeOf(call) == place)
            return call;
    }
    return {};
}

void report(const rust::Call &first, const rust::Call &second, const rust::Call &before,
            const std::string &place, Reporter &reporter)
{
    Draft draft;
    draft.at = first.node;
    draft.title = fittingTitle({"`" + place + "` is read and changed in two steps, which was one",
                                "An atomic is read and changed in two steps, which was one"});
    draft.steps = {{"before this change", "reads and changes it in one step", before.node},
                   {"this thread", "now takes the first step", first.node},
                   {"another thread", "changes it in between", first.node},
                   {"this thread", "takes the second step and undoes or misses that", second.node}};
    draft.outcome =
        "A change between the two steps is lost, or two threads both believe that they came first.";
    draft.evidence = {second.node, before.node};
    draft.facts = {"resolved: `" + std::string(before.name) + "` is gone, and its two halves stand apart",
                   "assumed: another thread uses `" + place + "` meanwhile"};
    reporter.report(std::move(draft));
}

} // namespace

void check_split_atomic_step(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const rust::Call &before : rust::callsIn(function.base->body)) {
            if (!isOneStep(before))
                continue;
            const std::string place = placeOf(before);
            const rust::Call load = onSame(place, "load", *function.head);
            const rust::Call store = onSame(place, "store", *function.head);
            const rust::Call still = onSame(place, before.name, *function.head);
            // A loop of exchanges loads first as well.
            const bool exchanges = before.name.starts_with("compare_") && !still && store;
            if (!load || (onSame(place, "load", *function.base) && !exchanges))
                continue;
            if (!still && store && store.node.index() > load.node.index() &&
                !onSame(place, "store", *function.base)) {
                report(load, store, before, place, reporter);
                break;
            }
            if (still && isUsed(before) && !isUsed(still)) {
                const bool loadsFirst = load.node.index() < still.node.index();
                report(loadsFirst ? load : still, loadsFirst ? still : load, before, place, reporter);
                break;
            }
        }
    }
}

} // namespace review::rules
