// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/similar_name.h"

#include <algorithm>

namespace review::rules {

namespace {

/// Levenshtein's distance: how many letters to insert, drop or change.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t before = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = before + (a[i - 1] == b[j - 1] ? 0 : 1);
            before = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

} // namespace

std::string didYouMean(std::string_view name, const std::vector<std::string_view> &names)
{
    constexpr std::size_t longest = 48;
    if (name.empty() || name.size() > longest || name.front() == '_')
        return {};
    std::string_view best;
    std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string_view known : names) {
        // `_expression` and the like are parts of the grammar that no tree shows.
        if (known == name || known.size() < 2 || known.size() > longest || known.front() == '_')
            continue;
        // What only ends sooner is meant more often than what is spelled otherwise.
        const std::size_t far = known.starts_with(name) ? 1 : distance(name, known);
        if (far < least) {
            least = far;
            best = known;
        }
    }
    return best.empty() ? std::string() : "; did you mean `" + std::string(best) + "`?";
}

} // namespace review::rules
