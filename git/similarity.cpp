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

Fingerprint::Fingerprint(std::string_view bytes)
{
    constexpr std::uint64_t seed = 0xCBF29CE484222325u;
    constexpr std::uint64_t prime = 0x100000001B3u;
    constexpr std::uint64_t maxChunk = 64;
    const bool text = !looksBinary(bytes);
    m_chunks.reserve(bytes.size() / 32 + 1);
    std::uint64_t hash = seed;
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (text && bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n')
            continue;
        hash = (hash ^ static_cast<unsigned char>(bytes[i])) * prime;
        if (++length < maxChunk && bytes[i] != '\n')
            continue;
        m_chunks.emplace_back(hash, length);
        hash = seed;
        length = 0;
    }
    if (length > 0)
        m_chunks.emplace_back(hash, length);

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
