// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/foreign.h"
#include "review/rules/node_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"
#include "review/rust/flow.h"

#include <algorithm>
#include <optional>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// How a pointer is used as if it could not be null.
struct Use {
    Node node;
    std::string how; ///< "is dereferenced", "goes to `CStr::from_ptr`"
};

bool isParameter(const Node &node, const rust::Parameter &parameter)
{
    Node value = node;
    while (value.isAny({"parenthesized_expression", "type_cast_expression"}))
        value = value.is("type_cast_expression") ? value.field("value") : value.firstNamedChild();
    const Call call = rust::toCall(value);
    if (call.isMethod() && isOneOf(call.name, {"cast", "cast_mut", "cast_const"}))
        value = call.receiver;
    return value.is("identifier") && value.text() == parameter.name &&
           rust::bindingOf(value).field("pattern") == parameter.pattern;
}

std::optional<Use> useAt(const Node &node, const rust::Parameter &parameter)
{
    if (node.is("unary_expression") && node.text().starts_with('*') &&
        isParameter(node.firstNamedChild(), parameter))
        return Use{node, "is dereferenced"};
    const Call call = rust::toCall(node);
    if (!call)
        return {};
    if (!call.isMethod() && !call.arguments.empty() &&
        isOneOf(call.name, {"from_ptr", "from_raw_parts", "from_raw_parts_mut", "from_raw", "read", "write",
                            "copy_nonoverlapping", "copy", "new_unchecked"})) {
        // A handle's own `from_ptr` answers null as it likes.
        if (call.name == "from_ptr" && !call.path.ends_with("CStr::from_ptr"))
            return {};
        // Only what takes the pointer first, or a copy's target.
        const bool copies = call.name.starts_with("copy");
        for (std::size_t i = 0; i < (copies ? std::min<std::size_t>(2, call.arguments.size()) : 1); ++i) {
            if (isParameter(call.arguments[i], parameter))
                return Use{node, "goes to " + quoted(call.path, 30)};
        }
    }
    if (call.isMethod() && isParameter(call.receiver, parameter) &&
        isOneOf(call.name,
                {"read", "write", "read_unaligned", "write_unaligned", "copy_from", "copy_to", "replace"}))
        return Use{node, "is used by " + quoted(call.name, 30)};
    return {};
}

/// Anything that looks at the pointer before: `is_null`, `as_ref`, `NonNull::new`, a comparison, a checking
/// macro or function.
bool isCheck(const Node &node, const rust::Parameter &parameter)
{
    if (const Call call = rust::toCall(node)) {
        if (call.isMethod() && isParameter(call.receiver, parameter))
            return isOneOf(call.name, {"is_null", "as_ref", "as_mut"});
        const auto takes = [&](const Node &argument) { return isParameter(argument, parameter); };
        return std::any_of(call.arguments.begin(), call.arguments.end(), takes) &&
               (mentions(call.name, {"null", "check", "valid", "ensure", "verify"}) ||
                call.path == "NonNull::new" || call.path.ends_with("::NonNull::new"));
    }
    if (node.is("macro_invocation"))
        return node.text().find(parameter.name) != std::string_view::npos &&
               mentions(rust::macroName(node), {"null", "check", "valid", "ensure", "verify", "assert",
                                                "deref", "try", "unwrap", "ref"});
    return node.is("binary_expression") && isOneOf(node.field("operator").text(), {"==", "!="}) &&
           (isParameter(node.field("left"), parameter) || isParameter(node.field("right"), parameter));
}

std::optional<Use> uncheckedUse(const rust::Function &function, const rust::Parameter &parameter)
{
    for (const Node &node : function.body.descendants()) {
        if (isCheck(node, parameter))
            return {};
        if (auto use = useAt(node, parameter))
            return use;
    }
    return {};
}

/// `if key.is_null() { return -1; }` before the statement of the function's body that uses it.
void returnEarly(const rust::Function &function, const rust::Parameter &parameter, const Use &use,
                 Draft &draft)
{
    const std::string failure = failureValue(function);
    Node statement = use.node;
    while (statement && statement.parent() != function.body)
        statement = statement.parent();
    if (failure.empty() || !statement || statement.lines().begin == function.body.lines().begin)
        return;
    // Not between a comment or attribute and what it belongs to.
    Node first = statement;
    for (Node before = first.previousNamedSibling();
         before.isAny({"line_comment", "block_comment", "attribute_item"}) &&
         before.lines().begin + 1 >= first.lines().begin &&
         before.lines().begin > function.body.lines().begin;
         before = before.previousNamedSibling())
        first = before;
    const std::string indent = indentOf(first);
    const std::uint32_t start = first.bytes().begin;
    draft.edits.push_back({{start, start},
                           "if " + parameter.name + ".is_null() {\n" + indent + "    return" +
                               (failure == "()" ? "" : " " + failure) + ";\n" + indent + "}\n" + indent});
}

/// The code itself takes null for possible: the same parameter of another function, or another one of this
/// function, is checked.
bool isCheckedElsewhere(const rust::Function &function, const rust::Parameter &parameter,
                        const rust::File &file)
{
    for (const rust::Function &other : file.functions()) {
        if (!isExported(other))
            continue;
        const bool own = other.node == function.node;
        for (const rust::Parameter &twin : other.parameters) {
            const bool same = twin.name == parameter.name && twin.type.text() == parameter.type.text();
            if (!twin.type.is("pointer_type") || own == (twin.name == parameter.name) || (!own && !same))
                continue;
            if (anyIn(other.body, [&](const Node &node) { return isCheck(node, twin); }))
                return true;
        }
    }
    return false;
}

