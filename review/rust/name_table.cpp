// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/name_table.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace review::rust {

void NameTable::build(std::span<const DeclaredNames *const> files)
{
    std::size_t count = 0;
    for (const DeclaredNames *file : files)
        count += file->keys.size();
    const auto bits = static_cast<unsigned>(std::bit_width(count)) + 1; // a bucket for each key and more
    m_shift = 64 - bits;
    m_starts.assign((std::size_t{1} << bits) + 1, 0);
    for (const DeclaredNames *file : files) {
        for (const NameKey key : file->keys)
            ++m_starts[(key >> m_shift) + 1];
    }
    for (std::size_t i = 1; i < m_starts.size(); ++i)
        m_starts[i] += m_starts[i - 1];
    m_places.resize(count);
    std::vector<std::uint32_t> next(m_starts.begin(), m_starts.end() - 1);
    for (std::uint32_t file = 0; file < files.size(); ++file) {
        for (const NameKey key : files[file]->keys)
            m_places[next[key >> m_shift]++] = {key, file};
    }
    for (std::size_t bucket = 0; bucket + 1 < m_starts.size(); ++bucket) {
        if (m_starts[bucket + 1] - m_starts[bucket] > 1)
            std::sort(m_places.begin() + m_starts[bucket], m_places.begin() + m_starts[bucket + 1],
                      [](const Place &a, const Place &b) {
                          return std::pair(a.key, a.file) < std::pair(b.key, b.file);
                      });
    }
}

std::span<const NameTable::Place> NameTable::find(Declared kind, std::string_view name) const
{
    if (m_places.empty())
        return {};
    const NameKey key = keyOf(kind, name);
    const auto bucket = m_places.begin() + m_starts[key >> m_shift];
    const auto end = m_places.begin() + m_starts[(key >> m_shift) + 1];
    const auto [first, last] = std::equal_range(bucket, end, Place{key, 0},
                                                [](const Place &a, const Place &b) { return a.key < b.key; });
    return {first, last};
}

std::vector<std::uint32_t> inBoth(std::span<const NameTable::Place> one,
                                  std::span<const NameTable::Place> other)
{
    if (one.size() > other.size())
        std::swap(one, other);
    std::vector<std::uint32_t> both;
    for (const NameTable::Place &place : one) {
        const bool has = std::binary_search(
            other.begin(), other.end(), place,
            [](const NameTable::Place &a, const NameTable::Place &b) { return a.file < b.file; });
        if (has)
            both.push_back(place.file);
    }
    return both;
}

} // namespace review::rust
