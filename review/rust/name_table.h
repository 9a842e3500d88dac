// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/declared_names.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace review::rust {

/// Which files declare a name, by the numbers of the files. Built once, then only read.
class NameTable {
public:
    struct Place {
        NameKey key = 0;
        std::uint32_t file = 0;
    };

    /// What each file declares, the files in the order of their numbers. Sorts by counting.
    void build(std::span<const DeclaredNames *const> files);
    /// The files that declare it, ascending.
    std::span<const Place> find(Declared kind, std::string_view name) const;

private:
    std::vector<std::uint32_t> m_starts; ///< of the places whose keys have the same first bits
    std::vector<Place> m_places;         ///< by key, then by file
    unsigned m_shift = 63;
};

/// The files that are in both, ascending.
std::vector<std::uint32_t> inBoth(std::span<const NameTable::Place> one,
                                  std::span<const NameTable::Place> other);

} // namespace review::rust
