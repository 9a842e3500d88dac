// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/file_reader.h"

#include "review/rust/path_parts.h"

namespace review::rust {
namespace {

struct Pending {
    Node node;
    std::string prefix;
};

std::string joined(const std::string &prefix, const std::string &path)
{
    if (prefix.empty())
        return path;
    return path.empty() ? prefix : prefix + "::" + path;
}

} // namespace

std::string pathOf(const Node &node)
{
    std::string path;
    std::size_t depth = 0;
    for (const char c : node.text()) {
        if (c == '<')
            ++depth;
        else if (c == '>')
            depth -= depth > 0 ? 1 : 0;
        else if (depth == 0 && c != ' ' && c != '\n' && c != '\t' && c != '\r')
            path += c;
    }
    if (path.starts_with("::"))
        path.erase(0, 2);
    return path;
}

std::vector<UsedName> usedNames(const Node &useDeclaration)
{
    std::vector<UsedName> names;
    std::vector<Pending> pending{{useDeclaration.field("argument"), {}}};
    while (!pending.empty()) {
        const Pending next = pending.back();
        pending.pop_back();
        const Node &node = next.node;
        if (node.is("use_list")) {
            for (const Node &part : node.namedChildren())
                pending.push_back({part, next.prefix});
        } else if (node.is("scoped_use_list")) {
            pending.push_back({node.field("list"), joined(next.prefix, pathOf(node.field("path")))});
        } else if (node.is("use_as_clause")) {
            const std::string path = pathOf(node.field("path"));
            const bool self = path == "self" && !next.prefix.empty();
            names.push_back(
                {std::string(node.field("alias").text()), self ? next.prefix : joined(next.prefix, path)});
        } else if (node.is("use_wildcard")) {
            names.push_back({"*", joined(next.prefix, pathOf(node.firstNamedChild()))});
        } else if (node.is("self") && !next.prefix.empty()) {
            names.push_back({lastPart(next.prefix), next.prefix});
        } else if (node.isAny({"identifier", "scoped_identifier"})) {
            const std::string path = joined(next.prefix, pathOf(node));
            names.push_back({lastPart(path), path});
        }
    }
    return names;
}

std::string File::resolve(std::string_view path) const
{
    return resolveAt(path, Node());
}

std::string File::resolveAt(std::string_view path, const Node &at) const
{
    if (path.starts_with("::"))
        path.remove_prefix(2);
    const std::size_t colon = path.find("::");
    const std::string first(path.substr(0, colon));
    const std::string_view rest = colon == std::string_view::npos ? std::string_view() : path.substr(colon);
    const std::string *found = nullptr;
    if (const auto scoped = m_scopedUses.find(first); at && scoped != m_scopedUses.end()) {
        std::size_t smallest = std::string::npos;
        for (const ScopedUse &use : scoped->second) {
            if (at.isInside(use.scope) && use.scope.bytes().size() < smallest) {
                smallest = use.scope.bytes().size();
                found = &use.path;
            }
        }
    }
    if (const auto use = m_uses.find(first); !found && use != m_uses.end())
        found = &use->second;
    if (!found || *found == first)
        return std::string(path);
    return *found + std::string(rest);
}

} // namespace review::rust
