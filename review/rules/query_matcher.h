// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rules/query.h"
#include "review/rust/tree.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace review::rules {

/// The nodes that a query's captures stand for in one match; one list for each capture.
using QueryCaptures = std::vector<std::vector<rust::Node>>;

/// Finds the places of one tree that fit a query, in the order of its rules and of the text. Its work is
/// counted in steps, about one for each node looked at, and ends when they are used up: what it finds depends
/// on the text and the query alone, never on the clock.
class QueryMatcher {
public:
    using Take = std::function<void(const Query::Rule &, const QueryCaptures &)>;

    QueryMatcher(const Query &query, const rust::Tree &tree, std::size_t steps);
    /// Calls `take` for each match; predicates are the caller's business.
    void run(const Take &take);
    /// For what a match costs its taker; false when nothing is left.
    bool spend(std::size_t steps);
    /// The steps did not suffice: there may be more matches.
    bool isCut() const { return m_cut; }

private:
    class Next;
    /// The parts of a pattern, and the children of a node they are to fit.
    struct Siblings {
        const QueryPattern &pattern;
        const std::vector<rust::Node> &nodes;
    };

    void runRule(const Query::Rule &rule, const Take &take);
    std::vector<rust::Node> candidates(const QueryPattern &pattern) const;
    std::vector<rust::Node> parentsOf(const QueryPattern &group) const;
    void node(const QueryPattern &pattern, const rust::Node &node, const Next &next);
    void below(const QueryPattern &pattern, const rust::Node &node, const Next &next);
    void sequence(const Siblings &siblings, std::size_t part, std::size_t from, bool isRepeated,
                  const Next &next);
    void eachNode(const Siblings &siblings, std::size_t part, std::size_t from, bool isRepeated,
                  const Next &next);
    bool fits(const QueryPattern &pattern, const rust::Node &node);

    const Query &m_query;
    const rust::Tree &m_tree;
    std::size_t m_steps;
    std::size_t m_depth = 0;
    std::size_t m_matches = 0;
    bool m_cut = false;
    QueryCaptures m_captures;
};

} // namespace review::rules
