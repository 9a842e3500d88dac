// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/removed.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

bool weakens(const rust::Call &call)
{
    return call.name == "downgrade" && call.arguments.size() + (call.isMethod() ? 1 : 0) == 1;
}

/// What is shared, without a reference sign.
std::string sharedOf(const rust::Call &call)
{
    std::string text = compact(call.isMethod() ? call.receiver.text() : call.arguments.front().text());
    while (text.starts_with('&'))
        text.erase(0, 1);
    return text;
}

/// The closure of the head that moves in what the base gave it a weak reference to.
rust::Node keptByClosure(const std::string &shared, const RewrittenFunction &function)
{
    const auto keeps = [&](const rust::Function &side) {
        for (const rust::Node &closure : side.body.descendants("closure_expression")) {
            if (closure.text().starts_with("move") && !rust::usesOf(shared, closure.field("body")).empty())
                return closure;
        }
        return rust::Node();
    };
    return keeps(*function.base) ? rust::Node() : keeps(*function.head);
}

bool clones(const rust::Call &call)
{
    return call.name == "clone" && (call.isMethod() ? call.arguments.empty() : call.arguments.size() == 1);
}

} // namespace

void check_strong_for_weak(const RuleInput &input, Reporter &reporter)
{
    for (const RewrittenFunction &function : rewrittenFunctions(input)) {
        for (const RemovedCall &removed : removedCalls(function, weakens, input)) {
            const std::string shared = sharedOf(removed.call);
            rust::Node now;
            for (const rust::Call &call : rust::callsIn(function.head->body)) {
                if (clones(call) && sharedOf(call) == shared && !function.baseCalls->has(call))
                    now = call.node;
            }
            if (!now)
                now = keptByClosure(shared, function);
            if (!now)
                continue;
            Draft draft;
            draft.at = now;
            draft.title = fittingTitle({"`" + shared + "` is kept alive where only a weak reference was kept",
                                        "A strong reference replaces a weak one"});
            draft.steps = {
                {"before this change", "keeps a reference that does not keep the value", removed.call.node},
                {"now", "keeps the value itself", now},
                {"the owner", "drops its own reference, and nothing ends", now}};
            draft.outcome =
                "The value, and what its destructor would close, lives for as long as this holder: "
                "for ever where the two hold each other.";
            draft.evidence = {removed.call.node};
            draft.facts = {"resolved: `downgrade` is gone, and `" + shared + "` itself is handed on",
                           "assumed: the holder lives longer than the owner"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
