// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/parse_memory.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

namespace review::rust {
namespace {

constexpr std::size_t chunkBytes = 1u << 20;
/// So many a thread keeps for its next parse: they are in the processor's cache already.
constexpr std::size_t keptChunks = 8;

constinit thread_local ParseMemory *current = nullptr;

#ifdef __SANITIZE_ADDRESS__
void serveTreeSitter() {}
#else
void serveTreeSitter()
{
    ts_set_allocator([](std::size_t size) { return current->take(size); },
                     [](std::size_t count, std::size_t size) {
                         return std::memset(current->take(count * size), 0, count * size);
                     },
                     [](void *block, std::size_t size) { return current->grow(block, size); },
                     [](void *block) { current->giveBack(block); });
}
#endif

} // namespace

/// Stands before a block.
struct ParseMemory::Header {
    std::uint64_t blockClass;

    static Header &of(void *block) { return *(static_cast<Header *>(block) - 1); }
};

ParseMemory::ParseMemory()
{
    [[maybe_unused]] static const bool isServing = (serveTreeSitter(), true);
    current = this;
}

ParseMemory::~ParseMemory()
{
    current = nullptr;
    std::vector<Chunk> &kept = spareChunks();
    for (Chunk &chunk : m_chunks) {
        if (chunk.size == chunkBytes && kept.size() < keptChunks)
            kept.push_back(std::move(chunk));
    }
}

std::size_t ParseMemory::classOf(std::size_t size)
{
    if (size <= step * steps)
        return size == 0 ? 0 : (size - 1) / step;
    return steps + static_cast<std::size_t>(std::bit_width(size - 1) - std::bit_width(step * steps));
}

std::size_t ParseMemory::sizeOf(std::size_t blockClass)
{
    return blockClass < steps ? (blockClass + 1) * step : (step * steps) << (blockClass - steps + 1);
}

std::vector<ParseMemory::Chunk> &ParseMemory::spareChunks()
{
    thread_local std::vector<Chunk> chunks;
    return chunks;
}

void ParseMemory::addChunk(std::size_t size)
{
    std::vector<Chunk> &kept = spareChunks();
    if (size <= chunkBytes && !kept.empty()) {
        m_chunks.push_back(std::move(kept.back()));
        kept.pop_back();
    } else {
        const std::size_t bytes = std::max(size, chunkBytes);
        m_chunks.push_back({std::unique_ptr<std::byte[]>(new std::byte[bytes]), bytes});
    }
    m_next = m_chunks.back().bytes.get();
    m_end = m_next + m_chunks.back().size;
}

void *ParseMemory::take(std::size_t size)
{
    const std::size_t blockClass = classOf(size);
    if (Free *&first = m_free[blockClass])
        return std::exchange(first, first->next);
    const std::size_t bytes = sizeof(Header) + sizeOf(blockClass);
    if (static_cast<std::size_t>(m_end - m_next) < bytes)
        addChunk(bytes);
    auto *header = new (m_next) Header{blockClass};
    m_next += bytes;
    return header + 1;
}

void ParseMemory::giveBack(void *block)
{
    if (!block)
        return;
    Free *&first = m_free[Header::of(block).blockClass];
    first = new (block) Free{first};
}

void *ParseMemory::grow(void *block, std::size_t size)
{
    const std::size_t before = block ? sizeOf(Header::of(block).blockClass) : 0;
    if (block && before >= size)
        return block;
    void *larger = take(size);
    if (block)
        std::memcpy(larger, block, before);
    giveBack(block);
    return larger;
}

} // namespace review::rust
