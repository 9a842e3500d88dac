// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/foreign.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The parameter of the callback under `opaque as *mut C`; null if it is something else.
const rust::Parameter *parameterUnder(Node value, const rust::Function &function)
{
    while (value.isAny({"type_cast_expression", "parenthesized_expression"}))
        value = value.is("type_cast_expression") ? value.field("value") : value.firstNamedChild();
    const Call call = rust::toCall(value);
    if (call.isMethod() && call.name == "cast")
        value = call.receiver;
    for (const rust::Parameter &parameter : function.parameters) {
        if (!parameter.name.empty() && value.is("identifier") && value.text() == parameter.name)
            return &parameter;
    }
    return nullptr;
}

bool isContext(const rust::Parameter &parameter)
{
    return mentions(parameter.name, {"opaque", "user_data", "userdata", "ctx", "context", "payload", "state",
                                     "arg", "data", "raw_cb", "self"}) &&
           parameter.type.text().find("void") != std::string_view::npos;
}

/// Callbacks whose job it is to free, or that run once.
bool mayFree(const rust::Function &function)
{
    return mentions(function.name,
                    {"destroy", "drop", "free", "destruct", "delete", "release", "dealloc", "once", "finish",
                     "complet", "done", "close", "cleanup", "unref", "start"});
}

} // namespace

void check_callback_frees_context(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        if (!isForeign(function) || isExported(function) || function.isTest || mayFree(function) ||
            mentions(function.body.text(), {"forget(", "into_raw", "manuallydrop", "leak("}))
            continue;
        for (const Call &call : rust::callsIn(function.body)) {
            if (call.isMethod() || call.arguments.size() != 1 ||
                !isOneOf(call.path, {"Box::from_raw", "Arc::from_raw", "Rc::from_raw"}))
                continue;
            const rust::Parameter *parameter = parameterUnder(call.arguments.front(), function);
            if (!parameter || !isContext(*parameter))
                continue;
            Draft draft;
            draft.at = call.node;
            draft.title = fittingTitle({"`" + function.name + "` frees its context " +
                                            quoted(parameter->name, 16) + " when it returns",
                                        "The callback frees its context when it returns"});
            draft.steps = {
                {"C library", "calls `" + function.name + "` and keeps the context for the next call",
                 function.node},
                {"Rust", "takes the context over; it is dropped at the end of the function", call.node},
                {"C library", "calls again with the same pointer", function.node}};
            draft.outcome = "Use after free on the second call, then a double free.";
            draft.evidence = {parameter->pattern};
            draft.facts = {"resolved: nothing gives the box back with `into_raw` or `forget`",
                           "assumed: the library calls `" + function.name + "` more than once"};
            reporter.report(std::move(draft));
            break;
        }
    }
}

} // namespace review::rules
