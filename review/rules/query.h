// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace review::rules {

/// One node pattern of a query and what must stand below it.
struct QueryPattern {
    enum class Kind {
        Node,   ///< `(call_expression …)`
        Any,    ///< `_`: any node
        Named,  ///< `(_)`: any named node
        Token,  ///< `"unsafe"`
        Choice, ///< `[ … ]`: one of `parts`
        Group   ///< `( … … )`: `parts` stand one after the other below one node
    };
    enum class Times { One, Optional, Any, AtLeastOne };

    Kind kind = Kind::Node;
    Times times = Times::One;
    std::string name;                ///< the node's kind, or the token
    std::string field;               ///< of the node in its parent; empty: any
    std::vector<QueryPattern> parts; ///< in order
    std::vector<std::string> absent; ///< `!field`
    bool isAnchored = false;         ///< `.` before it: nothing named stands between it and the one before
    bool isEndAnchored = false;      ///< `.` after the last part: nothing named follows
    std::vector<std::size_t> captures;
};

/// `(#in-async? @call)`. `arguments` are the texts after the capture.
struct QueryPredicate {
    std::string name; ///< without `#`, `not-` and `?`
    bool isNegated = false;
    std::size_t capture = 0;
    std::vector<std::string> arguments;
    std::vector<std::size_t> others; ///< captures after the first, for `#eq?`
};

/// A query in tree-sitter's language, matched on our own trees (so that it sees into macros) and bounded.
/// What it can say stands in review/rules/TEAM_RULES.md.
struct Query {
    struct Rule {
        QueryPattern pattern;
        std::vector<QueryPredicate> predicates;
    };
    std::vector<Rule> rules; ///< a place matches when one of them does
    std::vector<std::string> captures;
    std::size_t at = 0; ///< the capture `@at`: where the finding is

    static constexpr std::size_t maxBytes = 8 * 1024;
    static constexpr std::size_t maxPatterns = 400; ///< node patterns, of all rules together
    static constexpr std::size_t maxDepth = 24;
};

/// What is wrong with a query, and where: 0-based line and byte column.
struct QueryMistake {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string what;
};

/// Reads a query; the first mistake ends it. `mistake.what` is empty when there is none. Costs what the
/// text's length costs.
Query readQuery(std::string_view text, QueryMistake &mistake);

} // namespace review::rules
