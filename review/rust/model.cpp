// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/model.h"

#include "git/in_order.h"
#include "review/rust/inference.h"
#include "review/rust/model_answers.h"
#include "review/rust/path_parts.h"
#include "review/rust/type_reader.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace review::rust {
namespace {

template <typename Item>
const Item *itemNamed(const std::vector<Item> &items, std::string_view name)
{
    const auto found = std::ranges::find(items, name, &Item::name);
    return found == items.end() ? nullptr : &*found;
}

} // namespace

void Model::add(std::shared_ptr<const SourceFile> source)
{
    m_sources.push_back(std::move(source));
}

void Model::add(std::unique_ptr<File> file)
{
    add(std::make_shared<const SourceFile>(std::move(file)));
}

void Model::link(unsigned threads, const std::stop_token &stop)
{
    git::workInOrder(
        m_sources.size(),
        [&](std::size_t i) {
            if (!stop.stop_requested())
                m_sources[i]->names();
            return true;
        },
        [](std::size_t, bool) {}, threads);
    if (stop.stop_requested())
        return;
    std::vector<const DeclaredNames *> names;
    for (std::size_t i = 0; i < m_sources.size(); ++i) {
        const SourceFile *source = m_sources[i].get();
        names.push_back(&source->names());
        m_entries.emplace(source, Entry{static_cast<std::uint32_t>(i), std::make_shared<Answers>()});
        std::string_view path = source->path();
        m_sourcesByPath[path] = source;
        path = path.substr(0, path.rfind('.'));
        std::string_view stem = path.substr(path.rfind('/') + 1);
        if (stem == "mod" || stem == "lib" || stem == "main") {
            const std::string_view folder =
                path.substr(0, path.size() - std::min(path.size(), stem.size() + 1));
            if (stem != "mod")
                m_sourcesByModule["crate"].push_back(source);
            stem = folder.substr(folder.rfind('/') + 1);
        }
        m_sourcesByModule[std::string(stem)].push_back(source);
    }
    m_names.build(names);
}

/// Of things with one name the one in `from`, else the only one outside of test code.
template <typename Item>
const Item *Model::choose(Declared kind, std::string_view name, const File &from,
                          const std::vector<Item> &(File::*items)() const) const
{
    const std::span<const NameTable::Place> places = m_names.find(kind, name);
    if (places.empty())
        return nullptr;
    if (entryOf(from)) {
        if (const Item *own = itemNamed((from.*items)(), name))
            return own;
    }
    const Item *only = nullptr;
    const Item *first = nullptr;
    std::size_t count = 0;
    bool isAmbiguous = false;
    visit(places, [&](const File &file) {
        for (const Item &item : (file.*items)()) {
            if (item.name != name)
                continue;
            first = count++ == 0 ? &item : first;
            if (file.isTest(item.node))
                continue;
            isAmbiguous = only != nullptr;
            only = &item;
            if (isAmbiguous)
                return false;
        }
        return true;
    });
    if (!only && count == 1)
        return first;
    return isAmbiguous ? nullptr : only;
}

const Struct *Model::findStruct(std::string_view name, const File &from) const
{
    return choose(Declared::Struct, lastPart(from.resolve(name)), from, &File::structs);
}

const Struct *Model::findEnum(std::string_view name, const File &from) const
{
    return choose(Declared::Enum, lastPart(from.resolve(name)), from, &File::enums);
}

const Static *Model::findStatic(std::string_view name, const File &from) const
{
    return choose(Declared::Static, lastPart(from.resolve(name)), from, &File::statics);
}

bool Model::hasStruct(std::string_view name) const
{
    bool has = false;
    visit(m_names.find(Declared::Struct, name), [&](const File &file) {
        has = itemNamed(file.structs(), name) != nullptr;
        return !has;
    });
    return has;
}

const Struct *Model::onlyStructWith(std::string_view field) const
{
    const Struct *only = nullptr;
    bool isAmbiguous = false;
    visit(m_names.find(Declared::Field, field), [&](const File &file) {
        for (const Struct &candidate : file.structs()) {
            const bool has = itemNamed(candidate.fields, field) && !file.isTest(candidate.node);
            isAmbiguous = isAmbiguous || (has && only);
            only = has ? &candidate : only;
        }
        return !isAmbiguous;
    });
    return isAmbiguous ? nullptr : only;
}

const Function *Model::onlyMethod(std::string_view name) const
{
    const Function *only = nullptr;
    bool isAmbiguous = false;
    visit(m_names.find(Declared::Function, name), [&](const File &file) {
        for (const Function *function : file.functionsNamed(name)) {
            if (function->selfType.empty() || function->isTest)
                continue;
            isAmbiguous = isAmbiguous || only;
            only = function;
        }
        return !isAmbiguous;
    });
    return isAmbiguous ? nullptr : only;
}

Model::Alias Model::alias(std::string_view name, const File &from, bool elsewhere) const
{
    const std::span<const NameTable::Place> places = m_names.find(Declared::Alias, name);
    if (places.empty())
        return {};
    if (const Node own = entryOf(from) ? from.alias(name) : Node())
        return {own, &from};
    if (!elsewhere)
        return {};
    Alias only;
    bool isAmbiguous = false;
    visit(places, [&](const File &file) {
        const Node item = file.alias(name);
        isAmbiguous = isAmbiguous || (item && only.item);
        if (item)
            only = {item, &file};
        return !isAmbiguous;
    });
    return isAmbiguous ? Alias() : only;
}

