// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/tree.h"

#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

/// A type parameter of an impl or a function, with everything that is said about it there.
struct TypeParameter {
    std::string name;
    rust::Node node;                 ///< in the parameter list
    std::vector<std::string> bounds; ///< "Send", "Clone", "?Sized"; of its own and of the where clause

    bool has(std::string_view bound) const;
};

/// Those that an impl_item, function_item or trait_item declares itself, in source order.
std::vector<TypeParameter> typeParametersOf(const rust::Node &item);
/// Those of the function around a node and of its impl.
std::vector<TypeParameter> typeParametersAround(const rust::Node &node);
/// The type at or below the node names the parameter.
bool namesParameter(const rust::Node &type, std::string_view parameter);

} // namespace review::rules
