// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/file_reader.h"
#include "review/rust/model.h"

#include <algorithm>

namespace review::rust {

std::string Function::path() const
{
    return selfType.empty() ? name : selfType + "::" + name;
}

bool Function::returnsResult() const
{
    Node type = returnType;
    if (type.is("generic_type"))
        type = type.field("type");
    const std::string_view text = type.is("scoped_type_identifier") ? type.field("name").text() : type.text();
    return type.isAny({"type_identifier", "scoped_type_identifier"}) && text.ends_with("Result");
}

File::File(std::string path, std::string edition, std::shared_ptr<const Tree> tree)
    : m_path(std::move(path))
    , m_edition(std::move(edition))
    , m_tree(std::move(tree))
{
    if (m_edition.empty()) {
        m_edition = "2021";
        m_editionKnown = false;
    }
    FileReader(*this).read();
}

const Function *File::functionAt(const Node &node) const
{
    if (node.tree() != m_tree.get())
        return nullptr;
    const bool own = node.isAny({"function_item", "function_signature_item"});
    const Node around = own ? node : node.ancestor({"function_item", "function_signature_item"});
    if (!around)
        return nullptr;
    const auto found = std::lower_bound(
        m_functions.begin(), m_functions.end(), around.index(),
        [](const Function &function, std::uint32_t index) { return function.node.index() < index; });
    return found != m_functions.end() && found->node == around ? &*found : nullptr;
}

std::span<const Function *const> File::functionsNamed(std::string_view name) const
{
    const auto [first, last] =
        std::ranges::equal_range(m_functionsByName, name, {},
                                 [](const Function *function) { return std::string_view(function->name); });
    return {first, last};
}

const Struct *File::structNamed(std::string_view name) const
{
    const auto found = std::ranges::find(m_structs, name, &Struct::name);
    return found == m_structs.end() ? nullptr : &*found;
}

Node File::alias(std::string_view name) const
{
    const auto found = m_aliases.find(std::string(name));
    return found == m_aliases.end() ? Node() : found->second;
}

std::string File::itemAt(const Node &node) const
{
    std::string path;
    for (Node around = node; around; around = around.parent()) {
        std::string part;
        if (around.isAny({"function_item", "function_signature_item"}))
            part = "fn " + std::string(around.field("name").text());
        else if (around.is("mod_item"))
            part = "mod " + std::string(around.field("name").text());
        else if (around.is("struct_item"))
            part = "struct " + std::string(around.field("name").text());
        else if (around.is("enum_item"))
            part = "enum " + std::string(around.field("name").text());
        else if (around.is("trait_item"))
            part = "trait " + std::string(around.field("name").text());
        else if (around.is("macro_definition"))
            part = "macro " + std::string(around.field("name").text());
        else if (around.is("impl_item")) {
            const std::string trait = pathOf(around.field("trait"));
            part = "impl " + (trait.empty() ? "" : trait + " for ") + pathOf(around.field("type"));
        }
        if (!part.empty())
            path = part + (path.empty() ? "" : " › ") + path;
    }
    return path;
}

bool File::isTest(const Node &node) const
{
    if (m_testFile)
        return true;
    const auto after =
        std::upper_bound(m_testScopes.begin(), m_testScopes.end(), node.index(),
                         [](std::uint32_t index, const Node &scope) { return index < scope.index(); });
    return after != m_testScopes.begin() && node.isInside(*std::prev(after));
}

} // namespace review::rust
