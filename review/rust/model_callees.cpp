// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/model.h"

#include "review/rust/calls.h"
#include "review/rust/inference.h"
#include "review/rust/model_answers.h"
#include "review/rust/path_parts.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace review::rust {
namespace {

constexpr std::size_t maxCallees = 3;

std::vector<const Function *> atMost(std::vector<const Function *> functions)
{
    // Test doubles don't count beside the real thing.
    const bool real = std::any_of(functions.begin(), functions.end(), [](auto *f) { return !f->isTest; });
    if (real)
        std::erase_if(functions, [](const Function *function) { return function->isTest; });
    if (functions.size() > maxCallees)
        functions.clear();
    return functions;
}

/// A type of a crate that is not this repository's: a struct of the same name here is another one.
bool isForeign(const std::string &path)
{
    for (const std::string_view crate :
         {"std::", "core::", "alloc::", "tokio::", "futures::", "futures_channel::", "futures_util::",
          "crossbeam::", "crossbeam_channel::", "flume::", "async_channel::", "parking_lot::", "once_cell::",
          "dashmap::", "arc_swap::", "hyper::", "http::", "bytes::"}) {
        if (path.starts_with(crate))
            return true;
    }
    return false;
}

/// A value of this type cannot be awaited.
bool isNoFuture(const Function &function)
{
    const std::string_view type = function.returnType.text();
    return !function.returnType || function.returnsResult() || type.starts_with("Option<") ||
           type.starts_with('&') || type.starts_with('(') || type == "bool" || type == "String" ||
           type.starts_with("Vec<");
}

/// The call can be one of this function: it gives as many arguments, and awaits only what can be awaited.
bool fits(const Call &call, const Function &function)
{
    const auto &parameters = function.parameters;
    const bool takesSelf = !parameters.empty() && parameters.front().name == "self";
    if (call.isMethod() && !takesSelf)
        return false;
    if (call.arguments.size() + (call.isMethod() ? 1 : 0) != parameters.size())
        return false;
    return function.isAsync || !isAwaited(call.node) || !isNoFuture(function);
}

/// A method of the standard library's own, which a trait implemented here for that type does not replace.
bool isStandardMethod(std::string_view type, std::string_view name)
{
    constexpr std::array<std::string_view, 9> types{
        "Vec", "String", "HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "BinaryHeap", "Box"};
    constexpr std::array<std::string_view, 10> names{"append", "push",  "insert", "remove", "clear",
                                                     "extend", "drain", "pop",    "retain", "truncate"};
    return std::find(types.begin(), types.end(), type) != types.end() &&
           std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

Model::Functions Model::pathCallees(const std::string &path, const Node &at, const File &file) const
{
    const std::string name = lastPart(path);
    std::string owner = withoutLast(path);
    if (owner == "Self") {
        const Function *around = file.functionAt(at);
        return around ? atMost(methods(around->selfType, name)) : Functions();
    }
    const std::string resolved = file.resolveAt(path, at);
    owner = withoutLast(resolved);
    const std::string last = lastPart(owner);
    if (!last.empty() && last[0] >= 'A' && last[0] <= 'Z')
        return atMost(methods(last, lastPart(resolved)));
    const std::string wanted = lastPart(resolved);
    const auto addFree = [&](const File *from, Functions &into) {
        if (!from)
            return;
        std::ranges::copy_if(from->functionsNamed(wanted), std::back_inserter(into),
                             [](const Function *function) { return function->selfType.empty(); });
    };
    Functions near;
    if (owner.empty() && entryOf(file))
        addFree(&file, near);
    if (!owner.empty()) {
        for (const SourceFile *module : moduleFiles(owner, file)) {
            if (m_entries.contains(module) && module->names().declares(Declared::FreeFunction, wanted))
                addFree(module->file(), near);
        }
        const bool outside =
            !owner.starts_with("crate") && !owner.starts_with("super") && !owner.starts_with("self");
        if (near.empty() && outside && owner != withoutLast(path))
            return {};
    }
    if (!near.empty())
        return atMost(near);
    if (resolved.starts_with("std::"))
        return {};
    Functions free;
    visit(m_names.find(Declared::FreeFunction, wanted), [&](const File &from) {
        addFree(&from, free);
        return free.size() < 2;
    });
    if (free.size() != 1)
        return {};
    // `rayon::spawn` is not the one `spawn` of this repository, unless that stands in a `mod rayon`.
    const Node module = free.front()->node.ancestor({"mod_item"});
    const bool inside = !isOutside(resolved) || module.field("name").text() == last;
    return inside ? free : Functions();
}

Model::Functions Model::callees(const Node &call, const File &file) const
{
    Answers *answers = answersFor(call, file);
    if (!answers)
        return foundCallees(call, file);
    if (auto kept = answers->callees.find(call.index()))
        return *std::move(kept);
    Functions found = foundCallees(call, file);
    answers->callees.keep(call.index(), found);
    return found;
}

Model::Functions Model::foundCallees(const Node &node, const File &file) const
{
    const Call &call = toCall(node);
    if (!call)
        return {};
    const auto fitting = [&](Functions functions) {
        std::erase_if(functions, [&](const Function *function) { return !fits(call, *function); });
        return functions;
    };
    if (!call.isMethod())
        return isStandardMethod(withoutLast(call.path), call.name)
                   ? Functions()
                   : fitting(pathCallees(call.path, node, file));
    const Function *around = file.functionAt(node);
    const std::string name(call.name);
    if (call.receiver.is("self") && around && !around->selfType.empty()) {
        const Functions own = fitting(methods(around->selfType, name));
        return atMost(own.empty() || !own.front()->body ? fitting(traitMethods(around->selfType, name))
                                                        : own);
    }
    const Type receiver = infer(call.receiver, file);
    for (const Type *type = &receiver; type && type->known(); type = Inference::target(*type)) {
        if (type->path == "dyn" || type->path == "impl")
            return type->args.empty() ? Functions()
                                      : atMost(fitting(traitMethods(type->args.front().name(), name)));
        const bool namesake = isStandardMethod(type->name(), name) ||
                              ((isForeign(type->path) || isOutside(type->path)) && hasStruct(type->name()));
        Functions found = namesake ? Functions() : fitting(methods(type->name(), name));
        std::erase_if(found, [&](const Function *function) {
            return function->traitName.empty() && isOfOtherCrate(type->path, *function, file);
        });
        // What is implemented here for `mpsc::Sender` is nothing that `oneshot::Sender` has.
        if (isForeign(type->path))
            std::erase_if(found, [&](const Function *function) {
                const std::string owner = function->file->resolve(function->selfType);
                return owner.find("::") != std::string::npos && owner != type->path;
            });
        if (!found.empty())
            return atMost(std::move(found));
    }
    // Without a type, a name that only one function has says enough, if it is not a name that everything has.
    if (receiver.known() || Inference::isCommonName(name))
        return {};
    const Function *only = onlyMethod(name);
    return only ? fitting({only}) : Functions();
}

} // namespace review::rust
