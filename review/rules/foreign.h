// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

#include <string>

namespace review::rules {

/// The function has a body and an ABI through which no panic may unwind: "C", "system" and the like, not
/// "C-unwind".
bool isForeign(const rust::Function &function);
/// Foreign code finds it by its name (`no_mangle`, `export_name`), so anything may be passed.
bool isExported(const rust::Function &function);
/// A call of a C function, told by its module (`ffi`, `…sys`, `bindings`) and its name.
bool isForeignCall(const rust::Call &call);
/// The expression by which the function says that it failed: what it returns for a null argument, else what
/// its return type offers; "()" when it returns nothing, empty when unknown.
std::string failureValue(const rust::Function &function);

} // namespace review::rules
