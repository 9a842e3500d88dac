// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/model.h"

#include <string_view>

namespace review::rust {

/// Reads type nodes of one file, through `use`, re-exports and type aliases.
class TypeReader {
public:
    TypeReader(const Model &model, const File &file) : m_model(model), m_file(file) {}

    Type read(const Node &node, int depth = 0) const;
    /// The path with everything known about it resolved, as a type's head.
    std::string resolved(std::string_view path, const Node &at) const;

private:
    Type named(const Node &head, const Node &arguments, int depth) const;
    Type fromAlias(const Type &type, const Node &at, int depth) const;

    const Model &m_model;
    const File &m_file;
};

/// Puts types in place of the type parameters of these names.
Type substituted(const Type &type, const std::vector<std::string> &names, const std::vector<Type> &values);
/// A `use glob::*` of a well-known module brings in this name.
bool globProvides(std::string_view glob, std::string_view name);

} // namespace review::rust
