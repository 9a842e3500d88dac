// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/type_reader.h"

#include "review/rust/file_reader.h"

#include <algorithm>

namespace review::rust {
namespace {

constexpr int maxDepth = 24;

struct Glob {
    std::string_view module;
    std::string_view names; ///< with a space around each
};
constexpr Glob globs[] = {
    {"std::sync", " Mutex RwLock Condvar Arc Weak Once OnceLock LazyLock Barrier MutexGuard RwLockReadGuard "
                  "RwLockWriteGuard mpsc atomic "},
    {"parking_lot", " Mutex RwLock Condvar Once ReentrantMutex FairMutex MutexGuard RwLockReadGuard "
                    "RwLockWriteGuard MappedMutexGuard "},
    {"tokio::sync",
     " Mutex RwLock Notify Semaphore Barrier OnceCell MutexGuard OwnedMutexGuard RwLockReadGuard "
     "RwLockWriteGuard mpsc oneshot watch broadcast "},
    {"std::cell", " RefCell Cell UnsafeCell OnceCell Ref RefMut "},
    {"std::collections", " HashMap HashSet BTreeMap BTreeSet VecDeque BinaryHeap LinkedList "},
    {"std::sync::atomic", " AtomicBool AtomicU8 AtomicU16 AtomicU32 AtomicU64 AtomicUsize AtomicI8 AtomicI16 "
                          "AtomicI32 AtomicI64 AtomicIsize AtomicPtr Ordering "},
};

} // namespace

bool globProvides(std::string_view glob, std::string_view name)
{
    for (const Glob &known : globs) {
        if (known.module == glob)
            return known.names.find(" " + std::string(name) + " ") != std::string_view::npos;
    }
    return false;
}

Type substituted(const Type &type, const std::vector<std::string> &names, const std::vector<Type> &values)
{
    if (type.args.empty()) {
        const auto found = std::find(names.begin(), names.end(), type.path);
        const auto at = static_cast<std::size_t>(found - names.begin());
        return found != names.end() && at < values.size() ? values[at] : type;
    }
    Type result = type;
    for (Type &argument : result.args)
        argument = substituted(argument, names, values);
    return result;
}

std::string TypeReader::resolved(std::string_view path, const Node &at) const
{
    std::string full = m_file.resolveAt(path, at);
    if (full == path && full.find("::") == std::string::npos) {
        const std::string own = m_file.resolve(path);
        const std::size_t colon = own.rfind("::");
        if (!m_file.structNamed(colon == std::string::npos ? own : own.substr(colon + 2))) {
            const std::string glob = m_model.fromGlobs(path, m_file);
            if (!glob.empty())
                full = glob;
        }
    }
    return m_model.followed(std::move(full), m_file);
}

Type TypeReader::named(const Node &head, const Node &arguments, int depth) const
{
    Type type;
    const std::string path = pathOf(head);
    if (path == "Self") {
        const Node impl = head.ancestor({"impl_item", "trait_item"});
        if (impl.is("impl_item"))
            return read(impl.field("type"), depth + 1);
        type.path = impl ? std::string(impl.field("name").text()) : "";
        return type;
    }
    type.path = resolved(path, head);
    for (const Node &argument : arguments.namedChildren()) {
        if (argument.isAny({"lifetime", "type_binding", "block", "integer_literal", "trait_bounds"}))
            continue;
        type.args.push_back(read(argument, depth + 1));
    }
    return fromAlias(type, head, depth);
}

Type TypeReader::fromAlias(const Type &type, const Node &at, int depth) const
{
    const std::string_view name = type.name();
    // A path into another crate is not this crate's alias of the same name.
    const bool own = type.path == name || type.path.starts_with("crate::") ||
                     type.path.starts_with("self::") || type.path.starts_with("super::");
    const Model::Alias alias = own ? m_model.alias(name, m_file, type.path != name) : Model::Alias();
    if (!alias.item || at.isInside(alias.item))
        return type;
    std::vector<std::string> generics;
    for (const Node &parameter : alias.item.field("type_parameters").namedChildren()) {
        if (parameter.is("type_parameter"))
            generics.emplace_back(parameter.field("name").text());
        else if (parameter.is("type_identifier"))
            generics.emplace_back(parameter.text());
    }
    const Type target = TypeReader(m_model, *alias.file).read(alias.item.field("type"), depth + 1);
    return target.known() ? substituted(target, generics, type.args) : type;
}

Type TypeReader::read(const Node &node, int depth) const
{
    Type type;
    if (depth > maxDepth)
        return type;
    if (node.isAny({"type_identifier", "scoped_type_identifier", "identifier", "scoped_identifier"}))
        return named(node, Node(), depth);
    if (node.is("generic_type"))
        return named(node.field("type"), node.field("type_arguments"), depth);
    if (node.is("primitive_type")) {
        type.path = node.text();
        return type;
    }
    if (node.is("unit_type") || node.is("never_type")) {
        type.path = node.is("unit_type") ? "()" : "!";
        return type;
    }
    if (node.is("reference_type") || node.is("pointer_type")) {
        bool mutableTarget = false;
        for (const Node &child : node.children())
            mutableTarget = mutableTarget || child.is("mutable_specifier");
        type.path =
            node.is("reference_type") ? (mutableTarget ? "&mut" : "&") : (mutableTarget ? "*mut" : "*const");
        type.args.push_back(read(node.field("type"), depth + 1));
    } else if (node.is("array_type")) {
        type.path = "[]";
        type.args.push_back(read(node.field("element"), depth + 1));
    } else if (node.is("tuple_type")) {
        type.path = "()";
        for (const Node &part : node.namedChildren())
            type.args.push_back(read(part, depth + 1));
    } else if (node.is("dynamic_type") || node.is("abstract_type")) {
        type.path = node.is("dynamic_type") ? "dyn" : "impl";
        const Node trait = node.field("trait");
        Type bound = read(trait, depth + 1);
        // `Future<Output = T>`: the output is what matters.
        for (const Node &binding : trait.field("type_arguments").namedChildren()) {
            if (binding.is("type_binding"))
                bound.args.push_back(read(binding.field("type"), depth + 1));
        }
        type.args.push_back(std::move(bound));
    } else if (node.is("function_type")) {
        const Node trait = node.field("trait");
        type.path = trait ? std::string(trait.text()) : "fn";
        if (const Node result = node.field("return_type"))
            type.args.push_back(read(result, depth + 1));
    } else if (node.is("bounded_type")) {
        // `dyn A + Send` under an outer `&`: the first bound leads.
        return read(node.firstNamedChild(), depth + 1);
    }
    return type;
}

} // namespace review::rust
