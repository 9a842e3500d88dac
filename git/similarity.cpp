// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/similarity.h"

#include <algorithm>
#include <cstring>

namespace git {

bool looksBinary(std::string_view bytes)
{
    constexpr std::size_t examined = 8000;
    return std::memchr(bytes.data(), '\0', std::min(bytes.size(), examined)) != nullptr;
}

namespace {

/// Two 32-bit words that rotate into each other by seven bits with each byte; their mix, modulo a prime of 17
/// bits.
class ChunkHash {
public:
    void add(unsigned char byte)
    {
        const std::uint32_t first = m_first;
        m_first = ((m_first << 7) ^ (m_second >> 25)) + byte;
        m_second = (m_second << 7) ^ (first >> 25);
    }

    std::uint32_t value() const { return (m_first + m_second * 97) % 107927; }

private:
    std::uint32_t m_first = 0;
    std::uint32_t m_second = 0;
};

} // namespace

Fingerprint::Fingerprint(std::string_view bytes)
{
    constexpr std::uint32_t maxChunk = 64;
    const bool text = !looksBinary(bytes);
    m_chunks.reserve(bytes.size() / 32 + 1);
    ChunkHash hash;
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (text && bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n')
            continue;
        hash.add(static_cast<unsigned char>(bytes[i]));
        if (++length < maxChunk && bytes[i] != '\n')
            continue;
        m_chunks.emplace_back(hash.value(), length);
        hash = {};
        length = 0;
    }
    if (length > 0)
        m_chunks.emplace_back(hash.value(), length);

    std::sort(m_chunks.begin(), m_chunks.end());
    std::size_t kept = 0;
    for (std::size_t i = 1; i < m_chunks.size(); ++i) {
        if (m_chunks[i].first == m_chunks[kept].first)
            m_chunks[kept].second += m_chunks[i].second;
        else
            m_chunks[++kept] = m_chunks[i];
    }
    if (!m_chunks.empty())
        m_chunks.resize(kept + 1);
    m_chunks.shrink_to_fit();
}

std::uint64_t Fingerprint::sharedBytes(const Fingerprint &other) const
{
    std::uint64_t shared = 0;
    auto right = other.m_chunks.begin();
    for (const auto &[hash, length] : m_chunks) {
        while (right != other.m_chunks.end() && right->first < hash)
            ++right;
        if (right == other.m_chunks.end())
            break;
        if (right->first == hash)
            shared += std::min(length, right->second);
    }
    return shared;
}

} // namespace git
