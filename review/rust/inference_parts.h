// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/types.h"

#include <string>
#include <string_view>
#include <vector>

/// Small things that the parts of the inference share.
namespace review::rust::inference {

Type make(std::string path, std::vector<Type> args = {});
bool startsUpper(std::string_view name);
/// The output of a future's type; null for others.
const Type *outputOf(const Type &type);

} // namespace review::rust::inference
