// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

bool copies(const rust::Call &call)
{
    return call.isMethod() && call.arguments.empty() &&
           isOneOf(call.name, {"clone", "cloned", "to_vec", "to_owned", "into_owned"});
}

/// The base lends the place: `&place`, `place.iter()`, `place.as_ref()`.
bool isLent(const std::string &body, const std::string &place)
{
    for (const std::string &form : {"&" + place + ")", "&" + place + ",", "&" + place + ";",
                                    place + ".iter()", place + ".as_ref()", place + ".as_slice()"}) {
        if (body.find(form) != std::string::npos)
            return true;
    }
    return false;
}

std::size_t copiesOf(const rust::Function &function, const std::string &place)
{
    std::size_t count = 0;
    for (const rust::Call &call : rust::callsIn(function.body))
        count += copies(call) && (place.empty() || compact(call.receiver.text()) == place) ? 1 : 0;
    return count;
}

} // namespace

void check_clone_added(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        if (copiesOf(*function.head, {}) <= copiesOf(*function.base, {}))
            continue;
        const std::string before = compact(function.base->body.text());
        std::string last;
        for (const rust::Call &call : rust::callsIn(function.head->body)) {
            const std::string place = copies(call) ? compact(call.receiver.text()) : std::string();
            if (place.empty() || place == last || isOneOf(place, {"self", "Self"}) ||
                copiesOf(*function.base, place) > 0 || !isLent(before, place))
                continue;
            last = place;
            Draft draft;
            draft.at = call.node;
            draft.title = fittingTitle({"`" + place + "` is copied now, and was lent before",
                                        "A value is copied now that was lent before"});
            draft.steps = {{"before this change", "lends the value", function.base->node.field("name")},
                           {"now", "copies it at each call", call.node}};
            draft.outcome = "Each call pays for an allocation and a copy that nobody needed before.";
            draft.evidence = {function.base->node.field("name")};
            draft.facts = {"resolved: the place is lent before the change and not copied there",
                           "assumed: the copy is not cheap, and no ownership is needed now"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
