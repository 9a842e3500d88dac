// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/wide_language.h"

#include <tree-sitter/lib/src/parser.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

extern "C" const TSLanguage *tree_sitter_rust();

namespace review::rust {
namespace {

class WideLanguage {
public:
    explicit WideLanguage(const TSLanguage &narrow)
        : m_language(narrow)
        , m_table(std::size_t(narrow.state_count) * narrow.symbol_count)
    {
        const std::size_t wide = std::size_t(narrow.large_state_count) * narrow.symbol_count;
        std::copy_n(narrow.parse_table, wide, m_table.begin());
        auto row = m_table.begin() + static_cast<std::ptrdiff_t>(wide);
        for (std::uint32_t state = narrow.large_state_count; state < narrow.state_count; ++state) {
            spread(narrow.small_parse_table + narrow.small_parse_table_map[state - narrow.large_state_count],
                   row);
            row += narrow.symbol_count;
        }
        m_language.parse_table = m_table.data();
        m_language.large_state_count = narrow.state_count;
    }
    const TSLanguage *language() const { return &m_language; }

private:
    /// A small state's groups: their number, and for each its action, the number of its symbols, and these.
    static void spread(const std::uint16_t *groups, std::vector<std::uint16_t>::iterator row)
    {
        for (std::uint16_t left = *groups++; left > 0; --left) {
            const std::uint16_t action = *groups++;
            for (std::uint16_t symbols = *groups++; symbols > 0; --symbols)
                row[*groups++] = action;
        }
    }

    TSLanguage m_language;
    std::vector<std::uint16_t> m_table; ///< a row for each state, a column for each symbol
};

} // namespace

const TSLanguage *wideLanguage()
{
    static const WideLanguage wide(*tree_sitter_rust());
    return wide.language();
}

} // namespace review::rust
