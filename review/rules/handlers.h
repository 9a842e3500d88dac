// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/panics.h"
#include "review/rust/model.h"

#include <optional>
#include <string>
#include <vector>

namespace review::rules {

/// A function that answers remote calls: what of it comes from the caller.
struct Handler {
    const rust::Function *function = nullptr;
    std::vector<rust::Node>
        inputs;            ///< parameters (the nodes that bindingOf gives) whose values the caller chose
    std::string framework; ///< "tonic", "axum", "a Thrift service"
};

/// By the types of its parameters (`tonic::Request`, extractors of axum and actix) or the generated trait
/// that it implements.
std::optional<Handler> handlerOf(const rust::Function &function);

/// The panics of a handler that its caller can cause, in source order.
std::vector<Panic> remotePanicsIn(const Handler &handler);

} // namespace review::rules
