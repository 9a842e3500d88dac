// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/model.h"

#include <string>
#include <vector>

namespace review::rules {

/// A body that an executor polls by hand-written code: it takes a task's context and answers with `Poll`.
struct PollBody {
    rust::Node body;                  ///< of the function, or the closure of `poll_fn`
    std::string name;                 ///< "Shared::poll_next", "poll_fn"
    std::string context;              ///< the context's name; may be "_"
    std::vector<rust::Node> uses;     ///< identifiers that read the context, nested closures included
    std::vector<rust::Node> pendings; ///< where `Poll::Pending` is the answer, in source order
};

/// Those of a file outside of test code, in source order.
std::vector<PollBody> pollBodies(const rust::File &file);

/// The context was given to someone on a path that leads to `pending`, in this round of a loop or an earlier
/// one.
bool isRegisteredBefore(const rust::Node &pending, const PollBody &poll);

} // namespace review::rules
