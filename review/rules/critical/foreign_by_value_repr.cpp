// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/foreign.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Node;

bool hasLayout(const rust::Struct &type)
{
    return std::any_of(type.attributes.begin(), type.attributes.end(), [](const std::string &attribute) {
        return attribute.starts_with("repr") || attribute.find("repr(") != std::string::npos;
    });
}

/// A macro may put the layout before what it is given.
bool isGivenToMacro(const rust::Struct &type)
{
    return bool(type.node.ancestor({"macro_invocation", "token_tree", "macro_items", "macro_arguments"}));
}

/// A macro writes the real functions: `#[wasm_bindgen] extern "C" { … }` passes handles, not structs.
bool isBoundByMacro(const Node &block)
{
    for (Node before = block.previousNamedSibling(); before.isAny({"attribute_item", "line_comment"});
         before = before.previousNamedSibling()) {
        if (mentions(before.text(), {"wasm_bindgen", "bridge", "node_bindgen", "napi"}))
            return true;
    }
    return false;
}

/// The repository's struct that a type passes by value; null for pointers, references and others' types.
const rust::Struct *byValue(const Node &type, const RuleInput &input)
{
    if (!type.is("type_identifier"))
        return nullptr;
    // An alias of a pointer, as bindings have them, is no struct, whatever else has its name.
    const std::string name(type.text());
    if (input.file.tree().text().find("type " + name + " ") != std::string::npos)
        return nullptr;
    const rust::Struct *found = input.model.findStruct(name, input.file);
    const bool here =
        found && (found->file == &input.file || input.file.resolve(name).find("::") != std::string::npos);
    if (!here)
        return nullptr;
    return !found->fields.empty() && !isGivenToMacro(*found) ? found : nullptr;
}

void report(const Node &at, const rust::Struct &type, const std::string &function, bool isLocal,
            Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle({"`" + type.name + "` crosses to C in `" + function + "` without `repr(C)`",
                                "A struct crosses to C without `repr(C)`"});
    draft.steps = {{"Rust", "lays the fields out in the order it likes", type.node},
                   {"C", "reads them in the order of its header", at}};
    draft.outcome = "Fields are read from the wrong places, and differently after the next compiler update.";
    draft.evidence = {type.node};
    draft.facts = {"resolved: `" + type.name + "` has the layout of Rust, which is not specified",
                   "resolved: `" + function + "` passes it by value"};
    if (isLocal) {
        const std::uint32_t start = type.node.bytes().begin;
        draft.edits.push_back({{start, start}, "#[repr(C)]\n" + indentOf(type.node)});
    }
    reporter.report(std::move(draft));
}

} // namespace

void check_foreign_by_value_repr(const RuleInput &input, Reporter &reporter)
{
    for (const rust::Function &function : input.file.functions()) {
        const bool imported = bool(function.node.ancestor({"foreign_mod_item"}));
        if (function.isTest || (!isExported(function) && !imported) || function.abi == "Rust" ||
            (imported && isBoundByMacro(function.node.ancestor({"foreign_mod_item"}))))
            continue;
        std::vector<Node> types{function.returnType};
        for (const rust::Parameter &parameter : function.parameters)
            types.push_back(parameter.type);
        for (const Node &type : types) {
            const rust::Struct *passed = byValue(type, input);
            if (!passed || hasLayout(*passed))
                continue;
            report(type, *passed, function.name, passed->file == &input.file, reporter);
            break;
        }
    }
}

} // namespace review::rules
