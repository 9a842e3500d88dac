// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/diff/page.h"

#include <QString>

#include <stop_token>
#include <vector>

namespace ui {

struct SearchQuery {
    QString pattern;
    bool matchCase = false;
    bool isRegularExpression = false;

    bool operator==(const SearchQuery &) const = default;
};

/// A hit in a line; `bytes` are within the line.
struct SearchHit {
    std::uint32_t row = 0;
    git::Side side = git::Side::New;
    git::ByteRange bytes;

    bool operator==(const SearchHit &) const = default;
};

struct SearchResult {
    std::vector<SearchHit> hits; ///< by row, the old side first
    bool complete = true;        ///< false: there are more than maxHits
    QString error;               ///< why the expression can't be used; empty if it can

    static constexpr std::size_t maxHits = 50'000;
};

/// Looks for the pattern in the lines of both sides, never across line ends, in gaps or in marks. An
/// unchanged row counts once, as its new side. Linear; checks `stop` at each row.
SearchResult search(const DiffPage &page, const SearchQuery &query, const std::stop_token &stop);

} // namespace ui
