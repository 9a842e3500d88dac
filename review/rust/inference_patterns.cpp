// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/flow.h"
#include "review/rust/inference.h"
#include "review/rust/patterns.h"
#include "review/rust/type_reader.h"

#include <algorithm>

namespace review::rust {
namespace {

bool isReference(const Type &type)
{
    return (type.path == "&" || type.path == "&mut") && !type.args.empty();
}

Type asReference(const Type &outer, Type inner)
{
    return Type{outer.path, {std::move(inner)}, false};
}

} // namespace

/// The type of `identifier` where `binding` is what bindingOf() said of it.
Type Inference::ofBinding(const Node &binding, const Node &identifier, const File &file)
{
    if (binding.isAny({"parameter", "self_parameter"}) || binding.parent().is("closure_parameters"))
        return ofParameter(binding, identifier, file);
    if (!binding.is("let_declaration"))
        return inPattern(binding, identifier, ofScrutinee(binding, file), file);
    const Node pattern = binding.field("pattern");
    Type type;
    if (const Node declared = binding.field("type"))
        type = m_model.typeOf(declared, file);
    // `let v: Vec<_> = …` says less than its value may.
    if (!type.known() || (type.path == "_" && binding.field("value")))
        type = of(binding.field("value"), file);
    return inPattern(pattern, identifier, std::move(type), file);
}

Type Inference::ofParameter(const Node &parameter, const Node &identifier, const File &file)
{
    if (parameter.is("self_parameter")) {
        const Type self = selfType(parameter, file);
        const bool reference = parameter.text().starts_with('&');
        return reference && self.known() ? Type{"&", {self}, false} : self;
    }
    if (parameter.is("parameter")) {
        Type type = m_model.typeOf(parameter.field("type"), file);
        return inPattern(parameter.field("pattern"), identifier, std::move(type), file);
    }
    return inPattern(parameter, identifier, ofClosureParameter(parameter, file), file);
}

/// A closure's parameter, by the method that the closure is handed to.
Type Inference::ofClosureParameter(const Node &parameter, const File &file)
{
    const Node closure = parameter.parent().parent();
    if (!closure.parent().is("arguments"))
        return {};
    const Call &call = toCall(closure.parent().parent());
    if (!call.isMethod())
        return {};
    const auto siblings = parameter.parent().namedChildren();
    const std::size_t number =
        static_cast<std::size_t>(std::find(siblings.begin(), siblings.end(), parameter) - siblings.begin());
    const Type receiver = of(call.receiver, file);
    for (const Type *type = &receiver; type && type->known(); type = target(*type)) {
        const std::string_view name = type->name();
        const bool error = call.name == "map_err" || call.name == "or_else" ||
                           call.name == "unwrap_or_else" || call.name == "inspect_err";
        if (name == "Result" && error)
            return type->args.size() > 1 && number == 0 ? type->args[1] : Type();
        if ((name == "Option" || name == "Result" || name == "Iterator") && !type->args.empty()) {
            const bool second = call.name == "fold" || call.name == "try_fold" || call.name == "scan";
            return number == (second ? 1U : 0U) ? type->args.front() : Type();
        }
        if (name.ends_with("Map") && type->args.size() > 1 && call.name == "retain")
            return Type{number == 0 ? "&" : "&mut", {type->args[number == 0 ? 0 : 1]}, false};
        if ((call.name == "retain" || call.name == "retain_mut" || call.name.starts_with("sort")) &&
            !type->args.empty())
            return Type{"&", {type->args.front()}, false};
        if (name == "Entry" && call.name == "and_modify" && type->args.size() > 1)
            return Type{"&mut", {type->args[1]}, false};
        // `STATIC.with(|value| …)` of thread_local!.
        if (call.name == "with" && number == 0)
            return Type{"&", {*type}, false};
    }
    return {};
}

/// What is matched against a pattern of for, match, if let, while let or select!.
Type Inference::ofScrutinee(const Node &pattern, const File &file)
{
    const Node parent = pattern.parent();
    if (parent.is("for_expression"))
        return ofElement(of(parent.field("value"), file));
    if (parent.is("let_condition"))
        return of(parent.field("value"), file);
    if (parent.is("select_arm")) {
        const Type future = of(parent.field("future"), file);
        const Type &own = future.peeled();
        if (own.name() == "Future" && !own.args.empty())
            return own.args.front();
        if (own.name() == "JoinHandle" || own.path.find("oneshot") != std::string::npos)
            return Type{"Result", {own.args.empty() ? Type() : own.args.front()}, false};
        return {};
    }
    if (pattern.is("match_pattern") && parent.is("match_arm"))
        return of(parent.parent().parent().field("value"), file);
    if (pattern.is("match_pattern"))
        return of(pattern.parent().firstNamedChild(), file);
    return {};
}

Type Inference::ofElement(const Type &iterated) const
{
    const Type *reference = nullptr;
    for (const Type *type = &iterated; type; type = target(*type)) {
        if (isReference(*type)) {
            reference = type;
            continue;
        }
        const std::string_view name = type->name();
        if (name == "Iterator" || name == "Receiver")
            return type->args.empty() ? Type() : type->args.front();
        if (name.ends_with("Map") && type->args.size() > 1) {
            if (!reference)
                return Type{"()", {type->args[0], type->args[1]}, false};
            return Type{
                "()", {Type{"&", {type->args[0]}, false}, asReference(*reference, type->args[1])}, false};
        }
        const bool sequence = name == "Vec" || name == "[]" || name == "VecDeque" || name.ends_with("Set") ||
                              name == "Option" || name == "SmallVec" || name == "BinaryHeap";
        if (sequence && !type->args.empty())
            return reference ? asReference(*reference, type->args.front()) : type->args.front();
    }
    return {};
}

/// The type that the pattern gives to `identifier` when a value of `type` is matched: step by step from the
/// pattern's root down to the name.
Type Inference::inPattern(const Node &pattern, const Node &identifier, Type type, const File &file)
{
    const Node bound = boundName(pattern, identifier.text());
    if (!bound)
        return {};
    std::vector<Node> path;
    for (Node node = bound; node && node != pattern; node = node.parent())
        path.push_back(node);
    Node at = pattern;
    const auto reference = [&](Type inner, const Type &through) {
        return isReference(through) && inner.known() ? asReference(through, std::move(inner)) : inner;
    };
    for (auto step = path.rbegin(); step != path.rend() && type.known(); ++step) {
        const Type through = type;
        const Type &own = isReference(type) ? type.args.front() : type;
        if (at.is("tuple_pattern")) {
            const auto parts = at.namedChildren();
            const auto number =
                static_cast<std::size_t>(std::find(parts.begin(), parts.end(), *step) - parts.begin());
            type =
                reference(own.path == "()" && number < own.args.size() ? own.args[number] : Type(), through);
        } else if (at.is("tuple_struct_pattern")) {
            const std::string_view variant = at.field("type").text();
            if (variant == "Some" || variant == "Ok" || variant == "Err" ||
                variant.ends_with("Poll::Ready")) {
                const std::size_t number = variant == "Err" ? 1 : 0;
                type = reference(number < own.args.size() ? own.args[number] : Type(), through);
            } else {
                auto parts = at.namedChildren();
                const auto number = std::find(parts.begin(), parts.end(), *step) - parts.begin() - 1;
                type = reference(ofVariantField(at, std::to_string(number), own, file), through);
            }
        } else if (at.is("field_pattern") || at.is("struct_pattern")) {
            if (at.is("struct_pattern") && step->is("field_pattern")) {
                const Type inner = ofVariantField(at, std::string(step->field("name").text()), own, file);
                type = reference(inner, through);
            }
        } else if (at.is("reference_pattern")) {
            type = Type(own);
        } else if (at.is("ref_pattern")) {
            type = Type{"&", {type}, false};
        } else if (at.is("slice_pattern")) {
            type = reference(own.args.empty() ? Type() : own.args.front(), through);
        }
        at = *step;
    }
    return type;
}

/// A field of the struct or the enum's variant that a pattern names.
Type Inference::ofVariantField(const Node &pattern, const std::string &field, const Type &type,
                               const File &file)
{
    const Node head = pattern.field("type");
    const std::string_view name =
        head.isAny({"scoped_identifier", "scoped_type_identifier"}) ? head.field("name").text() : head.text();
    if (const Struct *found = m_model.findStruct(name, file)) {
        (void)found;
        return fieldOf(Type{std::string(name), type.args, type.assumed}, field, file);
    }
    const Struct *owner = m_model.findEnum(type.name(), file);
    if (!owner)
        return {};
    for (const Node &variant : owner->node.field("body").namedChildren()) {
        if (!variant.is("enum_variant") || variant.field("name").text() != name)
            continue;
        std::size_t number = 0;
        for (const Node &child : variant.field("body").namedChildren()) {
            const bool named = child.is("field_declaration");
            if (!named && child.fieldName() != "type")
                continue;
            const bool wanted =
                named ? child.field("name").text() == field : std::to_string(number++) == field;
            if (wanted)
                return substituted(m_model.typeOf(named ? child.field("type") : child, *owner->file),
                                   owner->generics, type.args);
        }
    }
    return {};
}

} // namespace review::rust
