// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace git {

/// What a file's bytes are made of: the hashes of its chunks (a line, or 64 bytes of a longer one; a CR
/// before LF does not count in text) with the bytes in each. Sorted by hash.
class Fingerprint {
public:
    explicit Fingerprint(std::string_view bytes);

    /// The bytes of this file that are in the other one too.
    std::uint64_t sharedBytes(const Fingerprint &other) const;
    /// How many different chunks it holds: each takes 8 bytes of memory.
    std::size_t size() const { return m_chunks.size(); }

private:
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_chunks;
};

/// Git's test: a NUL among the first 8000 bytes.
bool looksBinary(std::string_view bytes);

} // namespace git
