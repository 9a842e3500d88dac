// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/foreign.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <string>
#include <utility>

namespace review::rules {

namespace {

/// A null pointer that a foreign function is to fill.
bool startsNull(const rust::Node &declaration)
{
    const rust::Call call = rust::toCall(rust::stripAdapters(declaration.field("value")));
    return isOneOf(call.name, {"null_mut", "null"}) && declaration.field("pattern").is("identifier") &&
           declaration.text().find("mut ") != std::string_view::npos;
}

bool fills(const rust::Call &call, std::string_view name)
{
    if (call.isMethod())
        return false;
    for (const rust::Node &argument : call.arguments) {
        const std::string text = compact(argument.text());
        if (text == "&mut" + std::string(name) || text.starts_with("&mut" + std::string(name) + "as"))
            return true;
    }
    return false;
}

/// Somebody looks whether it was filled.
bool isChecked(const rust::Node &body, std::string_view name)
{
    const std::string text = compact(body.text());
    const std::string word(name);
    return text.find(word + ".is_null()") != std::string::npos ||
           text.find(word + ".as_ref()") != std::string::npos ||
           text.find("NonNull::new(" + word) != std::string::npos ||
           text.find("null_mut()==" + word) != std::string::npos ||
           text.find(word + "==ptr::null") != std::string::npos ||
           text.find(word + "!=ptr::null") != std::string::npos;
}

} // namespace

void check_foreign_out_unchecked(const RuleInput &input, Reporter &reporter)
{
    if (!input.file.tree().contains("null"))
        return;
    for (const rust::Node &declaration : input.file.root().descendants("let_declaration")) {
        const rust::Node body = startsNull(declaration) ? rust::bodyOf(declaration) : rust::Node();
        const std::string_view name = declaration.field("pattern").text();
        if (!body || isChecked(body, name))
            continue;
        for (const rust::Call &call : rust::callsIn(body)) {
            // The answer of the call is thrown away: nobody knows whether it filled the pointer.
            if (!isForeignCall(call) || !call.node.parent().is("expression_statement") || !fills(call, name))
                continue;
            rust::Node use;
            for (const rust::Call &later : rust::callsIn(body)) {
                if (later.node.index() <= call.node.index() || later.node == call.node)
                    continue;
                for (const rust::Node &argument : later.arguments) {
                    if (!use && argument.text() == name)
                        use = later.node;
                }
            }
            if (!use || rust::toCall(use).name.find("free") != std::string_view::npos)
                continue;
            Draft draft;
            draft.at = call.node;
            draft.title = fittingTitle({"`" + std::string(name) + "` is used whether or not `" +
                                            std::string(call.name) + "` filled it",
                                        "`" + std::string(name) + "` is used whether or not it was filled"});
            draft.steps = {{"foreign code", "fails, and leaves the pointer null", call.node},
                           {"Rust", "hands the null pointer on as an object", use}};
            draft.outcome = "The next function reads through a null pointer: at best the process ends.";
            draft.evidence = {declaration, use};
            draft.facts = {
                "resolved: the pointer starts as null and nobody asks afterwards whether it still is",
                "resolved: what the call returns is thrown away"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
