// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/model.h"

#include "review/rust/calls.h"
#include "review/rust/inference.h"
#include "review/rust/model_answers.h"
#include "review/rust/type_reader.h"

#include <algorithm>
#include <array>

namespace review::rust {
namespace {

constexpr std::size_t maxCallees = 3;

std::string lastPart(std::string_view path)
{
    const std::size_t colon = path.rfind("::");
    return std::string(colon == std::string_view::npos ? path : path.substr(colon + 2));
}

std::string withoutLast(std::string_view path)
{
    const std::size_t colon = path.rfind("::");
    return std::string(colon == std::string_view::npos ? std::string_view() : path.substr(0, colon));
}

/// Of things with one name the one in `from`, else the only one outside of test code.
template <typename Item>
const Item *choose(const std::unordered_map<std::string, std::vector<const Item *>> &all,
                   const std::string &name, const File &from)
{
    const auto found = all.find(name);
    if (found == all.end())
        return nullptr;
    const Item *only = nullptr;
    bool several = false;
    for (const Item *item : found->second) {
        if (item->file == &from)
            return item;
        if (item->file->isTest(item->node))
            continue;
        several = several || only;
        only = item;
    }
    if (!only && found->second.size() == 1)
        return found->second.front();
    return several ? nullptr : only;
}

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

} // namespace

/// By the return type's text.
static bool returnsGuard(const Function &function)
{
    const std::string_view type = function.returnType.text();
    return type.find("Guard") != std::string_view::npos || type.find("RefMut<") != std::string_view::npos ||
           type.find("Ref<") != std::string_view::npos;
}

void Model::add(std::unique_ptr<File> file)
{
    m_files.push_back(std::move(file));
}

void Model::link()
{
    for (const auto &file : m_files) {
        m_filesByPath[file->path()] = file.get();
        std::string_view path = file->path();
        path = path.substr(0, path.rfind('.'));
        std::string_view stem = path.substr(path.rfind('/') + 1);
        if (stem == "mod" || stem == "lib" || stem == "main") {
            const std::string_view folder =
                path.substr(0, path.size() - std::min(path.size(), stem.size() + 1));
            if (stem != "mod")
                m_filesByModule["crate"].push_back(file.get());
            stem = folder.substr(folder.rfind('/') + 1);
        }
        m_filesByModule[std::string(stem)].push_back(file.get());
        m_answers.emplace(&file->tree(), std::make_shared<Answers>());
        for (const Function &function : file->functions()) {
            m_functionsByName[function.name].push_back(&function);
            if (function.selfType.empty())
                m_freeFunctions[function.name].push_back(&function);
            else if (!function.isTest)
                m_methods[function.name].push_back(&function);
            if (!function.selfType.empty())
                m_methodsByOwner[function.path()].push_back(&function);
            if (function.body && returnsGuard(function))
                m_guardReturns.insert(function.name);
        }
        for (const Struct &found : file->structs()) {
            m_structsByName[found.name].push_back(&found);
            for (const Field &field : found.fields)
                m_structsByField[field.name].push_back(&found);
        }
        for (const Struct &found : file->enums())
            m_enumsByName[found.name].push_back(&found);
        for (const Static &found : file->statics())
            m_staticsByName[found.name].push_back(&found);
        for (const Impl &impl : file->impls())
            m_implsByType[impl.typeName].push_back(&impl);
        for (const auto &[name, item] : file->m_aliases)
            m_aliasesByName[name].emplace_back(item, file.get());
    }
}

const File *Model::file(std::string_view path) const
{
    const auto found = m_filesByPath.find(std::string(path));
    return found == m_filesByPath.end() ? nullptr : found->second;
}

const Struct *Model::findStruct(std::string_view name, const File &from) const
{
    return choose(m_structsByName, lastPart(from.resolve(name)), from);
}

const Struct *Model::findEnum(std::string_view name, const File &from) const
{
    return choose(m_enumsByName, lastPart(from.resolve(name)), from);
}

const Static *Model::findStatic(std::string_view name, const File &from) const
{
    return choose(m_staticsByName, lastPart(from.resolve(name)), from);
}

Model::Functions Model::methods(std::string_view typeName, std::string_view method) const
{
    const std::string type = lastPart(typeName);
    const auto named = m_functionsByName.find(std::string(method));
    if (named == m_functionsByName.end() || type.empty())
        return {};
    Functions found = Model::named(m_methodsByOwner, type + "::" + std::string(method));
    std::stable_partition(found.begin(), found.end(), [](const Function *f) { return f->traitName.empty(); });
    if (!found.empty())
        return found;
    // A method that a trait provides.
    const auto impls = m_implsByType.find(type);
    if (impls == m_implsByType.end())
        return {};
    for (const Function *function : named->second) {
        const bool isProvided = function->body && function->traitName.empty() && !function->selfType.empty();
        if (isProvided && std::any_of(impls->second.begin(), impls->second.end(), [&](const Impl *impl) {
                return impl->traitName == function->selfType;
            }))
            found.push_back(function);
    }
    return found;
}

Model::Functions Model::traitMethods(std::string_view trait, std::string_view method) const
{
    Functions found;
    for (const Function *function : functionsNamed(method)) {
        if (function->traitName == trait || (function->selfType == trait && function->body))
            found.push_back(function);
    }
    return found.empty() ? methods(trait, method) : found;
}

const Model::Functions &Model::named(const FunctionsByName &functions, std::string_view name)
{
    static const Functions none;
    const auto found = functions.find(std::string(name));
    return found == functions.end() ? none : found->second;
}

const Model::Functions &Model::functionsNamed(std::string_view name) const
{
    return named(m_functionsByName, name);
}

bool Model::mayReturnGuard(std::string_view function) const
{
    return m_guardReturns.contains(std::string(function));
}

Model::Answers *Model::answersFor(const Node &node, const File &file) const
{
    if (node.tree() != &file.tree())
        return nullptr;
    const auto found = m_answers.find(node.tree());
    return found == m_answers.end() ? nullptr : found->second.get();
}

std::vector<const File *> Model::moduleFiles(std::string_view modulePath, const File &from) const
{
    const std::string module = lastPart(modulePath);
    if (module == "self")
        return {&from};
    if (module == "super") {
        // The file of the folder: a/b/c.rs and a/b/c/mod.rs have a/b.rs, a/b/mod.rs or a crate's root above
        // them.
        std::string folder = from.path().substr(0, from.path().rfind('/') + 1);
        if (from.path().ends_with("/mod.rs"))
            folder = folder.substr(0, folder.rfind('/', folder.size() - 2) + 1);
        const std::string sibling = folder.empty() ? "" : folder.substr(0, folder.size() - 1) + ".rs";
        for (const std::string &path : {folder + "mod.rs", sibling, folder + "lib.rs", folder + "main.rs"}) {
            if (const File *found = file(path))
                return {found};
        }
        return {};
    }
    const auto found = m_filesByModule.find(module);
    if (found == m_filesByModule.end())
        return {};
    std::vector<const File *> files = found->second;
    if (module == "crate") {
        // The root of the same crate shares the path up to `src/`.
        std::erase_if(files, [&](const File *root) {
            return !from.path().starts_with(root->path().substr(0, root->path().rfind('/') + 1));
        });
    }
    return files;
}

std::string Model::followed(std::string path, const File &from) const
{
    const File *file = &from;
    for (int hops = 0; hops < 4; ++hops) {
        if (!path.starts_with("crate::") && !path.starts_with("self::") && !path.starts_with("super::"))
            return path;
        const std::string name = lastPart(path);
        std::string next;
        const File *nextFile = nullptr;
        for (const File *module : moduleFiles(withoutLast(path), *file)) {
            const auto use = module->m_uses.find(name);
            const std::string target = use != module->m_uses.end() ? use->second : fromGlobs(name, *module);
            if (target.empty() || target == path)
                continue;
            if (!next.empty() && next != target)
                return path;
            next = target;
            nextFile = module;
        }
        if (next.empty())
            return path;
        path = next;
        file = nextFile;
    }
    return path;
}

std::string Model::fromGlobs(std::string_view name, const File &from) const
{
    for (const std::string &glob : from.m_globUses) {
        if (globProvides(glob, name))
            return glob + "::" + std::string(name);
    }
    for (const std::string &glob : from.m_globUses) {
        if (!glob.starts_with("crate") && !glob.starts_with("super") && !glob.starts_with("self"))
            continue;
        for (const File *module : moduleFiles(glob, from)) {
            const auto use = module == &from ? module->m_uses.end() : module->m_uses.find(std::string(name));
            if (use != module->m_uses.end())
                return use->second;
        }
    }
    return {};
}

/// The folder that a file's crate has its sources in, with the name that code uses: "disk_io" of
/// "crates/disk-io/src/file.rs". Empty where the crate is the repository's own folder.
static std::string crateName(const std::string &path)
{
    const std::size_t source = path.rfind("src/");
    std::string folder = path.substr(0, source == std::string::npos ? path.rfind('/') + 1 : source);
    if (!folder.empty())
        folder.pop_back();
    folder = folder.substr(folder.rfind('/') + 1);
    std::replace(folder.begin(), folder.end(), '-', '_');
    return folder;
}

/// A crate's folder often has only the end of its name: `app_common_base` in `common/base`.
static bool mayName(std::string_view crate, const std::string &folder)
{
    return crate == folder || crate.ends_with('_' + folder);
}

static bool isRelative(std::string_view path)
{
    return path.find("::") == std::string_view::npos || path.starts_with("crate::") ||
           path.starts_with("self::") || path.starts_with("super::");
}

/// The path goes through no file of this repository and begins with none of its crates: what it names is
/// another crate's. The name of a crate in the repository's own folder is not known, so there nothing is
/// outside.
template <typename Files>
static bool isOutside(std::string_view path, const Files &filesByModule)
{
    if (isRelative(path))
        return false;
    const std::string_view first = path.substr(0, path.find("::"));
    for (std::size_t begin = 0, end = path.find("::"); end != std::string_view::npos;
         begin = end + 2, end = path.find("::", begin)) {
        if (filesByModule.contains(std::string(path.substr(begin, end - begin))))
            return false;
    }
    const auto roots = filesByModule.find("crate");
    return roots == filesByModule.end() ||
           std::none_of(roots->second.begin(), roots->second.end(), [&](const File *root) {
               const std::string folder = crateName(root->path());
               return folder.empty() ? root->path().ends_with("lib.rs") : mayName(first, folder);
           });
}

/// What a crate names by another crate's path does not stand in that crate itself.
template <typename Files>
static bool isOfOtherCrate(const std::string &path, const Function &function, const File &from,
                           const Files &filesByModule)
{
    const std::string own = crateName(from.path());
    const std::string first = path.substr(0, path.find("::"));
    const bool library = from.path().find("src/") != std::string::npos && !from.path().ends_with("main.rs") &&
                         from.path().find("/bin/") == std::string::npos;
    return !isRelative(path) && library && !own.empty() && !mayName(first, own) &&
           !filesByModule.contains(first) && crateName(function.file->path()) == own;
}

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
    const Functions &free = named(m_freeFunctions, lastPart(resolved));
    Functions near;
    for (const Function *function : free) {
        if (owner.empty() && function->file == &file)
            near.push_back(function);
    }
    if (!owner.empty()) {
        for (const File *module : moduleFiles(owner, file)) {
            for (const Function *function : free) {
                if (function->file == module)
                    near.push_back(function);
            }
        }
        const bool outside =
            !owner.starts_with("crate") && !owner.starts_with("super") && !owner.starts_with("self");
        if (near.empty() && outside && owner != withoutLast(path))
            return {};
    }
    if (!near.empty())
        return atMost(near);
    if (free.size() != 1 || resolved.starts_with("std::"))
        return {};
    // `rayon::spawn` is not the one `spawn` of this repository, unless that stands in a `mod rayon`.
    const Node module = free.front()->node.ancestor({"mod_item"});
    const bool inside = !isOutside(resolved, m_filesByModule) || module.field("name").text() == last;
    return inside ? free : Functions();
}

