// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/inference.h"

#include "review/rust/flow.h"
#include "review/rust/inference_parts.h"
#include "review/rust/lock_families.h"
#include "review/rust/model_answers.h"
#include "review/rust/path_parts.h"
#include "review/rust/type_reader.h"

#include <algorithm>
#include <array>
#include <utility>

namespace review::rust {

using namespace inference;

namespace {

constexpr int maxDepth = 40;
constexpr int maxSteps = 600;

constexpr std::array<std::string_view, 15> pointers{
    "&",        "&mut", "Box", "Rc",       "Arc",      "Pin",          "CachePadded", "OnceLock",
    "OnceCell", "Lazy", "Cow", "LazyLock", "LazyCell", "ManuallyDrop", "Guard"};

constexpr std::array<std::string_view, 40> commonNames{
    "new",    "get",        "set",  "lock",     "read", "write", "clone",  "len",    "next",  "insert",
    "remove", "push",       "pop",  "iter",     "into", "from",  "send",   "recv",   "close", "start",
    "stop",   "run",        "poll", "flush",    "wait", "clear", "take",   "update", "map",   "default",
    "borrow", "borrow_mut", "join", "contains", "load", "store", "as_ref", "unwrap", "id",    "name"};

Type awaited(const Type &type)
{
    if (const Type *output = outputOf(type))
        return *output;
    const Type &own = type.peeled();
    const bool handle = own.name() == "JoinHandle" && !own.path.starts_with("std::");
    if (handle || (own.name() == "Receiver" && own.path.find("oneshot") != std::string::npos))
        return make("Result", {own.args.empty() ? Type() : own.args.front()});
    return {};
}

/// What takes longer to infer than to look up.
bool isWorthKeeping(const Node &expression)
{
    return expression.isAny({"identifier", "self", "scoped_identifier", "field_expression", "call_expression",
                             "block", "if_expression", "match_expression", "macro_invocation"});
}

} // namespace

const Type *Inference::target(const Type &type)
{
    const std::string_view name = type.name();
    if (type.args.empty())
        return nullptr;
    if (name == "Ref" || name == "RefMut" || name == "RefMulti" || name == "RefMutMulti")
        return &type.args.back();
    const bool pointer = std::find(pointers.begin(), pointers.end(), name) != pointers.end();
    return pointer || isGuardName(name) ? &type.args.front() : nullptr;
}

bool Inference::isCommonName(std::string_view name)
{
    return std::find(commonNames.begin(), commonNames.end(), name) != commonNames.end();
}

Type Inference::of(const Node &expression, const File &file)
{
    if (!expression)
        return {};
    if (m_depth >= maxDepth || m_steps >= maxSteps) {
        m_isCut = true;
        return {};
    }
    m_deepest = std::max(m_deepest, m_depth);
    Model::Answers *answers = isWorthKeeping(expression) ? m_model.answersFor(expression, file) : nullptr;
    if (auto kept = answers ? answers->inferred.find(expression.index()) : std::nullopt;
        kept && m_depth + kept->depth < maxDepth && m_steps + kept->steps <= maxSteps) {
        m_steps += kept->steps;
        m_deepest = std::max(m_deepest, m_depth + kept->depth);
        return std::move(kept->type);
    }
    const int stepsBefore = m_steps++;
    const int deepestBefore = std::exchange(m_deepest, m_depth);
    const bool wasCut = std::exchange(m_isCut, false);
    ++m_depth;
    Type type = found(expression, file);
    --m_depth;
    if (answers && !m_isCut)
        answers->inferred.keep(expression.index(), {type, m_steps - stepsBefore, m_deepest - m_depth});
    m_deepest = std::max(m_deepest, deepestBefore);
    m_isCut = m_isCut || wasCut;
    return type;
}

/// The same without a look at what is kept.
Type Inference::found(const Node &expression, const File &file)
{
    Type type;
    if (expression.isAny({"identifier", "self", "scoped_identifier", "shorthand_field_identifier"}))
        type = ofName(expression, file);
    else if (expression.is("field_expression"))
        type = ofField(expression, file);
    else if (expression.is("call_expression"))
        type = ofCall(expression, file);
    else if (expression.is("await_expression"))
        type = awaited(of(expression.firstNamedChild(), file));
    else if (expression.is("try_expression")) {
        const Type tried = of(expression.firstNamedChild(), file);
        if ((tried.name() == "Result" || tried.name() == "Option" || tried.name().ends_with("Result")) &&
            !tried.args.empty())
            type = tried.args.front();
    } else if (expression.is("parenthesized_expression"))
        type = of(expression.firstNamedChild(), file);
    else if (expression.is("reference_expression")) {
        const bool isMutable = expression.firstNamedChild().is("mutable_specifier");
        if (const Type inner = of(expression.field("value"), file); inner.known())
            type = Type{isMutable ? "&mut" : "&", {inner}, inner.assumed};
    } else if (expression.is("unary_expression")) {
        const Type inner = of(expression.firstNamedChild(), file);
        const bool deref = expression.text().starts_with('*');
        if (!deref)
            type = inner;
        else if (const Type *pointed = target(inner))
            type = *pointed;
    } else if (expression.is("type_cast_expression"))
        type = m_model.typeOf(expression.field("type"), file);
    else if (expression.is("struct_expression"))
        type = m_model.typeOf(expression.field("name"), file);
    else if (expression.is("tuple_expression")) {
        type.path = "()";
        for (const Node &part : expression.namedChildren())
            type.args.push_back(of(part, file));
    } else if (expression.is("array_expression"))
        type = make("[]", {of(expression.firstNamedChild(), file)});
    else if (expression.is("index_expression"))
        type = ofIndex(expression, file);
    else if (expression.isAny({"block", "unsafe_block", "async_block"}))
        type = ofBlock(expression, file);
    else if (expression.isAny({"if_expression", "match_expression"}))
        type = ofBranches(expression, file);
    else if (expression.is("macro_invocation"))
        type = ofMacro(expression, file);
    else if (expression.is("range_expression"))
        type = make("std::ops::Range");
    else
        type = ofLiteral(expression);
    return type;
}

Type Inference::ofLiteral(const Node &expression) const
{
    if (expression.isAny({"string_literal", "raw_string_literal"}))
        return make("&", {make("str")});
    if (expression.is("boolean_literal"))
        return make("bool");
    if (expression.is("char_literal"))
        return make("char");
    if (expression.isAny({"integer_literal", "float_literal"})) {
        for (const char *suffix :
             {"u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f64"}) {
            if (expression.text().ends_with(suffix))
                return make(suffix);
        }
    }
    return {};
}

Type Inference::selfType(const Node &at, const File &file)
{
    const Node impl = at.ancestor({"impl_item", "trait_item"});
    if (impl.is("trait_item"))
        return make(std::string(impl.field("name").text()));
    return impl ? m_model.typeOf(impl.field("type"), file) : Type();
}

Type Inference::ofName(const Node &identifier, const File &file)
{
    if (identifier.is("scoped_identifier")) {
        const std::string path = placeText(identifier);
        const std::string owner = withoutLast(path);
        if (startsUpper(lastPart(owner)) && m_model.findEnum(lastPart(owner), file))
            return make(file.resolveAt(owner, identifier));
        if (const Static *found = m_model.findStatic(lastPart(path), file))
            return m_model.typeOf(found->type, *found->file);
        return {};
    }
    if (const Node binding = bindingOf(identifier))
        return ofBinding(binding, identifier, file);
    if (identifier.is("self"))
        return selfType(identifier, file);
    if (const Static *found = m_model.findStatic(identifier.text(), file))
        return m_model.typeOf(found->type, *found->file);
    // A unit struct is its own value.
    if (startsUpper(identifier.text()) && m_model.findStruct(identifier.text(), file))
        return make(file.resolveAt(identifier.text(), identifier));
    return {};
}

Type Inference::fieldOf(const Type &owner, std::string_view field, const File &file) const
{
    for (const Type *type = &owner; type; type = target(*type)) {
        if (type->path == "()" && !field.empty() && field.front() >= '0' && field.front() <= '9') {
            const std::size_t number = field.size() > 2 ? 99 : static_cast<std::size_t>(field.front() - '0');
            return number < type->args.size() ? type->args[number] : Type();
        }
        if (!type->known() || type->path.starts_with("std::"))
            continue;
        const Struct *found = m_model.findStruct(type->name(), file);
        if (!found)
            continue;
        for (const Field &candidate : found->fields) {
            if (candidate.name != field)
                continue;
            Type result =
                substituted(m_model.typeOf(candidate.type, *found->file), found->generics, type->args);
            result.assumed = result.assumed || owner.assumed;
            return result;
        }
    }
    return {};
}

Type Inference::ofField(const Node &expression, const File &file)
{
    const std::string_view field = expression.field("field").text();
    const Type owner = of(expression.field("value"), file);
    if (Type type = fieldOf(owner, field, file); type.known())
        return type;
    if (owner.known())
        return {};
    const Struct *only = onlyOwner(field, m_model);
    if (!only)
        return {};
    Type type = fieldOf(make(only->name), field, *only->file);
    type.assumed = true;
    return type;
}

const Struct *Inference::onlyOwner(std::string_view field, const Model &model)
{
    return field.size() < 3 ? nullptr : model.onlyStructWith(field);
}

Type Inference::ofIndex(const Node &expression, const File &file)
{
    const std::vector<Node> parts = expression.namedChildren();
    if (parts.size() != 2)
        return {};
    const Type owner = of(parts[0], file);
    for (const Type *type = &owner; type; type = target(*type)) {
        const std::string_view name = type->name();
        if (parts[1].is("range_expression") && (name == "[]" || name == "Vec"))
            return make("[]", type->args);
        if (name == "[]" || name == "Vec" || name == "VecDeque" || name == "SmallVec" || name == "ArrayVec" ||
            name == "Slab")
            return type->args.empty() ? Type() : type->args.front();
        if (name.ends_with("Map"))
            return type->args.size() < 2 ? Type() : type->args[1];
    }
    return {};
}

Type Inference::ofMacro(const Node &expression, const File &file)
{
    const std::string_view name = macroName(expression);
    if (name == "format")
        return make("String");
    if (name == "vec") {
        for (const Node &child : expression.children()) {
            if (child.is("macro_arguments"))
                return make("Vec", {of(child.firstNamedChild(), file)});
        }
        return make("Vec");
    }
    if (name == "matches")
        return make("bool");
    return {};
}

Type Inference::ofBlock(const Node &block, const File &file)
{
    if (block.is("unsafe_block"))
        return of(block.firstNamedChild(), file);
    if (block.is("async_block")) {
        for (const Node &child : block.namedChildren()) {
            if (child.is("block"))
                return make("std::future::Future", {of(child, file)});
        }
        return {};
    }
    const std::vector<Node> statements = block.namedChildren();
    if (statements.empty())
        return make("()");
    Node last = statements.back();
    if (last.isAny({"let_declaration", "macro_invocation"}) || last.text().ends_with(';'))
        return last.is("macro_invocation") ? of(last, file) : Type();
    if (last.is("expression_statement"))
        last = last.firstNamedChild();
    return of(last, file);
}

Type Inference::ofBranches(const Node &expression, const File &file)
{
    if (expression.is("if_expression")) {
        Type type = of(expression.field("consequence"), file);
        if (type.known() && type.path != "()")
            return type;
        return of(expression.field("alternative").firstNamedChild(), file);
    }
    for (const Node &arm : expression.field("body").namedChildren()) {
        const Node value = arm.field("value");
        if (!value || diverges(value))
            continue;
        if (Type type = of(value, file); type.known())
            return type;
    }
    return {};
}

} // namespace review::rust
