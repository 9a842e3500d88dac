// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

#include <optional>

namespace review::rules {

/// What a loop's body does when a call fails.
struct FailingArm {
    rust::Call call;          ///< the call that fails
    rust::Node pattern;       ///< "Err(e)", "None"; null where the code only tests
    rust::Node handler;       ///< what runs then; null if nothing does
    bool staysInLoop = false; ///< the flow goes on with the next round
    bool guarded = false;     ///< only for some errors
};

/// The failing side of a call in `match`, `if let Err`, `let .. else` and `while let Err`; nothing where the
/// result goes elsewhere. `call` may stand below `.await` and adapters.
std::optional<FailingArm> failingArm(const rust::Call &call);

} // namespace review::rules
