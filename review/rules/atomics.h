// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

/// One access to an atomic: a method that takes at least one memory ordering by its name.
struct AtomicAccess {
    enum class Kind { Load, Store, Modify, CompareExchange };
    rust::Call call;
    Kind kind = Kind::Load;
    std::string place;          ///< as written: "self.head", "HEAD"
    std::string_view ordering;  ///< "Relaxed" … ; of a compare_exchange the one on success
    std::string_view onFailure; ///< of compare_exchange, compare_exchange_weak and fetch_update; else empty

    bool acquires() const; ///< of a load or a successful change
    bool releases() const;
};

/// "Relaxed" of `Ordering::Relaxed`; empty for an argument that names no memory ordering.
std::string_view orderingOf(const rust::Node &argument);
/// The access that a call is; place is empty if it is none. An ordering that is a variable makes none.
AtomicAccess atomicAccess(const rust::Call &call);
/// Those at or below a node, in source order, nested bodies included.
std::vector<AtomicAccess> atomicAccessesIn(const rust::Node &node);
/// The file names a memory ordering: cheap, to be asked first.
bool hasAtomics(const rust::File &file);

/// The method has its object to itself: it takes `&mut self` or `mut self`.
bool takesMutSelf(const rust::Function &function);

/// The last name of a place: "head" of `self.inner.head`.
std::string fieldNameOf(std::string_view place);

} // namespace review::rules
