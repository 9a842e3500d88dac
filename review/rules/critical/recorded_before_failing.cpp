// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>
#include <vector>

namespace review::rules {

namespace {

bool records(const rust::Call &call)
{
    return call.isMethod() &&
           isOneOf(call.name, {"insert", "push", "push_back", "push_front", "register", "add", "entry",
                               "fetch_add", "store", "set_len", "resize", "extend_from_slice"});
}

bool mayEndHere(const rust::Call &call)
{
    return rust::withAdapters(call.node).parent().is("try_expression") ||
           !rust::withAdapters(call.node).descendants("try_expression").empty() ||
           rust::withAdapters(call.node).is("try_expression");
}

const rust::Call *theOnly(const std::vector<rust::Call> &calls, const std::string &signature)
{
    const rust::Call *found = nullptr;
    for (const rust::Call &call : calls) {
        if (signatureOf(call) != signature)
            continue;
        if (found)
            return nullptr;
        found = &call;
    }
    return found;
}

std::vector<rust::Call> callsOf(const rust::Function &function)
{
    const auto calls = rust::callsIn(function.body);
    return {calls.begin(), calls.end()};
}

/// Where the base records only after the call that may fail, and the head before it.
void compare(const RewrittenFunction &function, Reporter &reporter)
{
    const auto before = callsOf(*function.base);
    const auto after = callsOf(*function.head);
    for (const rust::Call &record : after) {
        if (!records(record) || rust::loopAround(record.node))
            continue;
        const rust::Call *recordedBefore = theOnly(before, signatureOf(record));
        if (!recordedBefore || !theOnly(after, signatureOf(record)))
            continue;
        for (const rust::Call &failing : after) {
            if (failing.node.index() < record.node.index() ||
                failing.node.isInside(rust::withAdapters(record.node)) || !mayEndHere(failing) ||
                record.node.isInside(failing.node))
                continue;
            const rust::Call *failedBefore = theOnly(before, signatureOf(failing));
            if (!failedBefore || !mayEndHere(*failedBefore) ||
                failedBefore->node.index() > recordedBefore->node.index() ||
                failedBefore->node.isInside(rust::withAdapters(recordedBefore->node)))
                continue;
            Draft draft;
            draft.at = record.node;
            draft.title = fittingTitle(
                {quoted(record.node.text()) + " now stands before " + quoted(failing.node.text()),
                 "State is now changed before a call that may fail"});
            draft.steps = {
                {"now", "changes the state", record.node},
                {"now", "ends here with an error, and leaves the change", failing.node},
                {"before this change", "changed it only after the call had succeeded", recordedBefore->node}};
            draft.outcome = "After a failure the state tells of something that never came to be, and nobody "
                            "takes it back.";
            draft.evidence = {failing.node, recordedBefore->node};
            draft.facts = {"resolved: the two stood in the other order before the change",
                           "assumed: nothing takes the change back when the call fails"};
            reporter.report(std::move(draft));
            break;
        }
    }
}

} // namespace

void check_recorded_before_failing(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input))
        compare(function, reporter);
}

} // namespace review::rules
