// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

namespace review::rules {

/// Model::callees() may go by a name that only one function has. True when more speaks for this callee: the
/// call is made on `self`, on a receiver whose type is known, or along a path into this crate.
bool isSureTarget(const rust::Call &call, const rust::Function &callee, const rust::File &file,
                  const rust::Model &model);

} // namespace review::rules
