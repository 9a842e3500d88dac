// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/inference.h"
#include "review/rust/inference_parts.h"
#include "review/rust/lock_families.h"
#include "review/rust/path_parts.h"
#include "review/rust/type_reader.h"

#include <algorithm>

namespace review::rust {

using namespace inference;

Type Inference::returnTypeOf(const Function &function, const Type &receiver) const
{
    Type result = m_model.typeOf(function.returnType, *function.file);
    if (!function.returnType)
        result = make("()");
    if (!function.traitName.empty() || receiver.known()) {
        if (const Struct *owner = m_model.findStruct(function.selfType, *function.file))
            result = substituted(result, owner->generics, receiver.args);
    }
    // In a trait, `Self` is whoever implements it.
    if (result.path == function.selfType && receiver.known() && function.node.ancestor({"trait_item"}))
        result = receiver;
    if (function.isAsync)
        result = make("std::future::Future", {result});
    result.assumed = result.assumed || receiver.assumed;
    return result;
}

Type Inference::ofCall(const Node &expression, const File &file)
{
    const Call &call = toCall(expression);
    if (!call)
        return {};
    return call.isMethod() ? ofMethodCall(call, file) : ofPathCall(call, file);
}

Type Inference::ofPathCall(const Call &call, const File &file)
{
    const std::string resolved = TypeReader(m_model, file).resolved(call.path, call.node);
    if (call.name == "Some")
        return make("Option", {call.arguments.empty() ? Type() : of(call.arguments[0], file)});
    if (call.name == "Ok")
        return make("Result", {call.arguments.empty() ? Type() : of(call.arguments[0], file)});
    if (call.name == "Err")
        return make("Result", {Type(), call.arguments.empty() ? Type() : of(call.arguments[0], file)});
    Type argument;
    const Node function = call.node.field("function");
    if (function.is("generic_function"))
        argument = m_model.typeOf(function.field("type_arguments").firstNamedChild(), file);
    else if (!call.arguments.empty())
        argument = of(call.arguments[0], file);
    if (const auto known = wellKnownFunction(resolved, argument))
        return *known;
    const bool spawns = call.name == "spawn" || call.name == "spawn_blocking" || call.name == "spawn_local";
    if (spawns && resolved.starts_with("tokio")) {
        const Type *output = outputOf(argument);
        return make("tokio::task::JoinHandle", {output ? *output : Type()});
    }
    if (resolved == "std::thread::spawn")
        return make("std::thread::JoinHandle", {Type()});
    const auto callees = m_model.callees(call.node, file);
    if (!callees.empty()) {
        Type owner;
        const std::string head = withoutLast(call.path);
        if (head == "Self")
            owner = selfType(call.node, file);
        else if (startsUpper(lastPart(head)))
            owner = make(withoutLast(resolved));
        Type result = returnTypeOf(*callees.front(), owner);
        if (result.path == "Self")
            result = owner;
        return result;
    }
    return ofConstructor(call, resolved, file);
}

/// `Arc::new(x)`, `Mutex::new(x)`, `Type::new()`, `TupleStruct(x)` …: by the conventions of constructors.
Type Inference::ofConstructor(const Call &call, const std::string &resolved, const File &file)
{
    const std::string head = withoutLast(resolved);
    const std::string owner = lastPart(head);
    if (head.empty() || !startsUpper(owner)) {
        if (startsUpper(call.name) && m_model.findStruct(call.name, file))
            return make(resolved);
        const bool variant = startsUpper(call.name) && startsUpper(owner);
        return variant ? make(head) : Type();
    }
    if (startsUpper(call.name))
        return make(head);
    const std::string_view name = call.name;
    const Type first = call.arguments.empty() ? Type() : of(call.arguments[0], file);
    if (owner == "Arc" || owner == "Rc" || owner == "Weak") {
        const Type *pointed = first.path == "&" && !first.args.empty() ? &first.args.front() : &first;
        if (name == "clone")
            return *pointed;
        if (name == "downgrade")
            return make("std::sync::Weak", pointed->args);
    }
    Type type = make(owner == "Self" ? selfType(call.node, file).path : head);
    const bool makes = name == "new" || name == "from" || name == "const_new";
    if (name == "pin")
        return make("Pin", {make("Box", {first})});
    if (makes && (lockFamily(type) != LockFamily::None || target(make(owner, {first})) || owner == "Cell")) {
        type.args = {first};
        return type;
    }
    const Node function = call.node.field("function");
    const Node path =
        function.is("generic_function") ? function.field("function").field("path") : function.field("path");
    for (const Node &argument : path.field("type_arguments").namedChildren())
        type.args.push_back(m_model.typeOf(argument, file));
    const bool plain = name == "default" || name == "with_capacity" || name == "now" ||
                       name.starts_with("new") || name.starts_with("with_") || name.starts_with("from") ||
                       name == "builder";
    if (plain)
        return name.starts_with("from_str") ? make("Result", {type}) : type;
    if (name == "open" || name == "create" || name == "connect" || name == "bind" || name == "create_new" ||
        name.starts_with("open_")) {
        const Type result = make("Result", {type});
        return head.starts_with("tokio::") ? make("std::future::Future", {result}) : result;
    }
    return {};
}

Type Inference::ofMethodCall(const Call &call, const File &file)
{
    const Type receiver = of(call.receiver, file);
    if (!receiver.known())
        return ofUniqueMethod(call, file);
    const std::string_view name = call.name;
    const auto assume = [&](Type type) {
        type.assumed = type.assumed || receiver.assumed;
        return type;
    };
    if (name == "to_string")
        return make("String");
    for (const Type *type = &receiver; type && type->known(); type = target(*type)) {
        if (lockFamily(*type) != LockFamily::None && target(*type) == nullptr) {
            if (const LockMethod *method = lockMethod(type->name(), name))
                return assume(lockResult(*type, *method));
        }
        const bool bound = (type->path == "dyn" || type->path == "impl") && !type->args.empty();
        const auto methods = m_model.methods(bound ? type->args.front().name() : type->name(), name);
        if (!methods.empty())
            return assume(returnTypeOf(*methods.front(), *type));
        if (const auto known = wellKnownMethod(*type, name))
            return assume(*known);
        const bool maps = name == "map" || name == "and_then" || name == "filter_map" || name == "flat_map" ||
                          name == "then";
        if (maps && !call.arguments.empty() &&
            (type->name() == "Option" || type->name() == "Result" || type->name() == "Iterator")) {
            Type result = ofClosureResult(call.arguments[0], file);
            if (name == "filter_map" || name == "flat_map")
                result = result.args.empty() ? Type() : Type(result.args.front());
            return assume(name == "and_then" ? result : make(type->path, {result}));
        }
        if (name == "clone" || name == "to_owned") {
            if (type->path == "&" || type->path == "&mut")
                continue;
            // A guard is no clone of itself: what it guards is cloned.
            if (!isGuardName(type->name()) && type->name() != "Ref" && type->name() != "RefMut")
                return assume(*type);
        }
        if (name == "as_ref" || name == "as_mut" || name == "borrow" || name == "deref" ||
            name == "lock_api") {
            if (const Type *pointed = target(*type); pointed && type->path != "&")
                return assume(make("&", {*pointed}));
        }
    }
    if (name == "len" || name == "count")
        return make("usize");
    if (name == "is_empty" || name.starts_with("is_") || name.starts_with("contains"))
        return make("bool");
    if (name == "unwrap" || name == "expect" || name == "into" || name == "try_into")
        return {};
    if (name == "by_ref" || name == "as_mut" || name == "as_ref" || name == "await" || name == "clone")
        return receiver;
    return {};
}

/// A method that only one function of the model has, on a receiver of unknown type.
Type Inference::ofUniqueMethod(const Call &call, const File &file)
{
    (void)file;
    if (isCommonName(call.name))
        return {};
    const Function *only = m_model.onlyMethod(call.name);
    if (!only)
        return {};
    Type type = returnTypeOf(*only, Type());
    type.assumed = true;
    return type;
}

Type Inference::ofClosureResult(const Node &closure, const File &file)
{
    if (!closure.is("closure_expression"))
        return {};
    return of(closure.field("body"), file);
}

} // namespace review::rust