Model::Functions Model::functionsNamed(std::string_view name, std::size_t limit) const
{
    Functions found;
    if (limit == 0)
        return found;
    visit(m_names.find(Declared::Function, name), [&](const File &file) {
        for (const Function *function : file.functionsNamed(name)) {
            found.push_back(function);
            if (found.size() == limit)
                return false;
        }
        return true;
    });
    return found;
}

const std::vector<bool> &Model::filesWith(std::string_view text) const
{
    const std::lock_guard lock(m_texts->mutex);
    const auto [entry, isNew] = m_texts->files.try_emplace(std::string(text));
    if (isNew) {
        for (const auto &source : m_sources)
            entry->second.push_back(source->contains(text));
    }
    return entry->second;
}

bool Model::mayDeclare(std::string_view function, std::string_view withText) const
{
    const std::span<const NameTable::Place> places = m_names.find(Declared::Function, function);
    if (places.empty())
        return false;
    const std::vector<bool> &has = filesWith(withText);
    return std::ranges::any_of(places, [&](const auto &place) { return has[place.file]; });
}

std::vector<const File *> Model::filesWithOwner(std::string_view typeName) const
{
    std::vector<const File *> files;
    visit(m_names.find(Declared::Owner, ownerName(typeName)), [&](const File &file) {
        files.push_back(&file);
        return true;
    });
    return files;
}

Model::Functions Model::methods(std::string_view typeName, std::string_view method) const
{
    const std::string type = lastPart(typeName);
    const std::span<const NameTable::Place> named = m_names.find(Declared::Function, method);
    if (named.empty() || type.empty())
        return {};
    Functions found;
    for (const std::uint32_t index : inBoth(m_names.find(Declared::Owner, ownerName(type)), named)) {
        if (const File *file = m_sources[index]->file())
            std::ranges::copy_if(file->functionsNamed(method), std::back_inserter(found),
                                 [&](const Function *function) { return function->selfType == type; });
    }
    std::stable_partition(found.begin(), found.end(), [](const Function *f) { return f->traitName.empty(); });
    return found.empty() ? providedMethods(type, method) : found;
}

/// Methods that a type has from the traits it implements.
Model::Functions Model::providedMethods(const std::string &type, std::string_view method) const
{
    std::set<std::string_view> traits;
    const std::string_view owner = ownerName(type);
    for (const NameTable::Place &place : m_names.find(Declared::Owner, owner)) {
        for (const DeclaredNames::Impl &impl : m_sources[place.file]->names().traitImpls) {
            if (impl.type == owner)
                traits.insert(impl.trait);
        }
    }
    const std::span<const NameTable::Place> named = m_names.find(Declared::Function, method);
    std::set<std::uint32_t> files;
    for (const std::string_view trait : traits) {
        const std::vector<std::uint32_t> both = inBoth(m_names.find(Declared::Owner, trait), named);
        files.insert(both.begin(), both.end());
    }
    Functions found;
    for (const std::uint32_t index : files) {
        const File *file = m_sources[index]->file();
        if (!file)
            continue;
        for (const Function *function : file->functionsNamed(method)) {
            if (function->body && function->traitName.empty() && traits.contains(function->selfType) &&
                hasImpl(function->selfType, type))
                found.push_back(function);
        }
    }
    return found;
}

bool Model::hasImpl(std::string_view trait, std::string_view type) const
{
    const std::string_view owner = ownerName(type);
    for (const NameTable::Place &place : m_names.find(Declared::Owner, owner)) {
        const SourceFile &source = *m_sources[place.file];
        const bool may = std::ranges::any_of(source.names().traitImpls, [&](const auto &impl) {
            return impl.type == owner && impl.trait == trait;
        });
        const File *file = may ? source.file() : nullptr;
        if (file && std::ranges::any_of(file->impls(), [&](const Impl &impl) {
                return impl.typeName == type && impl.traitName == trait;
            }))
            return true;
    }
    return false;
}

Model::Functions Model::traitMethods(std::string_view trait, std::string_view method) const
{
    Functions found;
    const std::span<const NameTable::Place> named = m_names.find(Declared::Function, method);
    std::set<std::uint32_t> files;
    for (const Declared kind : {Declared::Owner, Declared::Implemented}) {
        const std::vector<std::uint32_t> both = inBoth(m_names.find(kind, ownerName(trait)), named);
        files.insert(both.begin(), both.end());
    }
    for (const std::uint32_t index : files) {
        const File *file = m_sources[index]->file();
        if (!file)
            continue;
        std::ranges::copy_if(
            file->functionsNamed(method), std::back_inserter(found), [&](const Function *function) {
                return function->traitName == trait || (function->selfType == trait && function->body);
            });
    }
    return found.empty() ? methods(trait, method) : found;
}

const Model::Entry *Model::entryOf(const File &file) const
{
    const auto found = m_entries.find(file.m_source);
    return found == m_entries.end() ? nullptr : &found->second;
}

Model::Answers *Model::answersFor(const Node &node, const File &file) const
{
    if (node.tree() != &file.tree())
        return nullptr;
    const Entry *entry = entryOf(file);
    return entry ? entry->answers.get() : nullptr;
}

const File *Model::file(std::string_view path) const
{
    const auto found = m_sourcesByPath.find(path);
    return found == m_sourcesByPath.end() ? nullptr : found->second->file();
}

const File *Model::fileOf(const Node &node) const
{
    for (const auto &source : m_sources) {
        const File *file = source->fileIfRead();
        if (file && &file->tree() == node.tree())
            return file;
    }
    return nullptr;
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
