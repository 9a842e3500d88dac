// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/handlers.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"

#include <algorithm>
#include <map>
#include <vector>

namespace review::rules {
namespace {

/// The handler opens a span or counts itself: by its attribute, or in its first words.
bool isObserved(const rust::Function &function)
{
    const bool attribute = std::ranges::any_of(function.attributes, [](const std::string &text) {
        return mentions(text, {"instrument", "trace", "timed", "measure"});
    });
    return attribute || hasAny(function.body.text(), {"span!", "Span::", ".instrument(", "HistogramTimer",
                                                      "start_timer", ".observe(", "counter!", "histogram!"});
}

bool isTrivial(const rust::Function &function)
{
    return function.body.namedChildren().size() < 2 ||
           function.body.text().find(".await") == std::string_view::npos ||
           hasAny(function.body.text(), {"unimplemented", "Unimplemented", "todo!"});
}

} // namespace

void check_rpc_no_span(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("Request<") || !tree.contains("tonic"))
        return;
    std::map<std::string, std::vector<const rust::Function *>> services;
    for (const rust::Function &function : input.file.functions()) {
        const auto handler =
            function.traitName.empty() || !function.isAsync ? std::nullopt : handlerOf(function);
        if (handler && handler->framework == "tonic" && !isTrivial(function))
            services[function.traitName].push_back(&function);
    }
    for (const auto &[service, handlers] : services) {
        const auto observed = static_cast<std::size_t>(std::ranges::count_if(
            handlers, [](const rust::Function *handler) { return isObserved(*handler); }));
        // The service's own custom: all but few of at least four.
        if (handlers.size() < 4 || observed == handlers.size() || observed * 10 < handlers.size() * 7)
            continue;
        for (const rust::Function *handler : handlers) {
            if (isObserved(*handler))
                continue;
            const auto example = std::ranges::find_if(
                handlers, [](const rust::Function *other) { return isObserved(*other); });
            const rust::Node name = handler->node.field("name");
            Draft draft;
            draft.at = name;
            draft.title = fittingTitle({quoted(handler->name, 24) + " has no span, unlike " +
                                            std::to_string(observed) + " other handlers",
                                        "A handler has no span, unlike its siblings"});
            draft.steps = {{"client", "calls " + quoted(handler->name) + ", which is slow or fails", name},
                           {"operator",
                            "finds all calls of " + quoted(service, 30) + " in the traces but this one",
                            (*example)->node.field("name")}};
            draft.outcome = "What goes wrong in this call leaves no trace of its own.";
            draft.facts = {"resolved: " + std::to_string(observed) + " of " +
                           std::to_string(handlers.size()) + " handlers of " + quoted(service, 30) +
                           " have a span or a metric"};
            draft.evidence = {(*example)->node.field("name")};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
