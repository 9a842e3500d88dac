// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

namespace review::rules {

/// `StoreClient::connect(..)` of a client that tonic generated: it lies in a module named `.._client`. Of a
/// call by its path; false for a method.
bool connectsGeneratedClient(const rust::Call &call, const rust::File &file);

} // namespace review::rules
