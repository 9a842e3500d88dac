// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/phrases.h"
#include "review/rules/raw_memory.h"
#include "review/rules/rule.h"
#include "review/rules/type_parameters.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <map>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// `key.as_ref()` where the type of `key` is a type parameter with a view trait, or an `impl AsRef`.
bool isView(const Call &call, const RuleInput &input)
{
    if (!call.isMethod() || !call.arguments.empty() || !isOneOf(call.name, {"as_ref", "borrow", "as_mut"}) ||
        !call.receiver.is("identifier"))
        return false;
    rust::Type type = input.model.infer(call.receiver, input.file);
    while (type.path.starts_with('&') && !type.args.empty())
        type = rust::Type(type.args.front());
    if (type.path == "impl")
        return true;
    for (const TypeParameter &parameter : typeParametersAround(call.node)) {
        if (parameter.name == type.path)
            return parameter.has("AsRef") || parameter.has("Borrow") || parameter.has("AsMut");
    }
    return false;
}

/// What is asked of the view: "as_ptr", "len".
std::string_view askedOf(const Call &view)
{
    const Node field = view.node.parent();
    return field.is("field_expression") ? field.field("field").text() : std::string_view();
}

void report(const Call &pointer, const Call &length, Reporter &reporter)
{
    const std::string view = quoted(pointer.node.text(), 24);
    Draft draft;
    draft.at = pointer.node;
    draft.title = fittingTitle({view + " is called twice: pointer and length may differ",
                                "Pointer and length come from two calls of the caller's trait"});
    draft.steps = {{"Rust", "takes the pointer from one call of " + view, pointer.node},
                   {"Rust", "takes the length from another call, which may give another slice", length.node},
                   {"foreign code", "reads that many bytes from that pointer", pointer.node}};
    draft.outcome =
        "A safe implementation of the trait that answers differently makes the unsafe code read past "
        "the end, or from a slice that is gone.";
    draft.evidence = {length.node};
    draft.facts = {"resolved: the receiver's type is the caller's choice",
                   "resolved: pointer and length are taken from separate calls"};
    reporter.report(std::move(draft));
}

void checkFunction(const rust::Function &function, const RuleInput &input, Reporter &reporter)
{
    std::map<std::string, Call> pointers;
    std::map<std::string, Call> lengths;
    for (const Call &call : rust::callsIn(function.body)) {
        if (call.name != "as_ref" && call.name != "borrow" && call.name != "as_mut")
            continue;
        const std::string_view asked = askedOf(call);
        const bool pointer = asked == "as_ptr" || asked == "as_mut_ptr";
        if (!(pointer || asked == "len") || !isView(call, input))
            continue;
        (pointer ? pointers : lengths).emplace(call.receiver.text(), call);
    }
    for (const auto &[name, pointer] : pointers) {
        const auto length = lengths.find(name);
        if (length != lengths.end())
            report(pointer, length->second, reporter);
    }
}

} // namespace

void check_repeated_trait_view(const RuleInput &input, Reporter &reporter)
{
    const rust::Tree &tree = input.file.tree();
    if (!tree.contains("_ptr()") || !tree.contains(".len()"))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (function.body && !function.isTest)
            checkFunction(function, input, reporter);
    }
}

} // namespace review::rules
