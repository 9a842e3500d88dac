// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace review::rust {

/// The memory of one parse. While it lives, tree-sitter's blocks on this thread are cut from its chunks and,
/// given back, used again for others of their size; with it all are gone. A parse asks for hundreds of
/// thousands of blocks, and malloc would take a fourteenth of its time for other threads' sake. Tree-sitter's
/// objects are made and dropped within its life, one such memory at a time on a thread. Builds with the
/// address sanitizer, which is to see each block, leave tree-sitter to malloc.
class ParseMemory {
public:
    ParseMemory();
    ~ParseMemory();
    ParseMemory(const ParseMemory &) = delete;
    ParseMemory &operator=(const ParseMemory &) = delete;

    /// At least `size` bytes, aligned to eight.
    void *take(std::size_t size);
    /// Null is allowed, as for free().
    void giveBack(void *block);
    /// As realloc().
    void *grow(void *block, std::size_t size);

private:
    struct Header;
    struct Free {
        Free *next;
    };
    struct Chunk {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size = 0;
    };
    static constexpr std::size_t step = 16;
    static constexpr std::size_t steps = 32; ///< blocks of 16, 32 … 512 bytes, then of powers of two
    static std::size_t classOf(std::size_t size);
    static std::size_t sizeOf(std::size_t blockClass);
    static std::vector<Chunk> &spareChunks();
    void addChunk(std::size_t size);

    std::array<Free *, steps + 32> m_free{}; ///< by class
    std::byte *m_next = nullptr;             ///< what is left of the last chunk
    std::byte *m_end = nullptr;
    std::vector<Chunk> m_chunks;
};

} // namespace review::rust
