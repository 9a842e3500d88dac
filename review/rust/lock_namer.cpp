// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/lock_namer.h"

#include "review/rust/inference.h"
#include "review/rust/patterns.h"

#include <algorithm>

namespace review::rust {
namespace {

constexpr int maxDepth = 12;

/// Below what gives the same thing: `&x`, `*x`, `(x)`, `x.clone()`, `Arc::clone(&x)`, `x.as_ref()`,
/// `x.unwrap()`.
Node withoutBorrows(Node node)
{
    for (int steps = 0; steps < maxDepth; ++steps) {
        if (node.is("reference_expression")) {
            node = node.field("value");
        } else if (node.is("parenthesized_expression") ||
                   (node.is("unary_expression") && node.text().starts_with('*'))) {
            node = node.firstNamedChild();
        } else if (const Call &call = toCall(node)) {
            const bool shares = call.name == "clone" || call.name == "as_ref" || call.name == "deref" ||
                                call.name == "to_owned" || call.name == "unwrap" || call.name == "expect" ||
                                call.name == "as_mut" || call.name == "borrow";
            if (call.isMethod() && shares)
                node = call.receiver;
            else if ((call.path.ends_with("Arc::clone") || call.path.ends_with("Rc::clone")) &&
                     call.arguments.size() == 1)
                node = call.arguments[0];
            else
                return node;
        } else {
            return node;
        }
    }
    return node;
}

bool isReassigned(const Node &binding, const Node &identifier)
{
    const bool isMutable =
        binding.is("let_declaration") && binding.text().substr(0, 40).find("mut ") != std::string_view::npos;
    if (!isMutable)
        return false;
    const Node block = binding.parent();
    for (const Node node : block.descendants()) {
        if (node.is("assignment_expression") && node.field("left").text() == identifier.text())
            return true;
    }
    return false;
}

} // namespace

std::string LockNamer::localKey(const Node &at, std::string_view name) const
{
    const Function *function = m_file.functionAt(at);
    return "fn " + (function ? function->path() : m_file.path()) + ":" + std::string(name);
}

LockNamer::Place LockNamer::placeOfName(const Node &identifier, int depth) const
{
    Place place;
    place.text = identifier.text();
    const Node binding = bindingOf(identifier);
    if (!binding) {
        if (const Static *found = m_model.findStatic(identifier.text(), m_file)) {
            place.key = "static " + found->name;
            place.declaration = found->node;
            place.text = found->name;
        }
        return place;
    }
    // An alias of something else: `let m = &self.index`, `let m = Arc::clone(&self.index)`.
    if (const Node initialiser = initialiserOf(identifier);
        initialiser && !isReassigned(binding, identifier)) {
        const Node source = withoutBorrows(initialiser);
        const bool alias = source != initialiser || source.is("field_expression");
        if (alias && source.isAny({"field_expression", "identifier", "self", "index_expression"}) &&
            depth < maxDepth) {
            Place aliased = placeOf(source, depth + 1);
            if (!aliased.key.empty())
                return aliased;
        }
    }
    const Node parent = binding.parent();
    if (binding.is("identifier") && (parent.is("for_expression") || parent.is("let_condition"))) {
        Place element = elementOf(parent.field("value"), depth + 1);
        if (!element.key.empty())
            return element;
    }
    place.key = localKey(identifier, identifier.text());
    place.declaration = binding;
    place.root = binding;
    place.fixed = !isReassigned(binding, identifier);
    return place;
}

LockNamer::Place LockNamer::elementOf(const Node &iterated, int depth) const
{
    Node source = withoutBorrows(iterated);
    while (const Call &call = toCall(source)) {
        const bool walks = call.name == "iter" || call.name == "iter_mut" || call.name == "values" ||
                           call.name == "values_mut" || call.name == "into_iter";
        if (!call.isMethod() || !walks)
            return {};
        source = withoutBorrows(call.receiver);
    }
    if (!source.is("field_expression") || depth > maxDepth)
        return {};
    Place place = placeOf(source, depth);
    if (place.key.empty())
        return place;
    place.key += "[]";
    place.text += "[]";
    place.fixed = false;
    return place;
}

LockNamer::Place LockNamer::placeOfField(const Node &expression, int depth) const
{
    const Node owner = expression.field("value");
    const std::string field(expression.field("field").text());
    Place place = placeOf(owner, depth + 1);
    place.text = place.text.empty() ? "" : place.text + "." + field;
    place.declaration = Node();
    const Type type = m_model.infer(owner, m_file);
    place.assumed = place.assumed || type.assumed;
    for (const Type *at = &type; at && at->known(); at = Inference::target(*at)) {
        const Struct *found = m_model.findStruct(at->name(), m_file);
        if (!found)
            continue;
        for (const Field &candidate : found->fields) {
            if (candidate.name != field)
                continue;
            place.key = found->name + "." + field;
            place.declaration = candidate.node;
            return place;
        }
    }
    if (const Struct *only = type.known() ? nullptr : Inference::onlyOwner(field, m_model)) {
        place.key = only->name + "." + field;
        place.assumed = true;
        return place;
    }
    place.key = place.key.empty() ? localKey(expression, placeText(expression)) : place.key + "." + field;
    return place;
}

LockNamer::Place LockNamer::placeOf(const Node &expression, int depth) const
{
    if (depth > maxDepth)
        return {};
    const Node node = withoutBorrows(expression);
    if (node.is("self")) {
        const Function *function = m_file.functionAt(node);
        Place place;
        place.key = function ? function->selfType : "";
        place.text = "self";
        return place;
    }
    if (node.is("identifier"))
        return placeOfName(node, depth);
    if (node.is("scoped_identifier")) {
        Place place;
        place.text = placeText(node);
        const std::string_view name = node.field("name").text();
        if (const Static *found = m_model.findStatic(name, m_file)) {
            place.declaration = found->node;
            place.text = found->name;
        }
        place.key = "static " + std::string(name);
        return place;
    }
    if (node.is("field_expression"))
        return placeOfField(node, depth);
    if (node.is("index_expression")) {
        Place place = placeOf(node.firstNamedChild(), depth + 1);
        place.key += "[]";
        place.text = placeText(node);
        place.fixed = false;
        return place;
    }
    return placeOfCall(node, depth);
}

/// A getter without parameters is what it returns; of other calls only the function is known.
LockNamer::Place LockNamer::placeOfCall(const Node &expression, int depth) const
{
    Place place;
    place.fixed = false;
    const Call &call = toCall(expression);
    if (!call)
        return place;
    if (call.isMethod() && call.arguments.empty()) {
        const auto callees = m_model.callees(expression, m_file);
        const Node body = callees.size() == 1 ? callees.front()->body : Node();
        const Node value = body.namedChildren().size() == 1 ? withoutBorrows(body.firstNamedChild()) : Node();
        if (value.is("field_expression") && placeText(value).starts_with("self.")) {
            const Place inner = LockNamer(m_model, *callees.front()->file).placeOf(value, depth + 1);
            const Place owner = placeOf(call.receiver, depth + 1);
            place = owner;
            place.key = inner.key;
            place.declaration = inner.declaration;
            place.text = owner.text.empty() ? "" : owner.text + inner.text.substr(4);
            place.fixed = owner.fixed && inner.fixed;
            return place;
        }
    }
    const Type type = call.isMethod() ? m_model.infer(call.receiver, m_file) : Type();
    place.key = call.isMethod() ? std::string(type.peeled().name()) + "." + std::string(call.name) + "()"
                                : call.path + "()";
    return place;
}

Lock LockNamer::name(const Node &receiver) const
{
    const Place place = placeOf(receiver, 0);
    Lock lock;
    lock.key = place.key.empty() ? localKey(receiver, placeText(receiver)) : place.key;
    lock.receiver = placeText(receiver);
    if (lock.receiver.empty())
        lock.receiver = std::string(receiver.text().substr(0, 80));
    lock.place = place.text;
    lock.root = place.root;
    lock.declaration = place.declaration;
    lock.fixed = place.fixed && !place.text.empty();
    lock.assumed = place.assumed;
    return lock;
}

bool Lock::sameInstance(const Lock &other) const
{
    return !key.empty() && key == other.key && fixed && other.fixed && place == other.place &&
           root == other.root;
}

} // namespace review::rust