/// The docs name the parameter and say what it has to be: callers that pass null break a contract.
bool isContract(const rust::Function &function, const rust::Parameter &parameter)
{
    const bool promises = mentions(function.docs, {"safety", "valid", "must", "not be null", "non-null"});
    return promises && (function.docs.find("`" + parameter.name + "`") != std::string::npos ||
                        mentions(function.docs, {"all pointers", "valid pointers"}));
}

/// WebAssembly has memory at address 0: null is a pointer like others.
bool isForWasm(const rust::File &file)
{
    return mentions(file.path(), {"wasm_shim", "wasm-shim"}) ||
           mentions(file.tree().text(), {"wasm_import_module", "arch::wasm32"});
}

/// Another pointer that the function writes through is checked.
bool checksAnOutput(const rust::Function &function, const rust::Parameter &parameter)
{
    return std::any_of(function.parameters.begin(), function.parameters.end(),
                       [&](const rust::Parameter &twin) {
                           return twin.name != parameter.name && twin.type.text().starts_with("*mut") &&
                                  anyIn(function.body, [&](const Node &node) { return isCheck(node, twin); });
                       });
}

/// `(null, 0)` is what C programs pass for "nothing"; a slice in Rust may not be made of it.
bool isSliceOfLength(const Use &use)
{
    const Call call = rust::toCall(use.node);
    return call.name.starts_with("from_raw_parts") && call.arguments.size() == 2 &&
           rust::bindingOf(rust::stripAdapters(call.arguments.back())).is("parameter");
}

Draft makeDraft(const rust::Function &function, const rust::Parameter &parameter, const Use &use)
{
    const std::string name = quoted(parameter.name, 24);
    Draft draft;
    draft.at = use.node;
    draft.title =
        fittingTitle({name + " " + use.how + " without a null check", name + " is not checked for null"});
    draft.steps = {{"C caller", "calls `" + function.name + "` with a null " + name, parameter.pattern},
                   {"Rust", name + " " + use.how + " as if it pointed to something", use.node}};
    draft.outcome = "The behaviour is undefined: at best the process ends with a segmentation fault.";
    draft.evidence = {parameter.pattern};
    draft.facts = {"resolved: `" + function.name + "` is exported to C and takes " + name + " as " +
                       quoted(parameter.type.text(), 40),
                   "resolved: nothing asks before whether it is null"};
    if (mentions(function.docs, {"null", "valid pointer"}))
        draft.severity = Severity::Low;
    returnEarly(function, parameter, use, draft);
    return draft;
}

/// What one parameter lacks. Where nothing here takes null for possible, a contract may keep callers from it.
std::optional<Draft> draftFor(const rust::Function &function, const rust::Parameter &parameter,
                              const rust::File &file)
{
    const auto use = parameter.name.empty() || !parameter.type.is("pointer_type")
                         ? std::nullopt
                         : uncheckedUse(function, parameter);
    if (!use)
        return {};
    Draft draft = makeDraft(function, parameter, *use);
    if (isCheckedElsewhere(function, parameter, file)) {
        draft.facts.push_back("resolved: this file checks such a pointer elsewhere");
        // An optional argument that is checked says nothing of the place where a result goes.
        const bool result = use->node.parent().is("assignment_expression");
        draft.confidence = result && !checksAnOutput(function, parameter) ? 0.65 : 1;
    } else if (isSliceOfLength(*use)) {
        draft.steps.front().action = "calls `" + function.name + "` with a null " +
                                     quoted(parameter.name, 24) + " and a length of 0, for \"nothing\"";
        draft.facts.push_back("resolved: a slice may not be made of null, not even an empty one");
    } else {
        draft.facts.push_back("assumed: no contract keeps C callers from passing null");
        draft.confidence = 0.65;
    }
    // Who asks for output gives room for it.
    if (draft.confidence == 1 && isSliceOfLength(*use) &&
        rust::toCall(use->node).name == "from_raw_parts_mut" && !checksAnOutput(function, parameter)) {
        draft.facts.push_back("assumed: callers pass no empty room for output");
        draft.confidence = 0.65;
    }
    if (isContract(function, parameter)) {
        draft.facts.push_back("assumed: callers do not keep to what the docs ask of " +
                              quoted(parameter.name, 24));
        draft.confidence *= 0.65;
    }
    return draft;
}

/// One finding for a function; the other pointers are told with it.
void addTo(Draft &first, const Draft &other, const rust::Parameter &parameter)
{
    first.facts.push_back("resolved: the same holds for " + quoted(parameter.name, 24));
    first.evidence.push_back(other.at);
    for (const DraftEdit &edit : other.edits) {
        const auto same = std::find_if(first.edits.begin(), first.edits.end(), [&](const DraftEdit &each) {
            return each.bytes.begin == edit.bytes.begin;
        });
        if (same == first.edits.end())
            first.edits.push_back(edit);
        else
            same->replacement += edit.replacement;
    }
}

} // namespace

void check_ffi_null_unchecked(const RuleInput &input, Reporter &reporter)
{
    const bool any = std::any_of(input.file.functions().begin(), input.file.functions().end(), isExported);
    if (!any || isForWasm(input.file))
        return;
    for (const rust::Function &function : input.file.functions()) {
        if (!isExported(function))
            continue;
        std::optional<Draft> first;
        for (const rust::Parameter &parameter : function.parameters) {
            auto draft = draftFor(function, parameter, input.file);
            if (draft && first && draft->confidence <= first->confidence)
                addTo(*first, *draft, parameter);
            else if (draft)
                first = std::move(draft);
        }
        if (first)
            reporter.report(std::move(*first));
    }
}

} // namespace review::rules
