// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace review::rust {

/// Writes numbers, seven bits a byte.
class ByteWriter {
public:
    void number(std::uint64_t value)
    {
        for (; value >= 0x80; value >>= 7)
            m_bytes += static_cast<char>(value | 0x80);
        m_bytes += static_cast<char>(value);
    }
    /// A number that may be negative.
    void difference(std::int64_t value)
    {
        const auto bits = static_cast<std::uint64_t>(value);
        number(value < 0 ? ~bits << 1 | 1 : bits << 1);
    }
    std::string take() { return std::move(m_bytes); }

private:
    std::string m_bytes;
};

/// Reads what a ByteWriter wrote. Beyond the end, or where the bytes make no sense, it gives zeros
/// and is no longer ok().
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : m_rest(bytes) {}

    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (m_rest.empty())
                break;
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80)
                return value;
        }
        m_ok = false;
        return 0;
    }
    std::int64_t difference()
    {
        const std::uint64_t bits = number();
        return static_cast<std::int64_t>(bits & 1 ? ~(bits >> 1) : bits >> 1);
    }
    /// A number below `limit`.
    std::uint32_t below(std::uint64_t limit)
    {
        const std::uint64_t value = number();
        m_ok = m_ok && value < limit;
        return m_ok ? static_cast<std::uint32_t>(value) : 0;
    }
    /// How many things follow, each of at least one byte.
    std::size_t count() { return below(m_rest.size() + 1); }
    bool ok() const { return m_ok; }
    bool atEnd() const { return m_ok && m_rest.empty(); }

private:
    std::string_view m_rest;
    bool m_ok = true;
};

} // namespace review::rust
