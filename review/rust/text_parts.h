// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

namespace review::rust {

/// Looks for words in one text: searches only where the word's parts of four bytes all occur, which is worked
/// out at the first question. 8 KiB. May be asked by several threads.
class TextParts {
public:
    /// `text` is the same each time.
    bool contains(std::string_view text, std::string_view word);

private:
    std::once_flag m_isBuilt;
    std::vector<std::uint64_t> m_parts; ///< a bit for the hash of each four bytes of the text
};

} // namespace review::rust
