// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

bool frees(const Call &call)
{
    if (call.isMethod() || call.arguments.empty())
        return false;
    if (isOneOf(call.name, {"from_raw", "dealloc", "drop_in_place", "from_raw_fd"}))
        return call.path.find("::") != std::string::npos;
    return call.name.find('_') != std::string_view::npos &&
           (call.name.ends_with("_destroy") || call.name.ends_with("_free") ||
            call.name.ends_with("_delete") || call.name.ends_with("_close") ||
            call.name.ends_with("_release"));
}

/// "self.inner" of `ffi::db_close(self.inner)`; empty for anything but a field of `self`.
std::string freedField(const Call &call)
{
    std::string place = handedPlace(call.arguments.front());
    return place.starts_with("self.") ? place : std::string();
}

/// The method sees to it that `drop` does not free again.
bool disarms(const rust::Function &function, const std::string &place)
{
    const std::string text = compact(function.body.text());
    return mentions(text, {"forget(self", "manuallydrop", "null", "take()", "replace(", "ptr::write",
                           "::write("}) ||
           text.find(place + "=") != std::string::npos;
}

void checkDrop(const rust::Function &drop, const RuleInput &input, Reporter &reporter)
{
    const auto all = rust::callsIn(drop.body);
    std::vector<Call> freed(all.begin(), all.end());
    std::erase_if(freed, [](const Call &call) { return !frees(call) || freedField(call).empty(); });
    for (const rust::Function &function : input.file.functions()) {
        if (freed.empty() || function.selfType != drop.selfType || !function.body || &function == &drop ||
            function.isTest || function.traitName == "Drop")
            continue;
        for (const Call &call : rust::callsIn(function.body)) {
            if (!frees(call))
                continue;
            const std::string place = freedField(call);
            const auto same = std::find_if(freed.begin(), freed.end(), [&](const Call &other) {
                return freedField(other) == place && other.name == call.name;
            });
            if (place.empty() || same == freed.end() || disarms(function, place) ||
                mentions(drop.body.text(), {"is_null", "if "}))
                continue;
            // A value that is only looked at and put back: `forget(arc)`.
            Draft draft;
            draft.at = call.node;
            draft.title =
                fittingTitle({"`" + function.name + "` frees `" + place + "`, and `drop` frees it again",
                              "`" + place + "` is freed here and again in `drop`"});
            draft.steps = {
                {"caller", "calls `" + function.name + "`, which frees " + quoted(place), call.node},
                {"thread", "drops the object", same->node}};
            draft.outcome = "A double free; in between everything that uses the field uses freed memory.";
            draft.evidence = {same->node};
            draft.facts = {"resolved: `drop` of `" + drop.selfType + "` calls " +
                               quoted(same->node.text(), 40),
                           "resolved: `" + function.name + "` neither forgets `self` nor changes the field"};
            reporter.report(std::move(draft));
            break;
        }
    }
}

} // namespace

void check_destroyed_twice(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (function.traitName == "Drop" && function.name == "drop" && function.body && !function.isTest)
            checkDrop(function, input, reporter);
    }
}

} // namespace review::rules
