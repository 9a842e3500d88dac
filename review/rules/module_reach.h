// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/model.h"

namespace review::rules {

/// Nobody outside the crate can name what stands in the file: it belongs to a program, or a module on the way
/// from the crate's root is declared without `pub` and not handed on by `pub use`. False where the files on
/// the way are not known. Costs a look at each of them.
bool isOutOfReach(const rust::File &file, const rust::Model &model);

} // namespace review::rules
