// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/in_place.h"

#include <algorithm>
#include <array>

namespace review::rust {

bool callsInPlace(std::string_view method)
{
    constexpr std::array<std::string_view, 62> methods{"map",
                                                       "map_err",
                                                       "and_then",
                                                       "or_else",
                                                       "unwrap_or_else",
                                                       "for_each",
                                                       "filter",
                                                       "filter_map",
                                                       "find",
                                                       "find_map",
                                                       "any",
                                                       "all",
                                                       "fold",
                                                       "try_fold",
                                                       "try_for_each",
                                                       "position",
                                                       "flat_map",
                                                       "retain",
                                                       "retain_mut",
                                                       "sort_by",
                                                       "sort_by_key",
                                                       "sort_unstable_by",
                                                       "sort_unstable_by_key",
                                                       "dedup_by_key",
                                                       "max_by_key",
                                                       "min_by_key",
                                                       "max_by",
                                                       "min_by",
                                                       "partition",
                                                       "take_while",
                                                       "skip_while",
                                                       "map_while",
                                                       "inspect",
                                                       "scan",
                                                       "then",
                                                       "is_some_and",
                                                       "is_ok_and",
                                                       "is_none_or",
                                                       "map_or",
                                                       "map_or_else",
                                                       "ok_or_else",
                                                       "or_insert_with",
                                                       "and_modify",
                                                       "get_or_insert_with",
                                                       "get_or_init",
                                                       "with",
                                                       "with_borrow",
                                                       "with_borrow_mut",
                                                       "update",
                                                       "fetch_update",
                                                       "binary_search_by",
                                                       "partition_point",
                                                       "unwrap_or_default",
                                                       "inspect_err",
                                                       "rposition",
                                                       "drain_filter",
                                                       "extract_if",
                                                       "chunk_by",
                                                       "sum",
                                                       "try_with",
                                                       "entry_or_insert_with",
                                                       "insert_with"};
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

} // namespace review::rust