/// A type of a crate that is not this repository's: a struct of the same name here is another one.
static bool isForeign(const std::string &path)
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
static bool isNoFuture(const Function &function)
{
    const std::string_view type = function.returnType.text();
    return !function.returnType || function.returnsResult() || type.starts_with("Option<") ||
           type.starts_with('&') || type.starts_with('(') || type == "bool" || type == "String" ||
           type.starts_with("Vec<");
}

/// The call can be one of this function: it gives as many arguments, and awaits only what can be awaited.
static bool fits(const Call &call, const Function &function)
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
static bool isStandardMethod(std::string_view type, std::string_view name)
{
    constexpr std::array<std::string_view, 9> types{
        "Vec", "String", "HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "BinaryHeap", "Box"};
    constexpr std::array<std::string_view, 10> names{"append", "push",  "insert", "remove", "clear",
                                                     "extend", "drain", "pop",    "retain", "truncate"};
    return std::find(types.begin(), types.end(), type) != types.end() &&
           std::find(names.begin(), names.end(), name) != names.end();
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
        const bool named = m_structsByName.contains(std::string(type->name()));
        const bool namesake = isStandardMethod(type->name(), name) ||
                              (named && (isForeign(type->path) || isOutside(type->path, m_filesByModule)));
        Functions found = namesake ? Functions() : fitting(methods(type->name(), name));
        std::erase_if(found, [&](const Function *function) {
            return function->traitName.empty() &&
                   isOfOtherCrate(type->path, *function, file, m_filesByModule);
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
    const Functions &only = named(m_methods, name);
    return only.size() == 1 ? fitting(only) : Functions();
}

Type Model::typeOf(const Node &typeNode, const File &file) const
{
    Answers *answers = answersFor(typeNode, file);
    if (!answers)
        return TypeReader(*this, file).read(typeNode);
    if (auto kept = answers->read.find(typeNode.index()))
        return *std::move(kept);
    Type type = TypeReader(*this, file).read(typeNode);
    answers->read.keep(typeNode.index(), type);
    return type;
}

Type Model::infer(const Node &expression, const File &file) const
{
    return Inference(*this).of(expression, file);
}

} // namespace review::rust
